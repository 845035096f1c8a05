// The driver for cgroup v2: one tree, with the controllers that each group hands down to those below it.
// Documentation/admin-guide/cgroup-v2.rst of Linux.

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>

#include <algorithm>

#include "core/cgroup.h"
#include "core/cgroup_files.h"
#include "core/device_rules.h"
#include "core/file.h"
#include "core/text.h"

namespace minirun {
namespace {

constexpr uint64_t kNsPerUs = 1000;

/** Controllers that every container gets where they can be had: its limits, and what it uses. */
constexpr const char* kAlways[] = {"memory", "cpu", "io", "pids"};

std::string why_not_enabled(int code, const std::string& above) {
  if (code == EBUSY)
    return above + " has processes of its own, and only groups without any hand controllers down";
  if (code == ENOENT) return above + " has not got the controller itself";
  return "";
}

/** Lets controllers through to the groups below `above`: those that are needed, and others if that is so. */
Status enable(const std::string& above, const std::set<std::string>& needed,
              const std::set<std::string>& wanted) {
  auto text = read_file(above + "/cgroup.subtree_control");
  if (!text) return text.error();
  std::replace(text->begin(), text->end(), '\n', ' ');
  auto enabled = split(*text, ' ');
  auto lacks = [&enabled](const auto& name) {
    return std::find(enabled.begin(), enabled.end(), name) == enabled.end();
  };
  std::string all;
  for (const auto& name : wanted) all += lacks(name) ? "+" + name + " " : "";
  std::string file = above + "/cgroup.subtree_control";
  if (all.empty() || write_control(file, all)) return {};
  for (const auto& name : wanted) {  // one that can't be had must not take the others with it
    if (!lacks(name)) continue;
    Status written = write_control(file, "+" + name);
    if (!written && needed.contains(name))
      return Error{name + " limit", "write", file, written.error().code,
                   why_not_enabled(written.error().code, above)};
  }
  return {};
}

class CgroupV2 final : public Cgroup {
 public:
  using Cgroup::Cgroup;

  Status create(const LimitSpec& limits) override {
    if (Status enabled = extend(limits); !enabled) return enabled;
    auto made = make_group(place());
    if (!made) return made.error();
    if (Status idle = *made ? Status() : require_idle(); !idle) return idle;
    own();
    return open_group(place());
  }

  Status open_entrance(pid_t beside) override {
    if (host().hierarchies.empty()) return {};
    std::string found = place();
    if (auto text = read_file("/proc/" + std::to_string(beside) + "/cgroup"); text && beside > 0) {
      const Hierarchy& tree = host().hierarchies.front();
      std::string whole = (tree.root == "/" ? "" : tree.root) + found.substr(tree.mount_point.size());
      size_t start = text->find("0::" + whole + "/");
      if (start != std::string::npos)
        found += text->substr(start + 3 + whole.size(), text->find('\n', start) - start - 3 - whole.size());
    }
    return open_group(found);
  }

  Status apply_devices(const std::vector<DeviceRule>& rules) const override {
    return attach_device_program(place(), device_program(with_default_devices(rules)));
  }

  int clone_descriptor() const override { return given_away() ? -1 : directory_.get(); }

  /**
   * A group that was given to the container's user takes no clone from a process that is in the container's
   * user namespace already, for there it is nobody. But who opens cgroup.procs before lends it the right to
   * join.
   */
  void plan_join(Plan& plan) const override {
    if (!given_away()) return;
    auto action = [this](TraceRow&) {
      return ::write(procs_.get(), "0", 1) < 0 ? failed("write") : kNoFault;
    };
    plan.add(
        {Side::child, "join cgroup", "write", path() + "/cgroup.procs", "0", "/linux/cgroupsPath", action});
  }

