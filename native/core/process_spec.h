#pragma once

// What a process of a container is to be: its program, who it is, and how the kernel is to treat it. See
// spec.h.

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace minirun {

/** A set of processors or memory nodes, as the kernel takes it: bit n of word n / 64 is number n. */
using BitMask = std::vector<unsigned long>;

struct Capabilities {  ///< bit n is capability n
  uint64_t bounding = 0;
  uint64_t effective = 0;
  uint64_t inheritable = 0;
  uint64_t permitted = 0;
  uint64_t ambient = 0;
};

struct RlimitSpec {
  int resource = 0;  ///< RLIMIT_*
  std::string name;
  uint64_t soft = 0;
  uint64_t hard = 0;
  std::string setting;
};

struct UserSpec {
  uid_t uid = 0;
  gid_t gid = 0;
  std::vector<gid_t> groups;
  mode_t umask = 0022;
};

struct TerminalSize {
  uint16_t cols = 80;
  uint16_t rows = 24;

  bool operator==(const TerminalSize&) const = default;
};

/** sched_setattr(2). Times are nanoseconds. */
struct SchedulerSpec {
  std::string name;  ///< "SCHED_BATCH"
  uint32_t policy = 0;
  uint64_t flags = 0;  ///< SCHED_FLAG_*
  int32_t nice = 0;
  uint32_t priority = 0;
  uint64_t runtime = 0;
  uint64_t deadline = 0;
  uint64_t period = 0;
};

/** ioprio_set(2). */
struct IoPrioritySpec {
  std::string name;  ///< "IOPRIO_CLASS_BE"
  int io_class = 0;
  int priority = 0;
};

struct ProcessSpec {
  bool terminal = false;
  TerminalSize size;
  std::vector<std::string> args;
  std::vector<std::string> env;  ///< NAME=value
  std::string cwd = "/";
  UserSpec user;
  Capabilities capabilities;
  std::vector<std::string> unknown_capabilities;  ///< names that this build knows no number for
  std::vector<RlimitSpec> rlimits;
  bool no_new_privileges = false;
  std::optional<int> oom_score_adj;
  std::optional<SchedulerSpec> scheduler;
  std::optional<IoPrioritySpec> io_priority;
  BitMask initial_cpus;  ///< of a further process, before it is in its control group; empty: as they are
  BitMask final_cpus;    ///< and from then on
  std::string apparmor_profile;
  std::string selinux_label;
};

}  // namespace minirun
