#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string_view>

namespace minirun::shim {

/** Which of the container's streams a byte came from. The numbers are those of the log. */
enum class Stream : uint8_t { output = 1, error = 2 };

/**
 * The last bytes that a container wrote, both streams in the order in which they were read, in one offset
 * space. Memory is bounded: a fixed buffer, and a fixed number of changes between the streams.
 */
class Ring {
 public:
  /** `start` is the offset of the first byte that will be appended: where the log of an earlier run ended. */
  Ring(size_t capacity, uint64_t start);

  void append(Stream stream, std::string_view bytes);

  uint64_t begin() const { return segments_.empty() ? end_ : segments_.front().begin; }
  uint64_t end() const { return end_; }

  struct Chunk {
    Stream stream;
    std::string_view bytes;
  };
  /** Up to `limit` bytes of one stream from `offset`, which lies in [begin, end). Valid until the next
   * append. */
  Chunk read(uint64_t offset, size_t limit) const;

 private:
  struct Segment {
    uint64_t begin;
    Stream stream;
  };
  void copy_in(std::string_view bytes);
  void forget_before(uint64_t offset);

  size_t capacity_;
  std::unique_ptr<char[]> buffer_;  ///< not initialized: pages that were never written to take no memory
  uint64_t end_;
  std::deque<Segment> segments_;  ///< runs of one stream; each ends where the next begins
};

}  // namespace minirun::shim
