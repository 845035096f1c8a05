#include "core/netlink.h"

#include <sys/socket.h>

#include <cstring>

namespace minirun {
namespace {

constexpr size_t kAnswerBytes = 32768;  // what the kernel puts into one datagram of a list at the most

}  // namespace

NetlinkRequest::NetlinkRequest(uint16_t type, uint16_t flags, const void* body, size_t size) : buffer_{} {
  header_.nlmsg_type = type;
  header_.nlmsg_flags = static_cast<uint16_t>(NLM_F_REQUEST | flags);
  header_.nlmsg_len = static_cast<uint32_t>(NLMSG_LENGTH(size));
  std::memcpy(NLMSG_DATA(&header_), body, size);
}

void NetlinkRequest::add(uint16_t attribute, const void* value, size_t size) {
  size_t end = NLMSG_ALIGN(header_.nlmsg_len);
  if (end + RTA_SPACE(size) > sizeof buffer_) return;
  rtattr head{static_cast<uint16_t>(RTA_LENGTH(size)), attribute};
  std::memcpy(buffer_ + end, &head, sizeof head);
  std::memcpy(buffer_ + end + RTA_LENGTH(0), value, size);
  header_.nlmsg_len = static_cast<uint32_t>(end + RTA_LENGTH(size));
}

void NetlinkRequest::add_text(uint16_t attribute, const char* text) {
  add(attribute, text, std::strlen(text) + 1);
}

Fault Netlink::open() {
  socket_.reset(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
  return socket_ ? kNoFault : failed("socket");
}

Fault Netlink::request(NetlinkRequest& message) {
  message.header().nlmsg_flags |= NLM_F_ACK;
  return list(message, [](const nlmsghdr&) {});
}

Fault Netlink::list(NetlinkRequest& message, const std::function<void(const nlmsghdr&)>& take) {
  if (::send(socket_.get(), &message.header(), message.header().nlmsg_len, 0) < 0) return failed("send");
  alignas(nlmsghdr) char answer[kAnswerBytes];
  for (;;) {
    ssize_t length = ::recv(socket_.get(), answer, sizeof answer, 0);
    if (length < 0 && errno == EINTR) continue;
    if (length < 0) return failed("recv");
    auto left = static_cast<uint32_t>(length);
    for (const auto* one = reinterpret_cast<nlmsghdr*>(answer); NLMSG_OK(one, left);
         one = NLMSG_NEXT(one, left)) {
      if (one->nlmsg_type == NLMSG_DONE) return kNoFault;
      if (one->nlmsg_type == NLMSG_ERROR) {
        int code = static_cast<const nlmsgerr*>(NLMSG_DATA(one))->error;
        return code == 0 ? kNoFault : Fault{"netlink", -code};
      }
      take(*one);
    }
  }
}

}  // namespace minirun
