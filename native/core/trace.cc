#include "core/trace.h"

#include <sys/mman.h>
#include <time.h>

#include <algorithm>
#include <cstring>

namespace minirun {

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
  call = failed_call;
  code = failed_code;
  state.store(done, std::memory_order_release);
}

void TraceRow::annotate(std::string_view text) {
  size_t length = std::min(text.size(), sizeof note - 1);
  std::memcpy(note, text.data(), length);
  note[length] = '\0';
}

Trace::Trace(size_t rows) : bytes_(rows * sizeof(TraceRow)) {
  // Anonymous shared memory is zeroed, and zero is a valid pending row.
  void* memory = ::mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory != MAP_FAILED) rows_ = static_cast<TraceRow*>(memory);
}

Trace::~Trace() {
  if (rows_ != nullptr) ::munmap(rows_, bytes_);
}

}  // namespace minirun
