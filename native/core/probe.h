#pragma once

#include <string>
#include <vector>

#include "core/cgroup.h"

namespace minirun {

/** The oldest kernel that offers all that is used: mount_setattr came with it. */
inline constexpr const char* kMinimumKernel = "5.12";

struct ProbedNamespace {
  std::string name;  ///< as in /proc/PID/ns: "pid", "mnt", ...
  bool available = false;
};

/** What this kernel offers to containers, found by asking it and not by its version. */
struct Probe {
  std::string kernel;
  std::string architecture;
  std::vector<ProbedNamespace> namespaces;
  CgroupHost cgroup;
  bool overlayfs = false;
  bool seccomp = false;
  bool new_mount_api = false;  ///< fsopen, open_tree, move_mount and mount_setattr
  bool openat2 = false;
  bool clone3 = false;
  bool pidfd = false;
  bool swap_accounting = false;
  /** What containers can't do without and this kernel doesn't have, in words. Empty: containers can run. */
  std::vector<std::string> missing;
};

Probe probe_kernel();

}  // namespace minirun
