#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

namespace minirun {

/** What /proc/PID/stat says of a process, a zombie included (proc_pid_stat(5)). */
struct ProcessStat {
  std::string name;  ///< field 2, as the process has set it
  char state = '?';
  uint64_t flags = 0;         ///< field 9: the kernel's PF_* flags
  uint64_t user_ticks = 0;    ///< field 14
  uint64_t system_ticks = 0;  ///< field 15
  std::string start_time;     ///< field 22: clock ticks since boot; with the pid, a process's identity

  /** Whether the process has called execve with success since it was forked. */
  bool has_executed() const;
};

/** Nothing when there is no such process. */
std::optional<ProcessStat> read_process_stat(pid_t pid);

/** The same, by an open descriptor of the process's directory in /proc, which never becomes another
 * process's. */
std::optional<ProcessStat> read_process_stat_at(int process);

/** The random id of this boot; a pid and a start time mean nothing in another one. Empty when it can't be
 * read. */
std::string boot_id();

}  // namespace minirun
