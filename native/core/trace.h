#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace minirun {

/** Nanoseconds on CLOCK_MONOTONIC. */
int64_t monotonic_ns();

/**
 * What became of one step of the plan. Rows live in shared memory, or in a file that other programs map, and
 * the child writes its own: so they hold no pointers.
 */
struct TraceRow {
  enum State : uint32_t { pending, running, done };

  std::atomic<uint32_t> state;
  int32_t code;  ///< errno of the call that failed
  int64_t start_ns;
  int64_t end_ns;
  char call[32];  ///< the call that failed; empty as long as none has
  char note[192];

  void begin();
  /** `failed_call` is null for a step that succeeded. */
  void end(const char* failed_call, int failed_code);
  /** Keeps the first sizeof note - 1 bytes of what is known about a failure. */
  void annotate(std::string_view text);
  bool failed() const { return state == done && call[0] != '\0'; }
};

/** What a trace begins with. */
struct TraceHeader {
  char magic[16];
  uint32_t rows;
  uint32_t row_bytes;  ///< sizeof(TraceRow) of the program that wrote it
  int64_t origin_ns;   ///< what the rows' times are counted from, for people
};

/**
 * The rows of one plan, in memory that is shared: the child of a clone writes to it, the host reads it, and a
 * killed child loses nothing.
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
  TraceRow& row(size_t index) { return reinterpret_cast<TraceRow*>(header_ + 1)[index]; }
  const TraceRow& row(size_t index) const { return reinterpret_cast<const TraceRow*>(header_ + 1)[index]; }
  /** Of header and rows. */
  size_t bytes() const { return bytes_; }

  static constexpr char kMagic[] = "minirun trace 1";

 private:
  TraceHeader* header_ = nullptr;
  size_t bytes_ = 0;
};

}  // namespace minirun
