#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace minirun {

/** Nanoseconds on CLOCK_MONOTONIC. */
int64_t monotonic_ns();

/** What a step has to say about itself when it fails. It holds no pointers, as other processes read it. */
struct TraceRow {
  enum State : uint32_t { pending, running, done };

  char call[32];  ///< the call that failed; empty as long as none has
  char note[192];

  /** Keeps the first sizeof note - 1 bytes of what is known about a failure. */
  void annotate(std::string_view text);
  bool failed() const { return call[0] != '\0'; }
};

/** How far one step of the plan is, and when it was there. */
struct TraceTimes {
  std::atomic<uint32_t> state;  ///< TraceRow::State
  int32_t code;                 ///< errno of the call that failed
  int64_t start_ns;
  int64_t end_ns;

  void begin(int64_t now_ns);
  void end(int64_t now_ns, int failed_code);
};

/** What a trace begins with. */
struct TraceHeader {
  char magic[16];
  uint32_t rows;
  uint32_t row_bytes;  ///< of times and row together, in the program that wrote it
  int64_t origin_ns;   ///< what the rows' times are counted from, for people
};

/**
 * The rows of one plan, in memory that is shared, or in a file that other programs map: the child of a clone
 * writes to it, the host reads it, and a killed child loses nothing.
 *
 * The times of all steps come first and close together, the rows behind them: as long as nothing fails a
 * start touches a single page, and a page that is touched is what a trace costs most.
 */
class Trace {
 public:
  /** With a `file`, an empty one that is open for reading and writing, the trace is its first bytes
   * (trace_file.h reads it). */
  explicit Trace(size_t rows, int file = -1);
  Trace(const Trace&) = delete;
  Trace& operator=(const Trace&) = delete;
  ~Trace();

  bool mapped() const { return header_ != nullptr; }
  TraceHeader& header() { return *header_; }
  const TraceHeader& header() const { return *header_; }
  TraceTimes& times(size_t index) { return reinterpret_cast<TraceTimes*>(header_ + 1)[index]; }
  const TraceTimes& times(size_t index) const {
    return reinterpret_cast<const TraceTimes*>(header_ + 1)[index];
  }
  TraceRow& row(size_t index) { return reinterpret_cast<TraceRow*>(&times(header_->rows))[index]; }
  const TraceRow& row(size_t index) const {
    return reinterpret_cast<const TraceRow*>(&times(header_->rows))[index];
  }
  /** Of header, times and rows. */
  size_t bytes() const { return bytes_of(header_->rows); }

  static constexpr char kMagic[] = "minirun trace 2";
  static constexpr size_t kRowBytes = sizeof(TraceTimes) + sizeof(TraceRow);
  static size_t bytes_of(size_t rows) { return sizeof(TraceHeader) + rows * kRowBytes; }

 private:
  TraceHeader* header_ = nullptr;
};

}  // namespace minirun
