#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>

#include "core/unique_fd.h"

namespace minirun::shim {

/** Level-triggered epoll over a few descriptors, each with its handler. One thread. */
class EventLoop {
 public:
  using Handler = std::function<void(uint32_t events)>;

  EventLoop();

  bool valid() const { return static_cast<bool>(epoll_); }
  /** Calls `handler` with the EPOLL* events of `fd`; the descriptor remains the caller's. One that is watched
   * already stays so. */
  bool add(int fd, uint32_t events, Handler handler);
  void modify(int fd, uint32_t events);
  /** To be called before the descriptor is closed. A handler may remove itself. */
  void remove(int fd);

  /** Waits for events, at most `timeout_ms` (-1: without end), and runs their handlers. */
  void run_once(int timeout_ms);

 private:
  UniqueFd epoll_;
  std::map<int, std::shared_ptr<Handler>> handlers_;
};

}  // namespace minirun::shim
