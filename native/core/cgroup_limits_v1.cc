#include <algorithm>

#include "core/cgroup.h"
#include "core/cgroup_files.h"

namespace minirun {
namespace {

Error refused(const std::string& name, const std::string& setting, const std::string& why) {
  return {name, "cgroup", setting, EOPNOTSUPP, why};
}

/** Collects writes to the files of one controller. */
class Writes {
 public:
  Writes(const Cgroup& group, std::vector<LimitWrite>& all) : group_(group), all_(all) {}

  void add(const char* controller, const std::string& name, const std::string& setting,
           const std::vector<std::string>& files, const std::string& value, const std::string& key = "",
           const std::string& unset = "") {
    LimitWrite write{name, setting, {}, key, unset};
    std::string place = group_.directory_of(controller).value_or("");
    for (const auto& file : files) write.choices.push_back({place + "/" + file, value});
    all_.push_back(std::move(write));
  }

 private:
  const Cgroup& group_;
  std::vector<LimitWrite>& all_;
};

/** Where the kernel counts no swap and the host has some, a limit on it would be a silence. */
Status check_swap(const Cgroup& group) {
  if (counts_swap(group.host()) || !host_has_swap()) return {};
  return Error{"swap limit", "access",
               group.directory_of("memory").value_or("") + "/memory.memsw.limit_in_bytes", ENOENT,
               "this kernel counts no swap; boot it with swapaccount=1"};
}

Status add_memory(Writes& writes, const Cgroup& group, const MemoryLimits& memory) {
  if (memory.kernel.value_or(-1) > 0)
    return refused("kernel memory limit", "/linux/resources/memory/kernel",
                   "Linux counts kernel memory with the rest since 5.16; leave it out");
  if (!memory.use_hierarchy.value_or(true))
    return refused("memory hierarchy", "/linux/resources/memory/useHierarchy",
                   "Linux always counts groups below with those above since 5.11; leave it out");
  const std::string pointer = "/linux/resources/memory/";
  auto add = [&](const char* name, const char* setting, const char* file, const auto& value) {
    if (value)
      writes.add("memory", name, pointer + setting, {file}, std::to_string(static_cast<int64_t>(*value)));
  };
  if (memory.swap) {
    if (Status counted = check_swap(group); !counted) return counted;
  }
  add("memory limit", "limit", "memory.limit_in_bytes", memory.limit);
  if (counts_swap(group.host())) add("swap limit", "swap", "memory.memsw.limit_in_bytes", memory.swap);
  add("memory reservation", "reservation", "memory.soft_limit_in_bytes", memory.reservation);
  add("kernel tcp memory limit", "kernelTCP", "memory.kmem.tcp.limit_in_bytes", memory.kernel_tcp);
  add("swappiness", "swappiness", "memory.swappiness", memory.swappiness);
  add("oom killer", "disableOOMKiller", "memory.oom_control", memory.disable_oom_killer);
  return {};
}

/** Shares come before idle, which takes none; a period before its quota, and that before its burst. */
void add_cpu(Writes& writes, const CpuLimits& cpu) {
  const std::string pointer = "/linux/resources/cpu/";
  auto add = [&](const char* controller, const char* name, const char* setting, const char* file,
                 const std::string& value) {
    writes.add(controller, name, pointer + setting, {file}, value);
  };
  auto add_number = [&add](const char* name, const char* setting, const char* file, const auto& value) {
    if (value) add("cpu", name, setting, file, std::to_string(*value));
  };
  add_number("cpu shares", "shares", "cpu.shares", cpu.shares);
  add_number("cpu idle", "idle", "cpu.idle", cpu.idle);  // Linux 5.15
  add_number("cpu period", "period", "cpu.cfs_period_us", cpu.period_us);
  add_number("cpu quota", "quota", "cpu.cfs_quota_us", cpu.quota_us);
  add_number("cpu burst", "burst", "cpu.cfs_burst_us", cpu.burst_us);  // Linux 5.14
  add_number("cpu realtime period", "realtimePeriod", "cpu.rt_period_us", cpu.realtime_period_us);
  add_number("cpu realtime runtime", "realtimeRuntime", "cpu.rt_runtime_us", cpu.realtime_runtime_us);
  if (!cpu.cpus.empty()) add("cpuset", "cpus", "cpus", "cpuset.cpus", cpu.cpus);
  if (!cpu.mems.empty()) add("cpuset", "memory nodes", "mems", "cpuset.mems", cpu.mems);
}

const char* throttle_file(IoRate what) {
  switch (what) {
    case IoRate::read_bytes:
      return "blkio.throttle.read_bps_device";
    case IoRate::write_bytes:
      return "blkio.throttle.write_bps_device";
    case IoRate::read_operations:
      return "blkio.throttle.read_iops_device";
    case IoRate::write_operations:
      return "blkio.throttle.write_iops_device";
  }
  return "";
}

/** Weights: the BFQ scheduler's since Linux 5.0, CFQ's before. */
void add_block_io(Writes& writes, const BlockIoLimits& io) {
  const std::string pointer = "/linux/resources/blockIO";
  if (io.weight) {
    writes.add("blkio", "io weight", pointer + "/weight", {"blkio.bfq.weight", "blkio.weight"},
               std::to_string(*io.weight));
  }
  if (io.leaf_weight) {
    writes.add("blkio", "io leaf weight", pointer + "/leafWeight", {"blkio.leaf_weight"},
               std::to_string(*io.leaf_weight));
  }
  for (const auto& one : io.device_weights) {
    std::string device = to_string(one.device);
    auto add = [&](const char* name, const std::optional<uint16_t>& weight,
                   const std::vector<std::string>& files) {
      if (weight)
        writes.add("blkio", name, one.setting, files, device + " " + std::to_string(*weight), device,
                   device + " 0");
    };
    add("io weight", one.weight, {"blkio.bfq.weight_device", "blkio.weight_device"});
    add("io leaf weight", one.leaf_weight, {"blkio.leaf_weight_device"});
  }
  for (const auto& rate : io.rates) {
    std::string device = to_string(rate.device);
    writes.add("blkio", "io rate", rate.setting, {throttle_file(rate.what)},
               device + " " + std::to_string(rate.rate), device, device + " 0");
  }
}

void add_rest(Writes& writes, const LimitSpec& limits) {
  if (limits.pids) {
    writes.add("pids", "pids limit", "/linux/resources/pids/limit", {"pids.max"},
               *limits.pids < 0 ? "max" : std::to_string(*limits.pids));
  }
  for (const auto& one : limits.hugepages) {
    std::string usage = "hugetlb." + one.page_size + ".limit_in_bytes";
    std::string reserved = "hugetlb." + one.page_size + ".rsvd.limit_in_bytes";  // Linux 5.7
    writes.add("hugetlb", "huge page limit", one.setting, {usage}, std::to_string(one.bytes));
    writes.add("hugetlb", "huge page limit", one.setting, {reserved, usage}, std::to_string(one.bytes));
  }
  for (const auto& one : limits.rdma) {
    std::string line = one.device;
    if (one.handles) line += " hca_handle=" + std::to_string(*one.handles);
    if (one.objects) line += " hca_object=" + std::to_string(*one.objects);
    writes.add("rdma", "rdma limit", one.setting, {"rdma.max"}, line, one.device,
               one.device + " hca_handle=max hca_object=max");
  }
  if (limits.network.class_id) {
    writes.add("net_cls", "network class", "/linux/resources/network/classID", {"net_cls.classid"},
               std::to_string(*limits.network.class_id));
  }
  for (const auto& one : limits.network.priorities) {
    writes.add("net_prio", "network priority", one.setting, {"net_prio.ifpriomap"},
               one.interface + " " + std::to_string(one.priority), one.interface, one.interface + " 0");
  }
}

}  // namespace

Result<std::vector<LimitWrite>> limit_writes_v1(const Cgroup& group, const LimitSpec& limits) {
  if (!limits.unified.empty()) {
    return refused(limits.unified.front().file, limits.unified.front().setting,
                   "files of cgroup v2, and this host has v1: use memory, cpu, pids or blockIO instead");
  }
  std::vector<LimitWrite> all;
  Writes writes(group, all);
  if (Status added = add_memory(writes, group, limits.memory); !added) return added.error();
  add_cpu(writes, limits.cpu);
  add_block_io(writes, limits.block_io);
  add_rest(writes, limits);
  return all;
}

}  // namespace minirun
