// The driver for cgroup v1: a tree for each controller, and a group in each that the container needs.
// Documentation/admin-guide/cgroup-v1 of Linux.

#include <fcntl.h>
#include <poll.h>
#include <signal.h>

#include <algorithm>

#include "core/cgroup.h"
#include "core/cgroup_files.h"
#include "core/device_rules.h"
#include "core/file.h"

namespace minirun {
namespace {

constexpr uint64_t kNoLimit = 0x7fff'ffff'ffff'f000;  // what v1 reports for "none": LONG_MAX in whole pages
constexpr int kFreezeForKillMs = 100;
constexpr int kRoundsOfMoving = 100;

/** Where the controller is, for what containers use; others only where a limit asks for them. */
constexpr const char* kAlways[] = {"memory", "cpu", "cpuacct", "pids", "freezer", "blkio"};

/** A cpuset is empty when it is new, and takes no process so: it gets what the group above it has. */
Status inherit_cpuset(const std::string& mount_point, const std::string& directory) {
  if (directory.size() <= mount_point.size()) return {};
  std::string above = directory.substr(0, directory.rfind('/'));
  if (Status inherited = inherit_cpuset(mount_point, above); !inherited) return inherited;
  for (const char* name : {"/cpuset.cpus", "/cpuset.mems"}) {
    auto own = read_file(directory + name);
    if (!own) return own.error();
    if (own->find_first_not_of("\n") != std::string::npos) continue;
    auto inherited = read_file(above + name);
    if (!inherited) return inherited.error();
    if (Status written = write_control(directory + name, *inherited); !written) return written;
  }
  return {};
}

/** What a former container left in a group, where it could stand in the way of new limits. */
void lift_limits(const std::string& directory) {
  for (const auto& [file, value] :
       {std::pair{"memory.memsw.limit_in_bytes", "-1"}, std::pair{"memory.limit_in_bytes", "-1"},
        std::pair{"cpu.cfs_burst_us", "0"}, std::pair{"cpu.cfs_quota_us", "-1"}}) {
    (void)static_cast<bool>(write_control(directory + "/" + file, value));  // most have but one of the files
  }
}

class CgroupV1 final : public Cgroup {
 public:
  using Cgroup::Cgroup;

  Status create(const LimitSpec& limits) override {
    std::vector<std::string> fresh, former;
    Status made = make_all(limits, fresh, former);
    if (made && !former.empty()) made = require_idle();
    if (!made) {
      for (const auto& directory : fresh) ::rmdir(directory.c_str());
      return made;
    }
    own();
    for (const auto& directory : former) lift_limits(directory);
    return open_entrance(-1);
  }

  Status open_entrance(pid_t) override {
    for (const auto& place : directories()) {
      UniqueFd tasks(::open((place + "/tasks").c_str(), O_WRONLY | O_CLOEXEC));
      if (!tasks && errno == ENOENT) continue;  // a controller that the container does without
      if (!tasks) return Error{"cgroup", "open", place + "/tasks", errno, ""};
      tasks_.push_back(std::move(tasks));
    }
    if (tasks_.empty() && !directories().empty())
      return Error{"cgroup", "open", directories().front() + "/tasks", ENOENT, ""};
    return {};
  }

  Status check_devices(const std::vector<DeviceRule>& rules) const override {
    auto expressed = as_exceptions(with_default_devices(rules));
    return expressed ? Status() : expressed.error();
  }

  Status apply_devices(const std::vector<DeviceRule>& rules) const override {
    auto wanted = as_exceptions(with_default_devices(rules));
    if (!wanted) return wanted.error();
    auto present = read_devices();
    if (!present) return present.error();
    Status written = write_devices(device_writes(*present, *wanted));
    auto half_done = written ? Result<DeviceExceptions>(*wanted) : read_devices();
    if (!written && half_done) (void)static_cast<bool>(write_devices(device_writes(*half_done, *present)));
    return written;
  }

