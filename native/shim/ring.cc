#include "shim/ring.h"

#include <algorithm>

namespace minirun::shim {
namespace {

constexpr size_t kMostSegments = 65536;

}  // namespace

Ring::Ring(size_t capacity, uint64_t start)
    : capacity_(capacity), buffer_(std::make_unique_for_overwrite<char[]>(capacity)), end_(start) {}

void Ring::append(Stream stream, std::string_view bytes) {
  if (bytes.empty()) return;
  if (segments_.empty() || segments_.back().stream != stream) segments_.push_back({end_, stream});
  copy_in(bytes);
  if (end_ > capacity_) forget_before(end_ - capacity_);
  if (segments_.size() > kMostSegments) segments_.pop_front();
}

Ring::Chunk Ring::read(uint64_t offset, size_t limit) const {
  auto after = std::upper_bound(segments_.begin(), segments_.end(), offset,
                                [](uint64_t value, const Segment& segment) { return value < segment.begin; });
  uint64_t segment_end = after == segments_.end() ? end_ : after->begin;
  size_t at = offset % capacity_;
  size_t length = std::min({limit, static_cast<size_t>(segment_end - offset), capacity_ - at});
  return {std::prev(after)->stream, std::string_view(buffer_.get() + at, length)};
}

void Ring::copy_in(std::string_view bytes) {
  while (!bytes.empty()) {
    size_t at = end_ % capacity_;
    size_t length = std::min(bytes.size(), capacity_ - at);
    std::copy_n(bytes.data(), length, buffer_.get() + at);
    end_ += length;
    bytes.remove_prefix(length);
  }
}

void Ring::forget_before(uint64_t offset) {
  while (segments_.size() > 1 && segments_[1].begin <= offset) segments_.pop_front();
  segments_.front().begin = std::max(segments_.front().begin, offset);
}

}  // namespace minirun::shim
