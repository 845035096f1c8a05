#include "core/cgroup_files.h"
#include "core/usage.h"

namespace minirun {
namespace {

constexpr uint64_t kNoLimit = 0x7fff'ffff'ffff'f000;  // what v1 reports for "none": LONG_MAX in whole pages

MemoryCounter read_counter(const std::string& start) {
  MemoryCounter counter;
  counter.usage = read_number(start + "usage_in_bytes");
  counter.peak = read_number(start + "max_usage_in_bytes");
  counter.limit = read_number(start + "limit_in_bytes");
  if (counter.limit && *counter.limit >= kNoLimit) counter.limit = UINT64_MAX;
  counter.failures = read_number(start + "failcnt");
  return counter;
}

void read_cpu(const Cgroup& group, CpuUsage& cpu) {
  if (auto place = group.directory_of("cpuacct")) {
    cpu.total_ns = read_number(*place + "/cpuacct.usage");
    cpu.user_ns = read_number(*place + "/cpuacct.usage_user");
    cpu.kernel_ns = read_number(*place + "/cpuacct.usage_sys");
    cpu.per_cpu_ns = parse_numbers(read_text(*place + "/cpuacct.usage_percpu"));
    cpu.per_cpu_user_ns = parse_numbers(read_text(*place + "/cpuacct.usage_percpu_user"));
    cpu.per_cpu_kernel_ns = parse_numbers(read_text(*place + "/cpuacct.usage_percpu_sys"));
  }
  if (auto place = group.directory_of("cpu")) {
    auto counts = parse_counts(read_text(*place + "/cpu.stat"));
    cpu.periods = count_of(counts, "nr_periods");
    cpu.throttled_periods = count_of(counts, "nr_throttled");
    cpu.throttled_ns = count_of(counts, "throttled_time");
    cpu.bursts = count_of(counts, "nr_bursts");
    cpu.burst_ns = count_of(counts, "burst_time");
  }
}

void read_memory(const std::string& place, MemoryUsage& memory) {
  memory.memory = read_counter(place + "/memory.");
  memory.swap = read_counter(place + "/memory.memsw.");
  if (memory.swap.usage && memory.memory.usage && *memory.swap.usage >= *memory.memory.usage)
    memory.swap_only.usage = *memory.swap.usage - *memory.memory.usage;
  memory.kernel = read_counter(place + "/memory.kmem.");
  memory.kernel_tcp = read_counter(place + "/memory.kmem.tcp.");
  memory.raw = parse_counts(read_text(place + "/memory.stat"));
  memory.cache = count_of(memory.raw, "total_cache");
  memory.oom_kills = read_keyed(place + "/memory.oom_control", "oom_kill");
}

/** From the BFQ scheduler where it has counted anything, else from the throttling layer, which always has. */
void read_io(const std::string& place, IoUsage& io) {
  auto first_of = [&place](std::initializer_list<const char*> files) {
    for (const char* file : files) {
      if (auto counts = parse_blkio(read_text(place + "/blkio." + file)); !counts.empty()) return counts;
    }
    return std::vector<IoCount>{};
  };
  io.service_bytes = first_of({"bfq.io_service_bytes_recursive", "throttle.io_service_bytes_recursive"});
  io.serviced = first_of({"bfq.io_serviced_recursive", "throttle.io_serviced_recursive"});
  io.queued = first_of({"bfq.io_queued_recursive"});
  io.service_time = first_of({"bfq.io_service_time_recursive"});
  io.wait_time = first_of({"bfq.io_wait_time_recursive"});
  io.merged = first_of({"bfq.io_merged_recursive"});
  io.time = first_of({"bfq.time_recursive"});
  io.sectors = first_of({"bfq.sectors_recursive"});
}

}  // namespace

Usage read_usage_v1(const Cgroup& group) {
  Usage usage;
  read_cpu(group, usage.cpu);
  if (auto place = group.directory_of("cpuset")) {
    usage.cpuset.cpus = parse_list(read_text(*place + "/cpuset.effective_cpus"));
    usage.cpuset.mems = parse_list(read_text(*place + "/cpuset.effective_mems"));
  }
  if (auto place = group.directory_of("memory")) read_memory(*place, usage.memory);
  if (auto place = group.directory_of("pids")) {
    usage.pids.current = read_number(*place + "/pids.current");
    usage.pids.limit = read_number(*place + "/pids.max");
    if (usage.pids.current && !usage.pids.limit) usage.pids.limit = UINT64_MAX;
  }
  if (auto place = group.directory_of("blkio")) read_io(*place, usage.io);
  if (auto place = group.directory_of("hugetlb")) {
    for (const auto& size : hugepage_sizes()) {
      MemoryCounter counter = read_counter(*place + "/hugetlb." + size + ".");
      if (counter.usage) usage.hugepages[size] = {counter.usage, counter.peak, counter.failures};
    }
  }
  if (auto place = group.directory_of("rdma")) {
    usage.rdma.current = parse_rdma(read_text(*place + "/rdma.current"));
    usage.rdma.limit = parse_rdma(read_text(*place + "/rdma.max"));
  }
  return usage;
}

}  // namespace minirun
