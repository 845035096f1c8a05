#include "core/map_ahead.h"

#include <link.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>

namespace minirun {
namespace {

// The smallest: where pages are larger the kernel may refuse, and nothing is lost.
constexpr uintptr_t kPage = 4096;
constexpr size_t kStackBytes = size_t{24} * 1024;
constexpr size_t kHeapBytes = size_t{80} * 1024;  // a start writes to some twenty pages

uintptr_t page_of(const void* place) {
  return reinterpret_cast<uintptr_t>(place) & ~(kPage - 1);
}

void populate(uintptr_t from, uintptr_t end, int how) {
  if (from < end) ::madvise(reinterpret_cast<void*>(from), end - from, how);
}

}  // namespace

void map_ahead(const void* from, size_t bytes) {
  populate(page_of(from), page_of(static_cast<const char*>(from) + bytes - 1) + kPage, MADV_POPULATE_WRITE);
}

void map_code_ahead() {
  auto* segments = reinterpret_cast<const ElfW(Phdr)*>(::getauxval(AT_PHDR));
  if (segments == nullptr) return;
  uintptr_t program = page_of(segments);  // they stand in its first page
  const ElfW(Phdr)* first = nullptr;
  for (size_t i = 0; i < ::getauxval(AT_PHNUM); ++i) {
    const ElfW(Phdr)& one = segments[i];
    if (one.p_type != PT_LOAD) continue;
    if (first == nullptr) first = &one;
    uintptr_t begin = program + (one.p_vaddr - first->p_vaddr);
    if ((one.p_flags & PF_X) != 0) populate(begin & ~(kPage - 1), begin + one.p_memsz, MADV_POPULATE_READ);
  }
}

void map_stack_ahead() {
  const char* here = static_cast<const char*>(__builtin_frame_address(0));
  map_ahead(here - kStackBytes, kStackBytes);
}

void map_heap_ahead() {
  void* newest = std::malloc(1);
  uintptr_t from = page_of(newest);
  populate(from, std::min(from + kHeapBytes, page_of(::sbrk(0))), MADV_POPULATE_WRITE);
  std::free(newest);
}

}  // namespace minirun
