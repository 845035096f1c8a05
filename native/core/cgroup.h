#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/cgroup_host.h"
#include "core/limits.h"
#include "core/plan.h"
#include "core/result.h"
#include "core/unique_fd.h"

namespace minirun {

/** Figures of one container's group; absent where the kernel doesn't offer them. Bytes, nanoseconds, counts.
 */
struct CgroupStats {
  std::optional<uint64_t> memory_current, memory_peak, memory_limit, oom_kills;
  std::optional<uint64_t> cpu_usage_ns, cpu_throttled_ns, cpu_throttled_periods, cpu_periods;
  std::optional<uint64_t> pids_current, pids_limit;
};

/** A value, and the control file that takes it. */
struct ControlValue {
  std::string file;  ///< absolute path
  std::string value;
};

/** One value to be written for a limit, and what asked for it. */
struct LimitWrite {
  std::string name;     ///< "memory limit"
  std::string setting;  ///< JSON pointer
  /** The first whose file this kernel has is written: schedulers of I/O have weights of their own. */
  std::vector<ControlValue> choices;
  /** The first word of the one line that the value changes, in a file with a line for each device. */
  std::string key;
  /** That line when nothing is set. */
  std::string unset;
};

/** A group's path in each hierarchy, below the mount point. */
using CgroupPlaces = std::vector<std::string>;

/** The control group of one container. Twin drivers implement it: cgroup_v1.cc and cgroup_v2.cc. */
class Cgroup {
 public:
  /**
   * `path` is what a bundle's cgroupsPath says, or what path() has said. Nothing is created yet.
   *
   * - "/a/b" is below the root of every hierarchy.
   * - "a/b" is, as runc reads it, relative to where this process stands: in its own groups on v1, and beside
   * its own group on v2, where a group with processes hands no controllers down. Where that can't be written
   * to it is below the own group, which may have been delegated to this user; hierarchies without a place
   * that can be written to are left out.
   * - "" is a group that isn't there: limits are errors, and everything else comes to nothing.
   */
  static std::unique_ptr<Cgroup> open(const CgroupHost& host, const std::string& path);

  /** `places` has the group's path in each of the host's hierarchies, `path` is what path() says of them. */
  Cgroup(CgroupHost host, CgroupPlaces places, std::string path)
      : host_(std::move(host)), places_(std::move(places)), path_(std::move(path)) {}
  virtual ~Cgroup() = default;

  int version() const { return host_.version; }
  /**
   * Where the group is, for people and for open() in another process: "/a/b" where that is so in every
   * hierarchy, else a line of "CONTROLLERS:PATH" for each (v1), or "" where there is none.
   */
  const std::string& path() const { return path_; }
  const CgroupHost& host() const { return host_; }
  /** The group's directory in each hierarchy; not in all of v1's it has been made. */
  std::vector<std::string> directories() const;
  /** The group's directory in the hierarchy of `controller`, or nothing where there is none. */
  std::optional<std::string> directory_of(const std::string& controller) const;
  /** Whether the group is there, in any hierarchy. */
  bool exists() const;

  /**
   * Makes the group with the controllers that the limits need, and opens what the first process joins it by.
   * EBUSY: there is one already, and it is frozen or has processes.
   */
  virtual Status create(const LimitSpec& limits) = 0;
  /** Whether create() has come so far that the group is the caller's, and nobody else's: to be destroyed. */
  bool is_own() const { return own_; }
  /**
   * Opens what a process joins the group by; the group is there. On v2 it is the group of the process
   * `beside`, which may stand in one below: a group that hands its controllers down takes no processes.
   */
  virtual Status open_entrance(pid_t beside) = 0;
  /** EBUSY: the group is frozen, and who joins it would be before it has begun. */
  Status require_running() const;
  /** The writes that enforce `limits`, in order, or the Error that names the controller that is missing. */
  Result<std::vector<LimitWrite>> limit_writes(const LimitSpec& limits) const;
  /** The Error of device rules that this version can't express. */
  virtual Status check_devices(const std::vector<DeviceRule>&) const { return {}; }
  /**
   * Gives the group device rules and, after them, those that let the default devices through; all or none. Of
   * v2's file system they are the only part that takes a privilege: EPERM where the user hasn't it.
   */
  virtual Status apply_devices(const std::vector<DeviceRule>& rules) const = 0;
  /** v2: the descriptor for CLONE_INTO_CGROUP. -1: the child joins by plan_join(). */
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
   * can't be reclaimed (v1 always; v2 where check_before_update was asked for).
   */
  Status update(const LimitSpec& limits);

  /** The processes of the group and of those below it. */
  std::set<pid_t> processes() const;
  /** Whether the process whose directory in /proc `process` is open on belongs to the group or to one below.
   */
  bool holds(int process) const;
  /** Sends `signal` to every process of the group, once. */
  Status signal_all(int signal) const;
  /** Kills until nothing is left (5 s at most), then removes the group and those below it. No group is no
   * error. */
  Status destroy() const;

 protected:
  /** The driver's part of limit_writes(); every controller that it needs is there. */
  virtual Result<std::vector<LimitWrite>> translate(const LimitSpec& limits) const = 0;
  /** Extends a group that is there to the controllers that the limits need. */
  virtual Status extend(const LimitSpec& limits) = 0;
  /** Asks the kernel to freeze, or to let go on; what comes of it is_frozen() tells. */
  virtual Status request_freeze(bool frozen) const = 0;
  /** Makes room for a memory limit below what is in use, as far as the kernel needs to be asked. */
  virtual Status reclaim(int64_t) const { return {}; }
  /** The group's directory in the n-th hierarchy. */
  std::string directory(size_t index) const { return host_.hierarchies[index].mount_point + places_[index]; }
  /** Refuses a group that was there before and is in use (OCI runtime specification, "Control groups"). */
  Status require_idle() const;
  /** The group has been made, or was there and idle: see is_own(). */
  void own() { own_ = true; }
  /** Why a controller is not there, in words. */
  std::string absence() const;

 private:
  Status remove() const;

  CgroupHost host_;  ///< the hierarchies that the group is or may be in
  CgroupPlaces places_;
  std::string path_;
  bool own_ = false;
};

std::unique_ptr<Cgroup> make_cgroup_v1(CgroupHost host, CgroupPlaces places, std::string path);
std::unique_ptr<Cgroup> make_cgroup_v2(CgroupHost host, CgroupPlaces places, std::string path);

/** The controllers that can't be done without to enforce limits. */
std::set<std::string> needed_controllers(const LimitSpec& limits, int version);

/** The hierarchies of v1 that a container with these limits gets a group in: those that tell what it uses,
 * and what it needs besides. v2 has just one. */
bool is_used(const Hierarchy& hierarchy, const std::set<std::string>& needed);

/** Translations of limits to the files in the directory of a group. */
Result<std::vector<LimitWrite>> limit_writes_v1(const Cgroup& group, const LimitSpec& limits);
Result<std::vector<LimitWrite>> limit_writes_v2(const Cgroup& group, const LimitSpec& limits);

/** Writes in order, all or none: what was written is put back when one fails for good. Gives what was
 * replaced, for put_back(). */
Result<std::vector<ControlValue>> write_limits(const std::vector<LimitWrite>& writes);

/** Writes what stood there before, as far as the kernel takes it. */
void put_back(const std::vector<ControlValue>& replaced);

/** Writes one limit; the Error's step is the limit's name. */
Status write_limit(const LimitWrite& write);

}  // namespace minirun
