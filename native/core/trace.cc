#include "core/trace.h"

#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

namespace minirun {
namespace {

void keep(std::string_view text, char* place, size_t size) {
  size_t length = std::min(text.size(), size - 1);
  std::memcpy(place, text.data(), length);
  place[length] = '\0';
}

}  // namespace

int64_t monotonic_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

void TraceRow::begin() {
  start_ns = monotonic_ns();
  state.store(running, std::memory_order_release);
}

void TraceRow::end(const char* failed_call, int failed_code) {
  end_ns = monotonic_ns();
  code = failed_code;
  if (failed_call != nullptr) keep(failed_call, call, sizeof call);
  state.store(done, std::memory_order_release);
}

void TraceRow::annotate(std::string_view text) {
  keep(text, note, sizeof note);
}

Trace::Trace(size_t rows, int file) : bytes_(sizeof(TraceHeader) + rows * sizeof(TraceRow)) {
  // New memory is zeroed, as is what a file grows by, and zero is a valid pending row.
  if (file >= 0 && ::ftruncate(file, static_cast<off_t>(bytes_)) < 0) return;
  int flags = MAP_SHARED | MAP_POPULATE | (file < 0 ? MAP_ANONYMOUS : 0);
  void* memory = ::mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, flags, file, 0);
  if (memory == MAP_FAILED) return;
  header_ = static_cast<TraceHeader*>(memory);
  std::memcpy(header_->magic, kMagic, sizeof kMagic);
  header_->rows = static_cast<uint32_t>(rows);
  header_->row_bytes = sizeof(TraceRow);
}

Trace::~Trace() {
  if (header_ != nullptr) ::munmap(header_, bytes_);
}

}  // namespace minirun