  /**
   * Writing another process's number into cgroup.procs waits for an RCU grace period under a system-wide lock
   * (some 10 ms); a thread that writes "0" into tasks moves itself for a hundredth of that. The child has one
   * thread.
   */
  void plan_join(Plan& plan) const override {
    if (host().hierarchies.empty()) return;
    auto action = [this](TraceRow&) {
      for (const auto& file : tasks_) {
        if (::write(file.get(), "0", 1) < 0) return failed("write");
      }
      return kNoFault;
    };
    plan.add({Side::child, "join cgroup", "write", path() + "/tasks", "0 → tasks of every hierarchy",
              "/linux/cgroupsPath", action});
  }

  CgroupStats stats() const override {
    CgroupStats stats;
    if (auto memory = directory_of("memory")) {
      stats.memory_current = read_number(*memory + "/memory.usage_in_bytes");
      stats.memory_peak = read_number(*memory + "/memory.max_usage_in_bytes");
      stats.memory_limit = read_number(*memory + "/memory.limit_in_bytes");
      if (stats.memory_limit && *stats.memory_limit >= kNoLimit) stats.memory_limit.reset();
      stats.oom_kills = read_keyed(*memory + "/memory.oom_control", "oom_kill");
    }
    if (auto usage = directory_of("cpuacct")) stats.cpu_usage_ns = read_number(*usage + "/cpuacct.usage");
    if (auto cpu = directory_of("cpu")) {
      stats.cpu_throttled_ns = read_keyed(*cpu + "/cpu.stat", "throttled_time");
      stats.cpu_throttled_periods = read_keyed(*cpu + "/cpu.stat", "nr_throttled");
      stats.cpu_periods = read_keyed(*cpu + "/cpu.stat", "nr_periods");
    }
    if (auto pids = directory_of("pids")) {
      stats.pids_current = read_number(*pids + "/pids.current");
      stats.pids_limit = read_number(*pids + "/pids.max");
    }
    return stats;
  }

  /**
   * Signals one process after the other, so one that forks meanwhile may get away: then all are frozen first.
   * A frozen process takes its SIGKILL only when it goes on (freezer-subsystem.rst).
   */
  Status kill_all() const override {
    auto before = processes();
    if (before.empty()) return {};
    Status killed = signal_all(SIGKILL);
    auto after = processes();
    if (!std::includes(before.begin(), before.end(), after.begin(), after.end())) {
      freeze_for_kill();
      killed = signal_all(SIGKILL);
    }
    thaw_everything();
    return killed;
  }

  Result<bool> is_frozen() const override {
    auto place = directory_of("freezer");
    if (!place) return Error{"freeze", "cgroup", "controller freezer", EOPNOTSUPP, absence()};
    auto state = read_file(*place + "/freezer.state");
    if (!state) return state.error();
    return *state == "FROZEN\n";
  }

 protected:
  Result<std::vector<LimitWrite>> translate(const LimitSpec& limits) const override {
    return limit_writes_v1(*this, limits);
  }

  Status extend(const LimitSpec& limits) override {
    auto needed = needed_controllers(limits, 1);
    for (size_t i = 0; i < host().hierarchies.size(); ++i) {
      const Hierarchy& hierarchy = host().hierarchies[i];
      bool asked_for =
          std::any_of(needed.begin(), needed.end(), [&](const auto& name) { return hierarchy.has(name); });
      if (!asked_for || ::access(directory(i).c_str(), F_OK) == 0) continue;
      if (auto made = make(i); !made) return made.error();
      if (Status moved = move_processes(directory(i)); !moved) return moved;
    }
    return {};
  }

  Status request_freeze(bool frozen) const override {
    auto place = directory_of("freezer");
    if (!place) return Error{"freeze", "cgroup", "controller freezer", EOPNOTSUPP, absence()};
    return write_control(*place + "/freezer.state", frozen ? "FROZEN" : "THAWED");
  }

