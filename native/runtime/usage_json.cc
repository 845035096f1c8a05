#include "runtime/usage_json.h"

#include <cstdio>

namespace minirun::runtime {
namespace {

using oci::Json;
using Members = std::vector<Json::Member>;

/** Adds what the kernel has told. */
void add(Members& members, const char* name, const std::optional<uint64_t>& number) {
  if (number) members.emplace_back(name, *number);
}

void add(Members& members, const char* name, const std::vector<uint64_t>& numbers) {
  if (!numbers.empty()) members.emplace_back(name, Json::array_of(numbers));
}

Json line_json(const Pressure::Line& line) {
  return Json::object(
      {{"avg10", line.avg10}, {"avg60", line.avg60}, {"avg300", line.avg300}, {"total", line.total_us}});
}

void add_pressure(Members& members, const Pressure& pressure) {
  if (!pressure.some && !pressure.full) return;
  Members lines;
  if (pressure.some) lines.emplace_back("some", line_json(*pressure.some));
  if (pressure.full) lines.emplace_back("full", line_json(*pressure.full));
  members.emplace_back("psi", Json::object(lines));
}

Json cpu_json(const CpuUsage& cpu) {
  Members usage;
  add(usage, "total", cpu.total_ns);
  add(usage, "percpu", cpu.per_cpu_ns);
  add(usage, "percpu_kernel", cpu.per_cpu_kernel_ns);
  add(usage, "percpu_user", cpu.per_cpu_user_ns);
  usage.emplace_back("kernel", cpu.kernel_ns.value_or(0));
  usage.emplace_back("user", cpu.user_ns.value_or(0));
  Members throttling;
  add(throttling, "periods", cpu.periods);
  add(throttling, "throttledPeriods", cpu.throttled_periods);
  add(throttling, "throttledTime", cpu.throttled_ns);
  add(throttling, "bursts", cpu.bursts);
  add(throttling, "burstTime", cpu.burst_ns);
  Members members{{"usage", Json::object(usage)}, {"throttling", Json::object(throttling)}};
  add_pressure(members, cpu.pressure);
  return Json::object(members);
}

Json counter_json(const MemoryCounter& counter) {
  Members members;
  members.emplace_back("limit", counter.limit.value_or(0));
  add(members, "usage", counter.usage);
  add(members, "max", counter.peak);
  members.emplace_back("failcnt", counter.failures.value_or(0));
  return Json::object(members);
}

Json counts_json(const std::map<std::string, uint64_t>& counts) {
  Members members;
  for (const auto& [name, value] : counts) members.emplace_back(name, value);
  return Json::object(members);
}

Json memory_json(const MemoryUsage& memory) {
  Members members;
  add(members, "cache", memory.cache);
  members.emplace_back("usage", counter_json(memory.memory));
  members.emplace_back("swap", counter_json(memory.swap));
  members.emplace_back("swapOnly", counter_json(memory.swap_only));
  members.emplace_back("kernel", counter_json(memory.kernel));
  members.emplace_back("kernelTCP", counter_json(memory.kernel_tcp));
  add(members, "oomKills", memory.oom_kills);
  members.emplace_back("raw", counts_json(memory.raw));
  add_pressure(members, memory.pressure);
  return Json::object(members);
}

void add(Members& members, const char* name, const std::vector<IoCount>& counts) {
  if (counts.empty()) return;
  std::vector<Json> entries;
  for (const auto& count : counts) {
    Members entry{{"major", count.device.major}, {"minor", count.device.minor}};
    if (!count.operation.empty()) entry.emplace_back("op", count.operation);
    entry.emplace_back("value", count.value);
    entries.push_back(Json::object(entry));
  }
  members.emplace_back(name, Json::array(entries));
}

Json io_json(const IoUsage& io) {
  Members members;
  add(members, "ioServiceBytesRecursive", io.service_bytes);
  add(members, "ioServicedRecursive", io.serviced);
  add(members, "ioQueueRecursive", io.queued);
  add(members, "ioServiceTimeRecursive", io.service_time);
  add(members, "ioWaitTimeRecursive", io.wait_time);
  add(members, "ioMergedRecursive", io.merged);
  add(members, "ioTimeRecursive", io.time);
  add(members, "sectorsRecursive", io.sectors);
  add_pressure(members, io.pressure);
  return Json::object(members);
}

Json pids_json(const PidsUsage& pids) {
  Members members;
  add(members, "current", pids.current);
  if (pids.limit && *pids.limit != UINT64_MAX) members.emplace_back("limit", *pids.limit);
  return Json::object(members);
}

Json hugepages_json(const std::map<std::string, HugepageUsage>& sizes) {
  Members members;
  for (const auto& [size, usage] : sizes) {
    Members one;
    add(one, "usage", usage.usage);
    add(one, "max", usage.peak);
    one.emplace_back("failcnt", usage.failures.value_or(0));
    members.emplace_back(size, Json::object(one));
  }
  return Json::object(members);
}

}  // namespace

Json usage_json(const Usage& usage) {
  Json cpuset = Json::object(
      {{"cpus", Json::array_of(usage.cpuset.cpus)}, {"mems", Json::array_of(usage.cpuset.mems)}});
  return Json::object({{"cpu", cpu_json(usage.cpu)},
                       {"cpuset", cpuset},
                       {"memory", memory_json(usage.memory)},
                       {"pids", pids_json(usage.pids)},
                       {"blkio", io_json(usage.io)},
                       {"hugetlb", hugepages_json(usage.hugepages)}});
}

std::string event_line(const std::string& type, const std::string& id, const Json* data) {
  Members members{{"type", type}, {"id", id}};
  if (data != nullptr) members.emplace_back("data", *data);
  return Json::object(members).text();
}

}  // namespace minirun::runtime
