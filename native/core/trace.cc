#include "core/trace.h"

#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "core/map_ahead.h"

namespace minirun {

int64_t monotonic_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

void TraceRow::annotate(std::string_view text) {
  size_t length = std::min(text.size(), sizeof note - 1);
  std::memcpy(note, text.data(), length);
  note[length] = '\0';
}

void TraceTimes::begin(int64_t now_ns) {
  start_ns = now_ns;
  state.store(TraceRow::running, std::memory_order_release);
}

void TraceTimes::end(int64_t now_ns, int failed_code) {
  end_ns = now_ns;
  code = failed_code;
  state.store(TraceRow::done, std::memory_order_release);
}

Trace::Trace(size_t rows, int file) {
  // New memory is zeroed, as is what a file grows by, and zero is a valid pending step.
  size_t bytes = bytes_of(rows);
  if (file >= 0 && ::ftruncate(file, static_cast<off_t>(bytes)) < 0) return;
  int flags = MAP_SHARED | (file < 0 ? MAP_ANONYMOUS : 0);
  void* memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, flags, file, 0);
  if (memory == MAP_FAILED) return;
  map_ahead(memory, sizeof(TraceHeader) + rows * sizeof(TraceTimes));
  header_ = static_cast<TraceHeader*>(memory);
  std::memcpy(header_->magic, kMagic, sizeof kMagic);
  header_->rows = static_cast<uint32_t>(rows);
  header_->row_bytes = kRowBytes;
}

Trace::~Trace() {
  if (header_ != nullptr) ::munmap(header_, bytes());
}

}  // namespace minirun
