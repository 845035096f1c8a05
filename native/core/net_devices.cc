#include "core/net_devices.h"

#include <fcntl.h>
#include <linux/if_addr.h>
#include <net/if.h>
#include <sched.h>

#include <cstring>
#include <vector>

#include "core/intermediate.h"
#include "core/netlink.h"
#include "core/syscalls.h"

namespace minirun {
namespace {

/** One address of an interface, with the kernel's own words for it. */
struct Address {
  ifaddrmsg body{};
  std::vector<std::pair<uint16_t, std::string>> attributes;
};

/** Whether an address goes with its interface: what the kernel or a lease gave it doesn't. */
bool is_kept(const nlmsghdr& message, unsigned index) {
  if (message.nlmsg_type != RTM_NEWADDR) return false;
  const auto* body = static_cast<const ifaddrmsg*>(NLMSG_DATA(&message));
  return body->ifa_index == index && body->ifa_scope == RT_SCOPE_UNIVERSE &&
         (body->ifa_flags & IFA_F_PERMANENT) != 0;
}

Address read_address(const nlmsghdr& message) {
  Address address;
  const auto* body = static_cast<const ifaddrmsg*>(NLMSG_DATA(&message));
  address.body = *body;
  auto left = static_cast<unsigned>(IFA_PAYLOAD(&message));
  for (const auto* one = IFA_RTA(body); RTA_OK(one, left); one = RTA_NEXT(one, left)) {
    bool kept = one->rta_type == IFA_ADDRESS || one->rta_type == IFA_LOCAL || one->rta_type == IFA_BROADCAST;
    if (kept)
      address.attributes.emplace_back(one->rta_type,
                                      std::string(static_cast<const char*>(RTA_DATA(one)), RTA_PAYLOAD(one)));
  }
  return address;
}

Fault read_addresses(Netlink& netlink, unsigned index, std::vector<Address>& addresses) {
  ifaddrmsg any{};
  NetlinkRequest request(RTM_GETADDR, NLM_F_DUMP, &any, sizeof any);
  return netlink.list(request, [index, &addresses](const nlmsghdr& message) {
    if (is_kept(message, index)) addresses.push_back(read_address(message));
  });
}

/** In the container's network namespace: gives the interface its addresses back and brings it up. */
Fault settle(const NetDeviceSpec& device, const std::vector<Address>& addresses) {
  Netlink netlink;
  if (Fault fault = netlink.open()) return fault;
  unsigned index = ::if_nametoindex(device.new_name.c_str());
  if (index == 0) return failed("if_nametoindex");
  for (const auto& address : addresses) {
    ifaddrmsg body = address.body;
    body.ifa_index = index;
    NetlinkRequest request(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, &body, sizeof body);
    for (const auto& [attribute, value] : address.attributes)
      request.add(attribute, value.data(), value.size());
    if (Fault fault = netlink.request(request)) return fault;
  }
  ifinfomsg up{};
  up.ifi_index = static_cast<int>(index);
  up.ifi_flags = up.ifi_change = IFF_UP;
  NetlinkRequest request(RTM_NEWLINK, 0, &up, sizeof up);
  return netlink.request(request);
}

Fault move_device(const NetDeviceSpec& device, int target) {
  Netlink netlink;
  if (Fault fault = netlink.open()) return fault;
  unsigned index = ::if_nametoindex(device.name.c_str());
  if (index == 0) return failed("if_nametoindex");
  std::vector<Address> addresses;
  if (Fault fault = read_addresses(netlink, index, addresses)) return fault;
  ifinfomsg link{};
  link.ifi_index = static_cast<int>(index);
  NetlinkRequest request(RTM_NEWLINK, 0, &link, sizeof link);
  request.add_number(IFLA_NET_NS_FD, static_cast<uint32_t>(target));
  request.add_text(IFLA_IFNAME, device.new_name.c_str());
  if (Fault fault = netlink.request(request)) return fault;
  return run_intermediate([target, &device, &addresses] {
    if (sys::setns(target, CLONE_NEWNET) < 0) return failed("setns");
    return settle(device, addresses);
  });
}

/** The process may not have entered a namespace yet that it joins; in one that is new it was born. */
Fault move_device(const NetDeviceSpec& device, const UniqueFd* joined, pid_t pid) {
  if (joined != nullptr) return move_device(device, joined->get());
  UniqueFd target(::open(("/proc/" + std::to_string(pid) + "/ns/net").c_str(), O_RDONLY | O_CLOEXEC));
  return target ? move_device(device, target.get()) : failed("open");
}

}  // namespace

void plan_net_devices(Plan& plan, const ContainerSpec& spec, const JoinedNamespaces& joined,
                      const pid_t& pid) {
  for (const auto& device : spec.net_devices) {
    auto move = [&device, network = joined_network(spec.namespaces, joined), &pid](TraceRow& row) {
      Fault fault = move_device(device, network, pid);
      if (fault.code == ENODEV) row.annotate("the host has no such interface");
      if (fault.code == EEXIST) row.annotate("the container has an interface of that name already");
      return fault;
    };
    plan.add({Side::host, "interface " + device.name, "netlink", device.name,
              "IFLA_NET_NS_FD, " + device.name + " → " + device.new_name, device.setting, move});
  }
}

}  // namespace minirun