  CgroupStats stats() const override {
    CgroupStats stats;
    if (host().hierarchies.empty()) return stats;
    stats.memory_current = read_number(place() + "/memory.current");
    stats.memory_peak = read_number(place() + "/memory.peak");  // Linux 5.19
    stats.memory_limit = read_number(place() + "/memory.max");
    stats.oom_kills = read_keyed(place() + "/memory.events", "oom_kill");
    auto times = read_file(place() + "/cpu.stat");
    if (!times) return stats;
    if (auto usage = parse_keyed(*times, "usage_usec")) stats.cpu_usage_ns = *usage * kNsPerUs;
    if (auto wait = parse_keyed(*times, "throttled_usec")) stats.cpu_throttled_ns = *wait * kNsPerUs;
    stats.cpu_throttled_periods = parse_keyed(*times, "nr_throttled");
    stats.cpu_periods = parse_keyed(*times, "nr_periods");
    stats.pids_current = read_number(place() + "/pids.current");
    stats.pids_limit = read_number(place() + "/pids.max");
    return stats;
  }

  Status kill_all() const override {
    if (host().hierarchies.empty()) return {};
    Status killed = write_control(place() + "/cgroup.kill", "1");  // Linux 5.14
    return killed || killed.error().code != ENOENT ? killed : signal_all(SIGKILL);
  }

  Result<bool> is_frozen() const override {
    if (host().hierarchies.empty())
      return Error{"freeze", "cgroup", "the container's", EOPNOTSUPP, absence()};
    auto frozen = read_keyed(place() + "/cgroup.events", "frozen");  // Linux 5.2
    if (!frozen) return Error{"freeze", "read", place() + "/cgroup.events", ENOENT, ""};
    return *frozen == 1;
  }

 protected:
  Result<std::vector<LimitWrite>> translate(const LimitSpec& limits) const override {
    return limit_writes_v2(*this, limits);
  }

  /** Lets the controllers through from the root to the group ("no internal processes" holds there). */
  Status extend(const LimitSpec& limits) override {
    if (host().hierarchies.empty()) return {};
    const Hierarchy& tree = host().hierarchies.front();
    auto needed = needed_controllers(limits, 2);
    auto wanted = needed;
    for (const char* name : kAlways) {
      if (tree.has(name)) wanted.insert(name);
    }
    for (size_t slash = tree.mount_point.size(); slash != std::string::npos;
         slash = place().find('/', slash + 1)) {
      std::string above = place().substr(0, slash);
      if (Status made = make_directories(above, 0755); !made) return made;
      if (Status enabled = enable(above, needed, wanted); !enabled) return enabled;
    }
    return {};
  }

  Status request_freeze(bool frozen) const override {
    if (host().hierarchies.empty())
      return Error{"freeze", "cgroup", "the container's", EOPNOTSUPP, absence()};
    return write_control(place() + "/cgroup.freeze", frozen ? "1" : "0");
  }

  /**
   * v2 takes a limit below what is in use, and then kills for it. So the memory is reclaimed first
   * (memory.reclaim: Linux 5.19), and what can't be is an error, as v1 has it.
   */
  Status reclaim(int64_t limit) const override {
    auto in_use = [this] {
      return static_cast<int64_t>(read_number(place() + "/memory.current").value_or(0));
    };
    if (limit < 0 || in_use() <= limit) return {};
    (void)static_cast<bool>(write_control(place() + "/memory.reclaim", std::to_string(in_use() - limit)));
    if (in_use() <= limit) return {};
    return Error{"memory limit", "write", place() + "/memory.max", EBUSY,
                 std::to_string(in_use()) + " bytes are in use"};
  }

 private:
  std::string place() const { return directory(0); }

  Status open_group(const std::string& group) {
    directory_.reset(::open(group.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!directory_) return Error{"cgroup", "open", group, errno, ""};
    if (!given_away()) return {};
    procs_.reset(::openat(directory_.get(), "cgroup.procs", O_WRONLY | O_CLOEXEC));
    return procs_ ? Status() : Error{"cgroup", "open", group + "/cgroup.procs", errno, ""};
  }

  /** Whether the group is there and another user's. */
  bool given_away() const {
    struct stat status {};
    return !host().hierarchies.empty() && ::stat(place().c_str(), &status) == 0 &&
           status.st_uid != ::geteuid();
  }

  UniqueFd directory_;
  UniqueFd procs_;  ///< of a group that was given away
};

}  // namespace

std::unique_ptr<Cgroup> make_cgroup_v2(CgroupHost host, CgroupPlaces places, std::string path) {
  return std::make_unique<CgroupV2>(std::move(host), std::move(places), std::move(path));
}

}  // namespace minirun
