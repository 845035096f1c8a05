#pragma once

#include <linux/rtnetlink.h>

#include <cstdint>
#include <functional>
#include <string_view>

#include "core/result.h"
#include "core/unique_fd.h"

namespace minirun {

/** A request to the kernel's network stack (rtnetlink(7)): a header, a body of fixed size, attributes. */
class NetlinkRequest {
 public:
  NetlinkRequest(uint16_t type, uint16_t flags, const void* body, size_t size);

  void add(uint16_t attribute, const void* value, size_t size);
  void add_number(uint16_t attribute, uint32_t value) { add(attribute, &value, sizeof value); }
  void add_text(uint16_t attribute, const char* text);

  nlmsghdr& header() { return header_; }

 private:
  union {
    nlmsghdr header_;
    char buffer_[1024];  ///< more than any request that is made here takes
  };
};

/** A socket to the network stack of the caller's network namespace. */
class Netlink {
 public:
  Fault open();
  /** Sends a request and waits for what the kernel says of it. */
  Fault request(NetlinkRequest& message);
  /** Sends a request for a list, and hands each of its messages over. */
  Fault list(NetlinkRequest& message, const std::function<void(const nlmsghdr&)>& take);

 private:
  UniqueFd socket_;
};

}  // namespace minirun
