#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/cgroup.h"
#include "core/result.h"

namespace minirun {

/** A process of a container, from /proc/PID/status, stat and cmdline (proc(5)). Texts are as the process
 * wrote them. */
struct ContainerProcess {
  pid_t host_pid = 0;
  pid_t pid = 0;  ///< in the container's pid namespace; 0 for one that stands outside of it
  pid_t host_parent = 0;
  uid_t uid = 0;  ///< effective
  char state = '?';
  std::string name;
  std::vector<std::string> command;
  int threads = 0;
  double cpu_seconds = 0;
  uint64_t resident_bytes = 0;
  double started_seconds = 0;  ///< after boot
};

struct ContainerProcesses {
  std::vector<ContainerProcess> processes;  ///< by host pid, the lowest first
  size_t total = 0;                         ///< also those beyond the limit
};

/** Gets each process that is listed, with its directory in /proc. */
using ProcessVisitor = std::function<void(int directory, const ContainerProcess& process)>;

/** The processes of a control group and of those below it, at most `limit`. */
ContainerProcesses list_processes(const Cgroup& cgroup, size_t limit, const ProcessVisitor& visit = nullptr);

/** Sends a signal to the process with this pid in the container's pid namespace. ESRCH when there is none. */
Status signal_process(const Cgroup& cgroup, pid_t pid, int signal);

}  // namespace minirun
