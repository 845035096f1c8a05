#pragma once

// What a container uses, as completely as the kernel tells it: what `minirun-oci events --stats` prints. The
// product's own statistics, measured each second, are in statistics.h.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/cgroup.h"

namespace minirun {

/** Pressure stall information (Documentation/accounting/psi.rst): percent of the last 10, 60 and 300 s. */
struct Pressure {
  struct Line {
    double avg10 = 0;
    double avg60 = 0;
    double avg300 = 0;
    uint64_t total_us = 0;
  };
  std::optional<Line> some;
  std::optional<Line> full;
};

/** Absent is what this version of control groups, or this kernel, doesn't tell. */
struct CpuUsage {
  std::optional<uint64_t> total_ns, user_ns, kernel_ns;
  std::vector<uint64_t> per_cpu_ns, per_cpu_user_ns, per_cpu_kernel_ns;  ///< v1
  std::optional<uint64_t> periods, throttled_periods, throttled_ns, bursts, burst_ns;
  Pressure pressure;
};

/** Which processors and memory nodes the group may use. */
struct CpusetUsage {
  std::vector<uint32_t> cpus, mems;
};

/** Bytes, and how often the limit stood in the way. No limit: UINT64_MAX. */
struct MemoryCounter {
  std::optional<uint64_t> usage, peak, limit, failures;
};

struct MemoryUsage {
  std::optional<uint64_t> cache;
  MemoryCounter memory;
  MemoryCounter swap;  ///< memory and swap together
  MemoryCounter swap_only;
  MemoryCounter kernel;
  MemoryCounter kernel_tcp;
  std::optional<uint64_t> oom_kills;
  std::map<std::string, uint64_t> raw;  ///< memory.stat
  Pressure pressure;
};

struct PidsUsage {
  std::optional<uint64_t> current, limit;  ///< no limit: UINT64_MAX
};

/** One number of one device. */
struct IoCount {
  DeviceNumber device;
  std::string operation;  ///< "Read", "Write", "Sync" …; empty where all are meant
  uint64_t value = 0;
};

/** Bytes, operations, nanoseconds, sectors. */
struct IoUsage {
  std::vector<IoCount> service_bytes, serviced, queued, service_time, wait_time, merged, time, sectors;
  Pressure pressure;
};

struct HugepageUsage {
  std::optional<uint64_t> usage, peak, failures;
};

struct RdmaUsage {
  std::map<std::string, std::map<std::string, uint64_t>> current, limit;  ///< by device and kind
};

struct Usage {
  CpuUsage cpu;
  CpusetUsage cpuset;
  MemoryUsage memory;
  PidsUsage pids;
  IoUsage io;
  std::map<std::string, HugepageUsage> hugepages;  ///< by page size
  RdmaUsage rdma;
};

Usage read_usage(const Cgroup& group);

/** The drivers of the two versions. */
Usage read_usage_v1(const Cgroup& group);
Usage read_usage_v2(const Cgroup& group);

// Readers of the kernel's texts; what they don't understand they leave out.

std::map<std::string, uint64_t> parse_counts(std::string_view text);  ///< "key number" lines
std::optional<uint64_t> count_of(const std::map<std::string, uint64_t>& counts, const std::string& key,
                                 uint64_t scale = 1);
std::vector<uint64_t> parse_numbers(std::string_view text);  ///< blank-separated
std::vector<uint32_t> parse_list(std::string_view text);     ///< "0-3,5"
Pressure parse_pressure(std::string_view text);              ///< "some avg10=0.00 …"
std::vector<IoCount> parse_blkio(std::string_view text);     ///< "8:0 Read 4096", "8:0 12"
void parse_io_stat(std::string_view text, IoUsage& usage);   ///< "8:0 rbytes=4096 …"
std::map<std::string, std::map<std::string, uint64_t>> parse_rdma(std::string_view text);

/** The page sizes that the kernel has limits for, as its files name them: "2MB". */
std::vector<std::string> hugepage_sizes();

}  // namespace minirun
