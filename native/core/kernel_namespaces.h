#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace minirun {

/** A namespace of a process beside this process's own of the same kind (namespaces(7)). */
struct KernelNamespace {
  std::string kind;       ///< as in /proc/PID/ns: "pid"
  ino_t inode = 0;        ///< what tells it from others
  ino_t host_inode = 0;   ///< that of this process, which stands on the host
  ino_t owner_inode = 0;  ///< the user namespace whose root rules it; 0 where that can't be asked
};

/** The namespaces of a process; kinds that this kernel hasn't got are left out. */
std::vector<KernelNamespace> read_kernel_namespaces(int process);

}  // namespace minirun
