#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace minirun {

/** Nanoseconds on CLOCK_MONOTONIC. */
int64_t monotonic_ns();

/**
 * What became of one step of the plan. Rows live in shared memory and the child writes its own, so they hold
 * no pointers to the heap; `call` points at a string literal, which lies at the same address on both sides of
 * the clone.
 */
struct TraceRow {
  enum State : uint32_t { pending, running, done };

  std::atomic<uint32_t> state;
  int32_t code;
  int64_t start_ns;
  int64_t end_ns;
  const char* call;
  char note[200];

  void begin();
  void end(const char* failed_call, int failed_code);
  /** Keeps the first sizeof note - 1 bytes of what is known about a failure. */
  void annotate(std::string_view text);
};

/** A MAP_SHARED array of rows: the child of a clone writes to it, the host reads it, and a killed child loses
 * nothing. */
class Trace {
 public:
  explicit Trace(size_t rows);
  Trace(const Trace&) = delete;
  Trace& operator=(const Trace&) = delete;
  ~Trace();

  bool mapped() const { return rows_ != nullptr; }
  TraceRow& row(size_t index) { return rows_[index]; }
  const TraceRow& row(size_t index) const { return rows_[index]; }

 private:
  TraceRow* rows_ = nullptr;
  size_t bytes_ = 0;
};

}  // namespace minirun
