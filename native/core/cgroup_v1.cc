#include <fcntl.h>
#include <signal.h>

#include "core/cgroup.h"
#include "core/file.h"

namespace minirun {
namespace {

constexpr uint64_t kNoLimit = 0x7fff'ffff'ffff'f000;  // what v1 reports for "none": LONG_MAX in whole pages
constexpr uint64_t kDefaultPeriodUs = 100'000;

class CgroupV1 final : public Cgroup {
 public:
  using Cgroup::Cgroup;

  Status create() override {
    for (const auto& hierarchy : host().hierarchies) {
      std::string place = directory(hierarchy);
      if (Status made = make_directories(place, 0755); !made) return made;
    }
    return open_entrance();
  }

  Status open_entrance() override {
    for (const auto& hierarchy : host().hierarchies) {
      std::string place = directory(hierarchy);
      UniqueFd tasks(::open((place + "/tasks").c_str(), O_WRONLY | O_CLOEXEC));
      if (!tasks) return Error{"cgroup", "open", place + "/tasks", errno, ""};
      tasks_.push_back(std::move(tasks));
    }
    return {};
  }

  Result<std::vector<LimitWrite>> limit_writes(const LimitSpec& limits) const override {
    std::vector<LimitWrite> writes;
    if (limits.memory_bytes || limits.swap_bytes) {
      auto place = directory_of("memory");
      if (!place) return unenforceable("memory", "memory");
      if (Status added = add_memory(writes, *place, limits); !added) return added.error();
    }
    if (limits.cpu_quota_us || limits.cpu_period_us) {
      auto place = directory_of("cpu");
      if (!place) return unenforceable("cpu", "cpu");
      writes.push_back({"cpu period", *place + "/cpu.cfs_period_us",
                        std::to_string(limits.cpu_period_us.value_or(kDefaultPeriodUs)),
                        "/linux/resources/cpu/period"});
      writes.push_back({"cpu quota", *place + "/cpu.cfs_quota_us",
                        std::to_string(limits.cpu_quota_us.value_or(-1)), "/linux/resources/cpu/quota"});
    }
    if (limits.pids) {
      auto place = directory_of("pids");
      if (!place) return unenforceable("pids", "pids");
      std::string value = *limits.pids < 0 ? "max" : std::to_string(*limits.pids);
      writes.push_back({"pids limit", *place + "/pids.max", value, "/linux/resources/pids/limit"});
    }
    return writes;
  }

  /**
   * Writing another process's number into cgroup.procs waits for an RCU grace period under a system-wide lock
   * (some 10 ms); a thread that writes "0" into tasks moves itself for a hundredth of that. The child has one
   * thread.
   */
  void plan_join(Plan& plan) const override {
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

  /** A frozen process takes its SIGKILL only when it goes on (freezer-subsystem.rst). */
  Status kill_all() const override {
    Status killed = signal_all(SIGKILL);
    (void)static_cast<bool>(request_freeze(false));  // without a freezer nothing is frozen
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
  Status request_freeze(bool frozen) const override {
    auto place = directory_of("freezer");
    if (!place) return Error{"freeze", "cgroup", "controller freezer", EOPNOTSUPP, absence()};
    return write_control(*place + "/freezer.state", frozen ? "FROZEN" : "THAWED");
  }

 private:
  /** Memory and swap together are limited to the same, unless asked otherwise: else a limit only moves pages
   * to swap. */
  Status add_memory(std::vector<LimitWrite>& writes, const std::string& place,
                    const LimitSpec& limits) const {
    constexpr const char* kMemory = "/linux/resources/memory/limit";
    constexpr const char* kSwap = "/linux/resources/memory/swap";
    if (limits.memory_bytes)
      writes.push_back(
          {"memory limit", place + "/memory.limit_in_bytes", std::to_string(*limits.memory_bytes), kMemory});
    std::string name = "/memory.memsw.limit_in_bytes";
    bool counted = counts_swap(host());
    if (limits.swap_bytes && !counted && host_has_swap())
      return Error{"swap limit", "access", place + name, ENOENT,
                   "this kernel counts no swap; boot it with swapaccount=1"};
    auto total = limits.swap_bytes ? limits.swap_bytes : limits.memory_bytes;
    if (counted && total)
      writes.push_back(
          {"swap limit", place + name, std::to_string(*total), limits.swap_bytes ? kSwap : kMemory});
    return {};
  }

  std::vector<UniqueFd> tasks_;
};

}  // namespace

std::unique_ptr<Cgroup> make_cgroup_v1(const CgroupHost& host, const std::string& path) {
  return std::make_unique<CgroupV1>(host, path);
}

}  // namespace minirun
