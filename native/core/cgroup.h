#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/plan.h"
#include "core/result.h"
#include "core/spec.h"
#include "core/unique_fd.h"

namespace minirun {

/** One mounted tree of control groups: v2's only one, or one of v1's. */
struct Hierarchy {
  std::string mount_point;
  std::vector<std::string> controllers;
};

/** How this host offers control groups. Version 0: not at all. */
struct CgroupHost {
  int version = 0;
  std::vector<Hierarchy> hierarchies;

  bool offers(const std::string& controller) const;
};

/**
 * Finds the control groups in the mount table: v2 where its tree has the controllers that containers need,
 * else v1. `mountinfo` is the text of /proc/self/mountinfo.
 */
CgroupHost find_cgroups(const std::string& mountinfo);
CgroupHost find_cgroups();

/** Whether the host can limit swap: v1 with its memsw files, v2 with swap built in. */
bool counts_swap(const CgroupHost& host);

/** Whether the host has swap at all at this moment; where it has none, a limit on it holds by itself. */
bool host_has_swap();

/** Whether a path can name a container's group: "/a/b", no empty, "." or ".." parts, and never the root
 * itself. */
bool is_cgroup_path(const std::string& path);

/** Figures of one container's group; absent where the kernel doesn't offer them. Bytes, nanoseconds, counts.
 */
struct CgroupStats {
  std::optional<uint64_t> memory_current, memory_peak, memory_limit, oom_kills;
  std::optional<uint64_t> cpu_usage_ns, cpu_throttled_ns, cpu_throttled_periods, cpu_periods;
  std::optional<uint64_t> pids_current, pids_limit;
};

/** One value to be written for a limit, and what asked for it. */
struct LimitWrite {
  std::string name;  ///< "memory limit"
  std::string file;  ///< absolute path
  std::string value;
  std::string setting;  ///< JSON pointer
};

/** The control group of one container. Twin drivers implement it: cgroup_v1.cc and cgroup_v2.cc. */
class Cgroup {
 public:
  /** `path` is the group's place below the root of every hierarchy, for which is_cgroup_path() holds. Nothing
   * is created yet. */
  static std::unique_ptr<Cgroup> open(const CgroupHost& host, const std::string& path);

  Cgroup(const CgroupHost& host, std::string path) : host_(host), path_(std::move(path)) {}
  virtual ~Cgroup() = default;

  int version() const { return host_.version; }
  const std::string& path() const { return path_; }
  const CgroupHost& host() const { return host_; }
  /** The group's directory in each hierarchy. */
  std::vector<std::string> directories() const;
  /** The group's directory in the hierarchy of `controller`, or nothing where there is none. */
  std::optional<std::string> directory_of(const std::string& controller) const;

  /** Makes the group, with its controllers enabled, and opens what the first process joins it by. */
  virtual Status create() = 0;
  /** Opens what a process joins the group by; the group is there. */
  virtual Status open_entrance() = 0;
  /** The writes that enforce `limits`, or the Error that names the controller that is missing. */
  virtual Result<std::vector<LimitWrite>> limit_writes(const LimitSpec& limits) const = 0;
  /** v2: the descriptor for CLONE_INTO_CGROUP. -1: the child joins by join(). */
  virtual int clone_descriptor() const { return -1; }
  /** v1: plans the child's own entry into the group. */
  virtual void plan_join(Plan&) const {}
  virtual CgroupStats stats() const = 0;
  /** SIGKILL to every process of the group, once; frozen ones go on, to their end. */
  virtual Status kill_all() const = 0;
  /** Whether every process of the group is frozen. */
  virtual Result<bool> is_frozen() const = 0;

  /**
   * Freezes every process of the group, or lets them go on, and returns when it is so. ETIMEDOUT: one could
   * not be frozen within 2 s (uninterruptible sleep), and all go on.
   */
  Status freeze(bool frozen) const;
  /**
   * Writes the limits of a group that is there, all or none. EBUSY: the memory in use is above the limit and
   * can't be reclaimed.
   */
  Status update(const LimitSpec& limits) const;

  /** The processes of the group and of those below it. */
  std::set<pid_t> processes() const;
  /** Sends `signal` to every process of the group, once. */
  Status signal_all(int signal) const;
  /** Kills until nothing is left (5 s at most), then removes the group and those below it. No group is no
   * error. */
  Status destroy() const;

 protected:
  /** Asks the kernel to freeze, or to let go on; what comes of it is_frozen() tells. */
  virtual Status request_freeze(bool frozen) const = 0;
  /** Makes room for a memory limit below what is in use, as far as the kernel needs to be asked. */
  virtual Status reclaim(int64_t) const { return {}; }
  std::string directory(const Hierarchy& hierarchy) const { return hierarchy.mount_point + path_; }
  /** Null where no hierarchy has the controller. */
  const Hierarchy* hierarchy_of(const std::string& controller) const;
  /** The Error for a limit that was asked for and that no controller can enforce. */
  Error unenforceable(const std::string& limit, const std::string& controller) const;
  /** Why a controller is not there, in words. */
  std::string absence() const;

 private:
  Status remove() const;

  CgroupHost host_;
  std::string path_;
};

std::unique_ptr<Cgroup> make_cgroup_v1(const CgroupHost& host, const std::string& path);
std::unique_ptr<Cgroup> make_cgroup_v2(const CgroupHost& host, const std::string& path);

/** Plans the group and its limits, each a step of its own; fails at once when a limit can't be enforced. */
Status plan_cgroup(Plan& plan, const ContainerSpec& spec, Cgroup& cgroup);

/** The mounts that show the container its own group: v1 has one a hierarchy below a tmpfs, v2 just one. */
std::vector<MountSpec> expand_cgroup_mount(const MountSpec& mount, const CgroupHost& host);

/** The names of the groups directly below `root` ("/minirun"), over all hierarchies. */
std::set<std::string> list_cgroups(const CgroupHost& host, const std::string& root);

/** Removes the empty group `root` and those above it that are empty too, in every hierarchy. */
void remove_empty_cgroups(const CgroupHost& host, const std::string& root);

// Readers that both drivers share. Nothing where the file is missing or says "max".
std::optional<uint64_t> read_number(const std::string& file);
/** The number after `key` in a file of "key number" lines. */
std::optional<uint64_t> read_keyed(const std::string& file, const std::string& key);

}  // namespace minirun
