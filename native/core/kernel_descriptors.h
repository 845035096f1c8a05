#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace minirun {

/** An open descriptor of a process (proc_pid_fd(5), proc_pid_fdinfo(5)). */
struct KernelDescriptor {
  int number = 0;
  std::string target;  ///< as the kernel names it: a path, "pipe:[123]", "anon_inode:[eventfd]"
  char access = '?';   ///< 'r', 'w', or 'b' for both; 'p' for O_PATH
  bool closes_on_exec = false;
  uint64_t position = 0;
};

struct KernelDescriptors {
  std::vector<KernelDescriptor> descriptors;  ///< by number
  size_t total = 0;                           ///< also those beyond the limit
};

/** The descriptors of a process, at most `limit`. */
KernelDescriptors read_kernel_descriptors(int process, size_t limit);

}  // namespace minirun
