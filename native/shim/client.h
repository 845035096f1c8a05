#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/spec.h"
#include "core/unique_fd.h"
#include "shim/flow_window.h"
#include "shim/frame.h"
#include "shim/ring.h"

namespace minirun::shim {

/** One connection on shim.sock: its socket, what is half received and half sent, and where it is in the
 * output. */
class Client {
 public:
  explicit Client(UniqueFd socket) : socket_(std::move(socket)) {}

  int fd() const { return socket_.get(); }
  FrameParser& parser() { return parser_; }

  /** Reads what has arrived into the parser; false at end of file and on errors. */
  bool receive();
  /** Queues a frame. Control frames are few and small; output goes through send_output(). */
  void queue(Opcode opcode, std::string_view payload) { pending_ += encode_frame(opcode, payload); }
  /** Sends what is queued as far as the socket takes it; false when the connection is broken. */
  bool flush();
  bool idle() const { return pending_.empty(); }

  void attach(uint64_t offset, bool writable);
  bool attached() const { return attached_; }
  bool writable() const { return writable_; }
  void acknowledge(uint64_t offset) { window_.acknowledge(offset); }

  enum class Progress : uint8_t { caught_up, blocked, jumped, broken };
  /**
   * Sends output from the ring until the client has all of it, its socket is full, or its window is (512 KiB
   * that it has not acknowledged). `jumped`: it fell behind the ring, was told so by a gap, and goes on at
   * the ring's start.
   */
  Progress send_output(const Ring& ring);
  bool has_all(const Ring& ring) const { return next_ == ring.end() && pending_.empty(); }

  /** Closes once everything that is queued has been sent. */
  void close_when_flushed() { closing_ = true; }
  bool closing() const { return closing_; }

  std::optional<TerminalSize> wanted_size;  ///< a resize that waits until this client types
  bool paused = false;                      ///< not read from, until the container has taken earlier input
  bool told_exit = false;

 private:
  UniqueFd socket_;
  FrameParser parser_;
  std::string pending_;
  FlowWindow window_{512 * 1024};
  uint64_t next_ = 0;
  bool attached_ = false;
  bool writable_ = false;
  bool closing_ = false;
};

}  // namespace minirun::shim
