#include "core/kernel_network.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <sched.h>

#include <algorithm>
#include <cstring>
#include <string_view>

#include "core/netlink.h"
#include "core/unique_fd.h"

namespace minirun {
namespace {

/** The attributes of a message, each handed over with its payload. */
template <class Take>
void each_attribute(const rtattr* first, size_t size, Take take) {
  auto left = static_cast<unsigned>(size);
  for (const auto* one = first; RTA_OK(one, left); one = RTA_NEXT(one, left)) take(*one);
}

size_t payload(const rtattr& attribute) {
  return attribute.rta_len - RTA_LENGTH(0);
}

const void* data(const rtattr& attribute) {
  return reinterpret_cast<const char*>(&attribute) + RTA_LENGTH(0);
}

/** A number as far as the attribute is long enough for it; else 0. */
template <class Number>
Number number_in(const rtattr& attribute) {
  Number number{};
  if (payload(attribute) >= sizeof number) std::memcpy(&number, data(attribute), sizeof number);
  return number;
}

std::string text_in(const rtattr& attribute) {
  const auto* text = static_cast<const char*>(data(attribute));
  return {text, ::strnlen(text, payload(attribute))};
}

std::string address_in(int family, const rtattr& attribute) {
  char text[INET6_ADDRSTRLEN];
  size_t wanted = family == AF_INET ? sizeof(in_addr) : sizeof(in6_addr);
  if (payload(attribute) < wanted) return "";
  return ::inet_ntop(family, data(attribute), text, sizeof text) == nullptr ? "" : text;
}

std::string hardware_address_in(const rtattr& attribute) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (size_t i = 0; i < payload(attribute); ++i) {
    auto byte = static_cast<const unsigned char*>(data(attribute))[i];
    if (i > 0) text += ':';
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

void read_counters(const rtattr& attribute, NetworkInterface& interface) {
  rtnl_link_stats64 counters{};
  std::memcpy(&counters, data(attribute), std::min(sizeof counters, payload(attribute)));
  interface.received_bytes = counters.rx_bytes;
  interface.sent_bytes = counters.tx_bytes;
  interface.received_packets = counters.rx_packets;
  interface.sent_packets = counters.tx_packets;
}

void read_kind(const rtattr& attribute, NetworkInterface& interface) {
  each_attribute(static_cast<const rtattr*>(data(attribute)), payload(attribute), [&](const rtattr& one) {
    if (one.rta_type == IFLA_INFO_KIND) interface.kind = text_in(one);
  });
}

NetworkInterface parse_interface(const nlmsghdr& message) {
  const auto& link = *static_cast<const ifinfomsg*>(NLMSG_DATA(&message));
  NetworkInterface interface;
  interface.index = link.ifi_index;
  interface.up = (link.ifi_flags & IFF_UP) != 0;
  interface.running = (link.ifi_flags & IFF_RUNNING) != 0;
  interface.loopback = (link.ifi_flags & IFF_LOOPBACK) != 0;
  each_attribute(IFLA_RTA(&link), IFLA_PAYLOAD(&message), [&](const rtattr& one) {
    if (one.rta_type == IFLA_IFNAME) interface.name = text_in(one);
    if (one.rta_type == IFLA_MTU) interface.mtu = number_in<uint32_t>(one);
    if (one.rta_type == IFLA_ADDRESS) interface.hardware_address = hardware_address_in(one);
    if (one.rta_type == IFLA_STATS64) read_counters(one, interface);
    if (one.rta_type == IFLA_LINKINFO) read_kind(one, interface);
  });
  return interface;
}

std::string scope_name(unsigned char scope) {
  switch (scope) {
    case RT_SCOPE_UNIVERSE:
      return "global";
    case RT_SCOPE_LINK:
      return "link";
    case RT_SCOPE_HOST:
      return "host";
    default:
      return std::to_string(scope);
  }
}

void add_address(const nlmsghdr& message, std::vector<NetworkInterface>& interfaces) {
  const auto& head = *static_cast<const ifaddrmsg*>(NLMSG_DATA(&message));
  if (head.ifa_family != AF_INET && head.ifa_family != AF_INET6) return;
  auto owner = std::find_if(interfaces.begin(), interfaces.end(), [&head](const auto& interface) {
    return interface.index == static_cast<int>(head.ifa_index);
  });
  if (owner == interfaces.end()) return;
  NetworkAddress address{"", head.ifa_prefixlen, scope_name(head.ifa_scope)};
  each_attribute(IFA_RTA(&head), IFA_PAYLOAD(&message), [&](const rtattr& one) {
    // IFA_ADDRESS of a point-to-point link is the other end's.
    if (one.rta_type == IFA_LOCAL) address.address = address_in(head.ifa_family, one);
    if (one.rta_type == IFA_ADDRESS && address.address.empty())
      address.address = address_in(head.ifa_family, one);
  });
  owner->addresses.push_back(std::move(address));
}

std::string route_type(unsigned char type) {
  switch (type) {
    case RTN_UNICAST:
      return "unicast";
    case RTN_BLACKHOLE:
      return "blackhole";
    case RTN_UNREACHABLE:
      return "unreachable";
    case RTN_PROHIBIT:
      return "prohibit";
    default:
      return std::to_string(type);
  }
}

/** A route of the main table; false for another one's. */
bool parse_route(const nlmsghdr& message, const std::vector<NetworkInterface>& interfaces,
                 NetworkRoute& route) {
  const auto& head = *static_cast<const rtmsg*>(NLMSG_DATA(&message));
  if (head.rtm_table != RT_TABLE_MAIN || (head.rtm_flags & RTM_F_CLONED) != 0) return false;
  route.destination = "default";
  route.type = route_type(head.rtm_type);
  each_attribute(RTM_RTA(&head), RTM_PAYLOAD(&message), [&](const rtattr& one) {
    if (one.rta_type == RTA_DST)
      route.destination = address_in(head.rtm_family, one) + "/" + std::to_string(head.rtm_dst_len);
    if (one.rta_type == RTA_GATEWAY) route.gateway = address_in(head.rtm_family, one);
    if (one.rta_type == RTA_PRIORITY) route.metric = number_in<uint32_t>(one);
    if (one.rta_type != RTA_OIF) return;
    int index = number_in<int>(one);
    for (const auto& interface : interfaces) {
      if (interface.index == index) route.interface = interface.name;
    }
  });
  return true;
}

/** Asks in the network namespace that the calling thread stands in. */
Fault read_here(size_t limit, KernelNetwork& network) {
  Netlink netlink;
  if (Fault fault = netlink.open()) return fault;
  ifinfomsg any_link{};
  NetlinkRequest links(RTM_GETLINK, NLM_F_DUMP, &any_link, sizeof any_link);
  Fault fault = netlink.list(links, [&](const nlmsghdr& message) {
    ++network.total_interfaces;
    if (network.interfaces.size() < limit) network.interfaces.push_back(parse_interface(message));
  });
  if (fault) return fault;
  ifaddrmsg any_address{};
  NetlinkRequest addresses(RTM_GETADDR, NLM_F_DUMP, &any_address, sizeof any_address);
  fault = netlink.list(addresses, [&](const nlmsghdr& message) { add_address(message, network.interfaces); });
  if (fault) return fault;
  rtmsg any_route{};
  NetlinkRequest routes(RTM_GETROUTE, NLM_F_DUMP, &any_route, sizeof any_route);
  return netlink.list(routes, [&](const nlmsghdr& message) {
    NetworkRoute route;
    if (!parse_route(message, network.interfaces, route)) return;
    ++network.total_routes;
    if (network.routes.size() < limit) network.routes.push_back(std::move(route));
  });
}

}  // namespace

Result<KernelNetwork> read_kernel_network(int process, size_t limit) {
  UniqueFd space(::openat(process, "ns/net", O_RDONLY | O_CLOEXEC));
  if (!space) return Error{"network", "openat", "ns/net", errno, ""};
  KernelNetwork network;
  Fault fault = ::setns(space.get(), CLONE_NEWNET) < 0 ? failed("setns") : read_here(limit, network);
  if (fault) return Error{"network", fault.call, "the container's network namespace", fault.code, ""};
  return network;
}

}  // namespace minirun
