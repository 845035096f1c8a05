// Control groups: what "limits are not applied" comes from.

#include <unistd.h>

#include "core/cgroup.h"
#include "core/probe_findings.h"

namespace minirun {
namespace {

struct Controller {
  const char* name;
  const char* lost;
  bool needed;
};

constexpr Controller kControllers[] = {
    {"memory", "Memory can't be limited, and a container that asks for a limit is not started.", true},
    {"cpu", "CPU time can't be limited, and a container that asks for a limit is not started.", true},
    {"pids", "The number of processes can't be limited: a fork bomb in a container reaches the host.", true},
    {"freezer", "Containers can't be paused.", false},
    {"cpuset", "Containers can't be bound to single CPUs.", false},
    {"io", "Reading and writing of disks can't be limited.", false},
    {"devices", "Which devices a container may open can't be ruled.", false},
};

/** What v1 calls a controller of v2, and what v2 has built in without a controller. */
bool offers(const CgroupHost& host, const std::string& name) {
  if (host.version == 2 && (name == "freezer" || name == "devices")) return true;
  return host.offers(host.version == 1 && name == "io" ? "blkio" : name);
}

std::string where(const CgroupHost& host, const std::string& name) {
  std::string listed = host.version == 1 && name == "io" ? "blkio" : name;
  for (const auto& hierarchy : host.hierarchies) {
    if (hierarchy.has(listed)) return listed + " in " + hierarchy.mount_point;
  }
  if (host.version == 2 && (name == "freezer" || name == "devices")) return "built into version 2";
  return "no mounted tree of control groups has it";
}

std::string remedy_for(const CgroupHost& host, const std::string& name) {
  if (host.version == 2)
    return "Hand it down from the root: echo +" + name +
           " > /sys/fs/cgroup/cgroup.subtree_control. Where it is not in /sys/fs/cgroup/cgroup.controllers, "
           "boot a kernel "
           "that has it, without cgroup_disable=" +
           name + ".";
  return "Mount its tree: mount -t cgroup -o " + std::string(name == "io" ? "blkio" : name) +
         " cgroup /sys/fs/cgroup/" + name +
         "; or boot with systemd.unified_cgroup_hierarchy=1 for version 2.";
}

void examine_tree(std::vector<Finding>& findings, const CgroupHost& host) {
  std::string found = "/proc/self/mountinfo: ";
  if (host.version == 0) found += "no tree of control groups is mounted";
  if (host.version == 1) found += "version 1, with a tree for each controller";
  if (host.version == 2) found += "version 2, at " + host.hierarchies.front().mount_point;
  findings.push_back(
      {.id = "cgroup-tree",
       .group = "Control groups",
       .name =
           host.version == 0 ? "Control groups" : "Control groups, version " + std::to_string(host.version),
       .there = host.version != 0,
       .needed = true,
       .found = found,
       .lost = "Limits are not applied, nothing is measured, and containers can't be ended as a whole.",
       .remedy = "mount -t cgroup2 none /sys/fs/cgroup"});
  bool writable = host.version != 0 && ::access(host.hierarchies.front().mount_point.c_str(), W_OK) == 0;
  findings.push_back(
      {.id = "cgroup-writable",
       .group = "Control groups",
       .name = "Groups can be made",
       .there = writable,
       .needed = true,
       .found = host.version == 0 ? "there is no tree"
                                  : "access(" + host.hierarchies.front().mount_point +
                                        ", W_OK): " + (writable ? "granted" : "refused"),
       .lost = "Limits are not applied: no container gets a group.",
       .remedy = "Run as root, and mount the tree for writing: mount -o remount,rw /sys/fs/cgroup."});
}

}  // namespace

void examine_control_groups(std::vector<Finding>& findings) {
  CgroupHost host = find_cgroups();
  examine_tree(findings, host);
  for (const auto& [name, lost, needed] : kControllers) {
    findings.push_back({.id = std::string("controller-") + name,
                        .group = "Control groups",
                        .name = std::string("Controller ") + name,
                        .there = offers(host, name),
                        .needed = needed,
                        .found = where(host, name),
                        .lost = lost,
                        .remedy = remedy_for(host, name)});
  }
  bool swap = counts_swap(host);
  findings.push_back({.id = "swap-accounting",
                      .group = "Control groups",
                      .name = "Swap counts as memory",
                      .there = swap || !host_has_swap(),
                      .needed = false,
                      .found = swap              ? "the memory controller counts swap"
                               : host_has_swap() ? "swap is in use and is not counted"
                                                 : "swap is not counted, and this host has none",
                      .lost = "A container can go beyond its memory limit by as much swap as there is.",
                      .remedy = "Boot with swapaccount=1, or turn swap off: swapoff -a."});
  bool pressure = ::access("/proc/pressure/memory", R_OK) == 0;
  findings.push_back({.id = "psi",
                      .group = "Control groups",
                      .name = "Pressure (PSI)",
                      .there = pressure,
                      .needed = false,
                      .found = std::string("/proc/pressure/memory: ") + (pressure ? "there" : "absent"),
                      .lost = "How long processes wait for CPU, memory and disks is not shown.",
                      .remedy = "Boot with psi=1, on a kernel with CONFIG_PSI."});
}

}  // namespace minirun
