#pragma once

#include <cstdint>
#include <string_view>

#include "core/spec.h"
#include "core/user_namespace.h"

namespace minirun {

/** What /proc/PID/status tells of a process's rights (proc_pid_status(5)). */
struct KernelPrivileges {
  Capabilities capabilities;
  unsigned last_capability = 0;  ///< the highest that this kernel knows
  bool no_new_privileges = false;
  int seccomp_mode = 0;          ///< 0 none, 1 strict, 2 filter
  unsigned seccomp_filters = 0;  ///< Linux 5.9
};

KernelPrivileges read_kernel_privileges(int process);
KernelPrivileges parse_kernel_privileges(std::string_view status);

/** Of which ids a process's user namespace consists, and whether it may call setgroups (user_namespaces(7)).
 */
struct KernelIdMaps {
  IdMappings mappings;
  bool setgroups = true;
};

Result<KernelIdMaps> read_kernel_id_maps(int process);

}  // namespace minirun
