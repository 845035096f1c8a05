#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cstring>

#include "core/namespaces.h"
#include "core/unique_fd.h"

namespace minirun {
namespace {

Fault bring_loopback_up(TraceRow&) {
  UniqueFd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!socket) return failed("socket");
  ifreq request{};
  std::strcpy(request.ifr_name, "lo");
  if (::ioctl(socket.get(), SIOCGIFFLAGS, &request) < 0) return failed("ioctl(SIOCGIFFLAGS)");
  request.ifr_flags |= IFF_UP;
  return ::ioctl(socket.get(), SIOCSIFFLAGS, &request) < 0 ? failed("ioctl(SIOCSIFFLAGS)") : kNoFault;
}

}  // namespace

void plan_network(Plan& plan, const ContainerSpec& spec) {
  if (spec.namespaces.network.origin != NamespaceSpec::created) return;
  plan.add({Side::child, "loopback", "ioctl(SIOCSIFFLAGS)", "lo", "IFF_UP", spec.namespaces.network.setting,
            bring_loopback_up});
}

}  // namespace minirun
