#include "core/cgroup_files.h"
#include "core/text.h"
#include "core/usage.h"

namespace minirun {
namespace {

constexpr uint64_t kNsPerUs = 1000;

/** A limit, the highest number for "max". Nothing without the file. */
std::optional<uint64_t> read_limit(const std::string& file) {
  std::string text = read_text(file);
  return text.starts_with("max") ? UINT64_MAX : parse_number(text);
}

std::optional<uint64_t> sum(const std::optional<uint64_t>& a, const std::optional<uint64_t>& b) {
  if (!a || !b) return std::nullopt;
  return *a > UINT64_MAX - *b ? UINT64_MAX : *a + *b;
}

void read_cpu(const std::string& place, CpuUsage& cpu) {
  auto counts = parse_counts(read_text(place + "/cpu.stat"));
  cpu.total_ns = count_of(counts, "usage_usec", kNsPerUs);
  cpu.user_ns = count_of(counts, "user_usec", kNsPerUs);
  cpu.kernel_ns = count_of(counts, "system_usec", kNsPerUs);
  cpu.periods = count_of(counts, "nr_periods");
  cpu.throttled_periods = count_of(counts, "nr_throttled");
  cpu.throttled_ns = count_of(counts, "throttled_usec", kNsPerUs);
  cpu.bursts = count_of(counts, "nr_bursts");
  cpu.burst_ns = count_of(counts, "burst_usec", kNsPerUs);
  cpu.pressure = parse_pressure(read_text(place + "/cpu.pressure"));
}

void read_memory(const std::string& place, MemoryUsage& memory) {
  auto events = parse_counts(read_text(place + "/memory.events"));
  auto swap_events = parse_counts(read_text(place + "/memory.swap.events"));
  memory.memory = {read_number(place + "/memory.current"), read_number(place + "/memory.peak"),  // Linux 5.19
                   read_limit(place + "/memory.max"), count_of(events, "max")};
  memory.swap_only = {read_number(place + "/memory.swap.current"),
                      read_number(place + "/memory.swap.peak"),  // Linux 6.5
                      read_limit(place + "/memory.swap.max"), count_of(swap_events, "max")};
  memory.swap.usage = sum(memory.memory.usage, memory.swap_only.usage);
  memory.swap.limit = sum(memory.memory.limit, memory.swap_only.limit);
  memory.raw = parse_counts(read_text(place + "/memory.stat"));
  memory.cache = count_of(memory.raw, "file");
  memory.kernel.usage = count_of(memory.raw, "kernel");  // Linux 5.18
  memory.kernel_tcp.usage = count_of(memory.raw, "sock");
  memory.oom_kills = count_of(events, "oom_kill");
  memory.pressure = parse_pressure(read_text(place + "/memory.pressure"));
}

}  // namespace

Usage read_usage_v2(const Cgroup& group) {
  Usage usage;
  if (group.directories().empty()) return usage;
  const std::string place = group.directories().front();
  read_cpu(place, usage.cpu);
  usage.cpuset.cpus = parse_list(read_text(place + "/cpuset.cpus.effective"));
  usage.cpuset.mems = parse_list(read_text(place + "/cpuset.mems.effective"));
  read_memory(place, usage.memory);
  usage.pids = {read_number(place + "/pids.current"), read_limit(place + "/pids.max")};
  parse_io_stat(read_text(place + "/io.stat"), usage.io);
  usage.io.pressure = parse_pressure(read_text(place + "/io.pressure"));
  for (const auto& size : hugepage_sizes()) {
    std::string start = place + "/hugetlb." + size;
    if (auto current = read_number(start + ".current"))
      usage.hugepages[size] = {current, std::nullopt, read_keyed(start + ".events", "max")};
  }
  usage.rdma.current = parse_rdma(read_text(place + "/rdma.current"));
  usage.rdma.limit = parse_rdma(read_text(place + "/rdma.max"));
  return usage;
}

}  // namespace minirun
