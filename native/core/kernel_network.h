#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/result.h"

namespace minirun {

struct NetworkAddress {
  std::string address;
  unsigned prefix = 0;
  std::string scope;  ///< "global", "link", "host"
};

struct NetworkInterface {
  int index = 0;
  std::string name;
  std::string kind;  ///< "veth", "bridge" …; empty for one that is no virtual one
  std::string hardware_address;
  uint32_t mtu = 0;
  bool up = false;       ///< wanted to be (IFF_UP)
  bool running = false;  ///< and is (IFF_RUNNING)
  bool loopback = false;
  uint64_t received_bytes = 0, sent_bytes = 0, received_packets = 0, sent_packets = 0;
  std::vector<NetworkAddress> addresses;
};

/** A route of the main table. */
struct NetworkRoute {
  std::string destination;  ///< "10.0.0.0/8", "default"
  std::string gateway;      ///< empty: the destination is on the link
  std::string interface;
  std::string type;  ///< "unicast", "unreachable", "blackhole", "prohibit"
  uint32_t metric = 0;
};

struct KernelNetwork {
  std::vector<NetworkInterface> interfaces;
  std::vector<NetworkRoute> routes;
  size_t total_interfaces = 0, total_routes = 0;  ///< also those beyond the limit
};

/**
 * Interfaces, addresses and routes of a process's network namespace, at most `limit` of each (rtnetlink(7)).
 * The calling thread is left in that namespace: it has to end.
 */
Result<KernelNetwork> read_kernel_network(int process, size_t limit);

}  // namespace minirun
