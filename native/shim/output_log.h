#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.h"
#include "core/spec.h"
#include "core/unique_fd.h"
#include "shim/ring.h"

namespace minirun::shim {

/**
 * A container's output on disk: records of u64 offset, u64 time (ns, CLOCK_REALTIME), u32 length, u8 stream,
 * three zero bytes, then the bytes; big-endian. Stream 3 is no output: its bytes are the
 * terminal's size from then on, u16 columns and u16 rows, and take no room among the offsets. The offsets go
 * on over restarts of the container. A file that has reached its size becomes output.log.1, that one .2, and
 * so on; the oldest goes.
 */
class OutputLog {
 public:
  static constexpr size_t kRecordHeader = 24;

  OutputLog(std::string path, uint64_t max_bytes, unsigned files)
      : path_(std::move(path)), max_bytes_(max_bytes), files_(files) {}

  /** Opens the log where an earlier run left it: finds the end, and cuts off a record that was torn by a
   * crash. */
  Status open();

  /** The offset of the next byte. */
  uint64_t end() const { return end_; }

  /**
   * Appends one record. When the disk is full the record is left out whole: the container goes on, and the
   * next record's offset tells the reader what is missing.
   */
  void append(Stream stream, std::string_view bytes);
  /** Appends the terminal's size, so that the output can be replayed as it was seen. */
  void append_size(TerminalSize size);

 private:
  void write_record(uint8_t stream, std::string_view bytes);
  Status open_file();
  void rotate();
  std::string rotated(unsigned number) const { return path_ + "." + std::to_string(number); }

  std::string path_;
  uint64_t max_bytes_;
  unsigned files_;
  UniqueFd file_;
  uint64_t size_ = 0;
  uint64_t end_ = 0;
  std::string terminal_size_;  ///< as in the last record of one; empty before the first
};

/** What a scan of a log file found: whole records up to `size` bytes, the last of which ends at offset `end`.
 */
struct LogScan {
  uint64_t size = 0;
  uint64_t end = 0;
};
LogScan scan_log(std::string_view content);

}  // namespace minirun::shim
