#include "shim/client.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

namespace minirun::shim {
namespace {

constexpr size_t kLargestOutput = size_t{32} * 1024;

}  // namespace

bool Client::receive() {
  char buffer[65536];
  ssize_t length = ::recv(fd(), buffer, sizeof buffer, MSG_DONTWAIT);
  if (length < 0) return errno == EAGAIN || errno == EINTR;
  parser_.feed({buffer, static_cast<size_t>(length)});
  return length > 0;
}

bool Client::flush() {
  size_t sent = 0;
  bool sound = true;
  while (sent < pending_.size()) {
    ssize_t length =
        ::send(fd(), pending_.data() + sent, pending_.size() - sent, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (length < 0 && errno == EINTR) continue;
    if (length < 0) {
      sound = errno == EAGAIN;
      break;
    }
    sent += static_cast<size_t>(length);
  }
  pending_.erase(0, sent);
  return sound;
}

void Client::attach(uint64_t offset, bool writable) {
  attached_ = true;
  writable_ = writable;
  next_ = offset;
}

Client::Progress Client::send_output(const Ring& ring) {
  bool jumped = false;
  while (flush() && pending_.empty()) {
    if (next_ < ring.begin()) {
      std::string range =
          "{\"from\":" + std::to_string(next_) + ",\"to\":" + std::to_string(ring.begin()) + "}";
      queue(Opcode::gap, range);
      next_ = ring.begin();
      jumped = true;
      continue;
    }
    if (next_ == ring.end()) return jumped ? Progress::jumped : Progress::caught_up;
    size_t limit = std::min<uint64_t>(kLargestOutput, window_.room());
    if (limit == 0) return jumped ? Progress::jumped : Progress::blocked;
    Ring::Chunk chunk = ring.read(next_, limit);
    std::string payload;
    put(payload, next_);
    payload.append(chunk.bytes);
    queue(chunk.stream == Stream::error ? Opcode::error_output : Opcode::output, payload);
    window_.sent(next_, next_ + chunk.bytes.size());
    next_ += chunk.bytes.size();
  }
  if (pending_.empty()) return Progress::broken;
  return jumped ? Progress::jumped : Progress::blocked;
}

}  // namespace minirun::shim
