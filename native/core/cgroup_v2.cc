#include <fcntl.h>
#include <signal.h>

#include <algorithm>

#include "core/cgroup.h"
#include "core/file.h"

namespace minirun {
namespace {

constexpr uint64_t kDefaultPeriodUs = 100'000;
constexpr uint64_t kNsPerUs = 1000;

std::string number_or_max(int64_t value) {
  return value < 0 ? "max" : std::to_string(value);
}

class CgroupV2 final : public Cgroup {
 public:
  using Cgroup::Cgroup;

  Status create() override {
    if (Status enabled = enable_above(); !enabled) return enabled;
    if (Status made = make_directories(place(), 0755); !made) return made;
    return open_entrance();
  }

  Status open_entrance() override {
    directory_.reset(::open(place().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!directory_) return Error{"cgroup", "open", place(), errno, ""};
    return {};
  }

  int clone_descriptor() const override { return directory_.get(); }

  Result<std::vector<LimitWrite>> limit_writes(const LimitSpec& limits) const override {
    std::vector<LimitWrite> writes;
    if (limits.memory_bytes || limits.swap_bytes) {
      if (!host().offers("memory")) return unenforceable("memory", "memory");
      add_memory(writes, limits);
    }
    if (limits.cpu_quota_us || limits.cpu_period_us) {
      if (!host().offers("cpu")) return unenforceable("cpu", "cpu");
      std::string period = std::to_string(limits.cpu_period_us.value_or(kDefaultPeriodUs));
      writes.push_back({"cpu quota", place() + "/cpu.max",
                        number_or_max(limits.cpu_quota_us.value_or(-1)) + " " + period,
                        "/linux/resources/cpu/quota"});
    }
    if (limits.pids) {
      if (!host().offers("pids")) return unenforceable("pids", "pids");
      writes.push_back(
          {"pids limit", place() + "/pids.max", number_or_max(*limits.pids), "/linux/resources/pids/limit"});
    }
    return writes;
  }

  CgroupStats stats() const override {
    CgroupStats stats;
    stats.memory_current = read_number(place() + "/memory.current");
    stats.memory_peak = read_number(place() + "/memory.peak");  // Linux 5.19
    stats.memory_limit = read_number(place() + "/memory.max");
    stats.oom_kills = read_keyed(place() + "/memory.events", "oom_kill");
    if (auto usage = read_keyed(place() + "/cpu.stat", "usage_usec")) stats.cpu_usage_ns = *usage * kNsPerUs;
    if (auto wait = read_keyed(place() + "/cpu.stat", "throttled_usec"))
      stats.cpu_throttled_ns = *wait * kNsPerUs;
    stats.cpu_throttled_periods = read_keyed(place() + "/cpu.stat", "nr_throttled");
    stats.cpu_periods = read_keyed(place() + "/cpu.stat", "nr_periods");
    stats.pids_current = read_number(place() + "/pids.current");
    stats.pids_limit = read_number(place() + "/pids.max");
    return stats;
  }

  Status kill_all() const override {
    Status killed = write_control(place() + "/cgroup.kill", "1");  // Linux 5.14
    return killed || killed.error().code != ENOENT ? killed : signal_all(SIGKILL);
  }

  Result<bool> is_frozen() const override {
    auto frozen = read_keyed(place() + "/cgroup.events", "frozen");  // Linux 5.2
    if (!frozen) return Error{"freeze", "read", place() + "/cgroup.events", ENOENT, ""};
    return *frozen == 1;
  }

 protected:
  Status request_freeze(bool frozen) const override {
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
  std::string place() const { return directory(host().hierarchies.front()); }

  /** v2 counts swap apart from memory; OCI gives the sum. Without one, no swap: else a limit only moves pages
   * there. */
  void add_memory(std::vector<LimitWrite>& writes, const LimitSpec& limits) const {
    int64_t memory = limits.memory_bytes.value_or(-1);
    if (limits.memory_bytes) {
      writes.push_back(
          {"memory limit", place() + "/memory.max", number_or_max(memory), "/linux/resources/memory/limit"});
      writes.push_back({"oom group", place() + "/memory.oom.group", "0", "/linux/resources/memory/limit"});
    }
    int64_t swap = limits.swap_bytes.value_or(memory);
    int64_t swap_only = swap < 0 || memory < 0 ? swap : std::max<int64_t>(swap - memory, 0);
    if (counts_swap(host())) {  // without swap in the kernel there is none to limit, and no file
      writes.push_back(
          {"swap limit", place() + "/memory.swap.max", number_or_max(swap_only),
           limits.swap_bytes ? "/linux/resources/memory/swap" : "/linux/resources/memory/limit"});
    }
  }

  /** Lets the controllers through to the group from every group above it ("no internal processes" holds
   * there). */
  Status enable_above() const {
    const Hierarchy& tree = host().hierarchies.front();
    std::string wanted;
    for (const auto& name : tree.controllers) wanted += (wanted.empty() ? "+" : " +") + name;
    for (size_t slash = 0; slash != std::string::npos; slash = path().find('/', slash + 1)) {
      std::string above = tree.mount_point + path().substr(0, slash);
      if (Status made = make_directories(above, 0755); !made) return made;
      if (Status enabled = write_control(above + "/cgroup.subtree_control", wanted); !enabled) return enabled;
    }
    return {};
  }

  UniqueFd directory_;
};

}  // namespace

std::unique_ptr<Cgroup> make_cgroup_v2(const CgroupHost& host, const std::string& path) {
  return std::make_unique<CgroupV2>(host, path);
}

}  // namespace minirun