 private:
  /** Makes the group where it isn't yet; says in `fresh` where that was, and in `former` where it was there.
   */
  Status make_all(const LimitSpec& limits, std::vector<std::string>& fresh,
                  std::vector<std::string>& former) const {
    auto needed = needed_controllers(limits, 1);
    for (size_t i = 0; i < host().hierarchies.size(); ++i) {
      if (!is_used(host().hierarchies[i], needed)) continue;
      auto made = make(i);
      if (!made) return made.error();
      (*made ? fresh : former).push_back(directory(i));
    }
    return {};
  }

  /** Whether the group in the n-th hierarchy is new. */
  Result<bool> make(size_t index) const {
    auto made = make_group(directory(index));
    const Hierarchy& hierarchy = host().hierarchies[index];
    if (!made || !hierarchy.has("cpuset")) return made;
    Status filled = inherit_cpuset(hierarchy.mount_point, directory(index));
    if (!filled && *made) ::rmdir(directory(index).c_str());
    return filled ? made : filled.error();
  }

  Result<DeviceExceptions> read_devices() const {
    auto text = read_file(directory_of("devices").value_or("") + "/devices.list");
    if (!text) return text.error();
    return parse_device_list(*text);
  }

  Status write_devices(const std::vector<DeviceWrite>& writes) const {
    std::string place = directory_of("devices").value_or("");
    for (const auto& write : writes) {
      Status written = write_control(place + (write.allow ? "/devices.allow" : "/devices.deny"), write.line);
      if (written) continue;
      int code = written.error().code;
      std::string why = code == EPERM    ? "the group above doesn't allow it"
                        : code == EINVAL ? "it takes no new default while it has groups below"
                                         : "";
      return Error{"device rules", "write", written.error().subject + ": " + write.line, code, why};
    }
    return {};
  }

  /** Brings every process of the group's other hierarchies to this one, also those that are forked meanwhile.
   */
  Status move_processes(const std::string& directory) const {
    for (int round = 0; round < kRoundsOfMoving; ++round) {
      std::set<pid_t> there;
      collect_processes(directory, there);
      bool all = true;
      for (pid_t pid : processes()) {
        if (there.contains(pid)) continue;
        all = false;
        Status moved = write_control(directory + "/cgroup.procs", std::to_string(pid));
        if (!moved && moved.error().code != ESRCH) return moved;
      }
      if (all) return {};
    }
    return Error{"cgroup", "write", directory + "/cgroup.procs", EAGAIN, "the container forks all the time"};
  }

  void freeze_for_kill() const {
    if (!request_freeze(true)) return;  // without a freezer, the next round gets the rest
    for (int waited = 0; waited < kFreezeForKillMs; ++waited) {
      auto frozen = is_frozen();
      if (!frozen || *frozen) return;
      ::poll(nullptr, 0, 1);
    }
  }

  /** Also the groups that the container has made and frozen by itself. */
  void thaw_everything() const {
    auto place = directory_of("freezer");
    if (!place) return;
    auto thaw = [](int group) {
      UniqueFd state(::openat(group, "freezer.state", O_WRONLY | O_CLOEXEC));
      if (state && ::write(state.get(), "THAWED", 6) < 0) return;  // it is being removed
    };
    walk_groups(*place, thaw, [](int, const char*) {});
  }

  std::vector<UniqueFd> tasks_;
};

}  // namespace

bool is_used(const Hierarchy& hierarchy, const std::set<std::string>& needed) {
  auto has = [&hierarchy](const auto& name) { return hierarchy.has(name); };
  return std::any_of(std::begin(kAlways), std::end(kAlways), has) ||
         std::any_of(needed.begin(), needed.end(), has);
}

std::unique_ptr<Cgroup> make_cgroup_v1(CgroupHost host, CgroupPlaces places, std::string path) {
  return std::make_unique<CgroupV1>(std::move(host), std::move(places), std::move(path));
}

}  // namespace minirun
