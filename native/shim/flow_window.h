#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>

namespace minirun::shim {

/** What a client was sent and has not acknowledged, in bytes; what fell into a gap was not sent and doesn't
 * count. */
class FlowWindow {
 public:
  explicit FlowWindow(uint64_t limit) : limit_(limit) {}

  /** How many bytes may be sent now. */
  uint64_t room() const { return limit_ - std::min(limit_, outstanding_); }

  void sent(uint64_t from, uint64_t to) {
    outstanding_ += to - from;
    if (!spans_.empty() && spans_.back().to == from) {
      spans_.back().to = to;
    } else {
      spans_.push_back({from, to});
    }
  }

  /** Everything before `offset` has been consumed. */
  void acknowledge(uint64_t offset) {
    while (!spans_.empty() && spans_.front().from < offset) {
      Span& span = spans_.front();
      uint64_t until = std::min(span.to, offset);
      outstanding_ -= until - span.from;
      span.from = until;
      if (span.from < span.to) return;
      spans_.pop_front();
    }
  }

 private:
  struct Span {
    uint64_t from;
    uint64_t to;
  };

  uint64_t limit_;
  uint64_t outstanding_ = 0;
  std::deque<Span> spans_;
};

}  // namespace minirun::shim
