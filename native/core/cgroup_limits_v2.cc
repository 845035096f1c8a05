#include <algorithm>
#include <cmath>

#include "core/cgroup.h"
#include "core/cgroup_files.h"
#include "core/file.h"
#include "core/text.h"

namespace minirun {
namespace {

constexpr const char* kDefaultPeriod = "100000";

Error refused(const std::string& name, const std::string& setting, const std::string& why) {
  return {name, "cgroup", setting, EOPNOTSUPP, why};
}

std::string number_or_max(int64_t value) {
  return value < 0 ? "max" : std::to_string(value);
}

/** Collects writes to the files of a group. */
class Writes {
 public:
  Writes(std::string place, std::vector<LimitWrite>& all) : place_(std::move(place)), all_(all) {}

  void add(const std::string& name, const std::string& setting, const std::vector<ControlValue>& choices,
           const std::string& key = "", const std::string& unset = "") {
    LimitWrite write{name, setting, choices, key, unset};
    for (auto& choice : write.choices) choice.file = path(choice.file);
    all_.push_back(std::move(write));
  }

  std::string path(const std::string& file) const { return place_ + "/" + file; }

 private:
  std::string place_;
  std::vector<LimitWrite>& all_;
};

/**
 * Shares go from 2 to 262144, weights from 1 to 10000, and of both 1024 and 100 are what a group without any
 * has: a curve through these three points, the one that runc and crun agreed on in 2025.
 */
uint64_t weight_of_shares(uint64_t shares) {
  constexpr uint64_t kLeast = 2, kGreatest = 262144, kHeaviest = 10000;
  if (shares <= kLeast) return 1;
  if (shares >= kGreatest) return kHeaviest;
  double l = std::log2(static_cast<double>(shares));
  return static_cast<uint64_t>(std::ceil(std::pow(10, (l * l + 125 * l) / 612.0 - 7.0 / 34.0)));
}

/** blkio's 10 to 1000 as io's 1 to 10000. */
uint64_t io_weight(uint16_t weight) {
  return 1 + (static_cast<uint64_t>(weight) - 10) * 9999 / 990;
}

Status check_memory(const MemoryLimits& memory) {
  auto refuse = [](const char* name, const char* setting, const char* why) {
    return refused(name, std::string("/linux/resources/memory/") + setting, why);
  };
  if (memory.kernel.value_or(-1) > 0 || memory.kernel_tcp.value_or(-1) > 0)
    return refuse("kernel memory limit", memory.kernel.value_or(-1) > 0 ? "kernel" : "kernelTCP",
                  "cgroup v2 counts kernel memory with the rest; leave it out");
  if (memory.swappiness)
    return refuse("swappiness", "swappiness", "cgroup v2 has none; limit the swap, or use vm.swappiness");
  if (memory.disable_oom_killer.value_or(false))
    return refuse("oom killer", "disableOOMKiller",
                  "cgroup v2 always kills; memory.high in unified only slows");
  if (!memory.use_hierarchy.value_or(true))
    return refuse("memory hierarchy", "useHierarchy",
                  "cgroup v2 always counts groups below with those above");
  return {};
}

/** v2 counts swap apart from memory; OCI gives the sum. */
Result<int64_t> swap_alone(const Writes& writes, const MemoryLimits& memory) {
  if (*memory.swap < 0) return int64_t{-1};
  auto limit = memory.limit;
  if (!limit) {
    if (auto now = read_number(writes.path("memory.max"))) limit = static_cast<int64_t>(*now);
  }
  if (limit && *limit >= 0) return std::max<int64_t>(*memory.swap - *limit, 0);
  return Error{"swap limit", "cgroup", "/linux/resources/memory/swap", EINVAL,
               "memory and swap together can't be limited without a limit of memory"};
}

Status add_memory(Writes& writes, const Cgroup& group, const MemoryLimits& memory) {
  if (Status checked = check_memory(memory); !checked) return checked;
  const std::string pointer = "/linux/resources/memory";
  if (memory.limit)
    writes.add("memory limit", pointer + "/limit", {{"memory.max", number_or_max(*memory.limit)}});
  if (memory.swap &&
      counts_swap(group.host())) {  // without swap in the kernel there is none to limit, and no file
    auto swap = swap_alone(writes, memory);
    if (!swap) return swap.error();
    writes.add("swap limit", pointer + "/swap", {{"memory.swap.max", number_or_max(*swap)}});
  }
  if (memory.reservation)
    writes.add("memory reservation", pointer + "/reservation",
               {{"memory.low", number_or_max(*memory.reservation)}});
  return {};
}

/** "QUOTA PERIOD". What isn't asked for stays as it is, or is the kernel's default in a new group. */
std::string cpu_max(const Writes& writes, const CpuLimits& cpu) {
  auto text = read_file(writes.path("cpu.max"));
  auto now = text ? split(text->substr(0, text->find('\n')), ' ') : std::vector<std::string>{};
  if (now.size() != 2) now = {"max", kDefaultPeriod};
  if (cpu.quota_us) now[0] = number_or_max(*cpu.quota_us);
  if (cpu.period_us) now[1] = std::to_string(*cpu.period_us);
  return now[0] + " " + now[1];
}

/** Weight comes before idle, which takes none; the quota before its burst. */
Status add_cpu(Writes& writes, const CpuLimits& cpu) {
  const std::string pointer = "/linux/resources/cpu";
  if (cpu.realtime_runtime_us || cpu.realtime_period_us) {
    const char* setting = cpu.realtime_runtime_us ? "/realtimeRuntime" : "/realtimePeriod";
    return refused("cpu realtime", pointer + setting, "cgroup v2 has no limits of realtime; leave it out");
  }
  if (cpu.shares)
    writes.add("cpu shares", pointer + "/shares",
               {{"cpu.weight", std::to_string(weight_of_shares(*cpu.shares))}});
  if (cpu.idle)
    writes.add("cpu idle", pointer + "/idle", {{"cpu.idle", std::to_string(*cpu.idle)}});  // Linux 5.15
  if (cpu.quota_us || cpu.period_us)
    writes.add("cpu quota", pointer + "/quota", {{"cpu.max", cpu_max(writes, cpu)}});
  if (cpu.burst_us)  // Linux 5.14
    writes.add("cpu burst", pointer + "/burst", {{"cpu.max.burst", std::to_string(*cpu.burst_us)}});
  if (!cpu.cpus.empty()) writes.add("cpus", pointer + "/cpus", {{"cpuset.cpus", cpu.cpus}});
  if (!cpu.mems.empty()) writes.add("memory nodes", pointer + "/mems", {{"cpuset.mems", cpu.mems}});
  return {};
}

const char* rate_key(IoRate what) {
  switch (what) {
    case IoRate::read_bytes:
      return "rbps";
    case IoRate::write_bytes:
      return "wbps";
    case IoRate::read_operations:
      return "riops";
    case IoRate::write_operations:
      return "wiops";
  }
  return "";
}

/** Weights are those of the BFQ scheduler, where the kernel has it, or the cost model's. */
Status add_block_io(Writes& writes, const BlockIoLimits& io) {
  const std::string pointer = "/linux/resources/blockIO";
  auto no_leaves = [](const std::string& setting) {
    return refused("io leaf weight", setting, "no scheduler of cgroup v2 has leaf weights; leave it out");
  };
  if (io.leaf_weight) return no_leaves(pointer + "/leafWeight");
  if (io.weight) {
    writes.add("io weight", pointer + "/weight",
               {{"io.bfq.weight", std::to_string(*io.weight)},
                {"io.weight", "default " + std::to_string(io_weight(*io.weight))}},
               "default", "default 100");
  }
  for (const auto& one : io.device_weights) {
    if (one.leaf_weight) return no_leaves(one.setting);
    std::string device = to_string(one.device);
    writes.add("io weight", one.setting,
               {{"io.bfq.weight", device + " " + std::to_string(*one.weight)},
                {"io.weight", device + " " + std::to_string(io_weight(*one.weight))}},
               device, device + " default");
  }
  for (const auto& rate : io.rates) {
    std::string device = to_string(rate.device);
    std::string value = rate.rate == 0 ? "max" : std::to_string(rate.rate);
    writes.add("io rate", rate.setting, {{"io.max", device + " " + rate_key(rate.what) + "=" + value}},
               device, device + " rbps=max wbps=max riops=max wiops=max");
  }
  return {};
}

void add_rest(Writes& writes, const LimitSpec& limits) {
  if (limits.pids)
    writes.add("pids limit", "/linux/resources/pids/limit", {{"pids.max", number_or_max(*limits.pids)}});
  for (const auto& one : limits.hugepages) {
    ControlValue usage{"hugetlb." + one.page_size + ".max", std::to_string(one.bytes)};
    ControlValue reserved{"hugetlb." + one.page_size + ".rsvd.max", usage.value};  // Linux 5.7
    writes.add("huge page limit", one.setting, {usage});
    writes.add("huge page limit", one.setting, {reserved, usage});
  }
  for (const auto& one : limits.rdma) {
    std::string line = one.device;
    if (one.handles) line += " hca_handle=" + std::to_string(*one.handles);
    if (one.objects) line += " hca_object=" + std::to_string(*one.objects);
    writes.add("rdma limit", one.setting, {{"rdma.max", line}}, one.device,
               one.device + " hca_handle=max hca_object=max");
  }
}

/** A file takes one line at a time; one that is about a device, or another key, leaves the other lines alone.
 */
void add_unified(Writes& writes, const std::vector<UnifiedLimit>& unified) {
  for (const auto& limit : unified) {
    for (const auto& line : split(limit.value, '\n')) {
      size_t blank = line.find(' ');
      bool keyed = blank != std::string::npos && limit.file != "cpu.max";
      writes.add(limit.file, limit.setting, {{limit.file, line}}, keyed ? line.substr(0, blank) : "");
    }
  }
}

}  // namespace

Result<std::vector<LimitWrite>> limit_writes_v2(const Cgroup& group, const LimitSpec& limits) {
  if (limits.network.class_id || !limits.network.priorities.empty()) {
    return refused("network limit", "/linux/resources/network",
                   "cgroup v2 has neither network classes nor priorities; leave it out");
  }
  std::vector<LimitWrite> all;
  Writes writes(group.directories().empty() ? "" : group.directories().front(), all);
  if (Status added = add_memory(writes, group, limits.memory); !added) return added.error();
  if (Status added = add_cpu(writes, limits.cpu); !added) return added.error();
  if (Status added = add_block_io(writes, limits.block_io); !added) return added.error();
  add_rest(writes, limits);
  add_unified(writes, limits.unified);
  return all;
}

}  // namespace minirun
