#pragma once

// What a container may use: linux.resources of the OCI runtime specification, in the core's terms. Absent is
// what nobody asked for. `setting` is the JSON pointer of what asked for something.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace minirun {

/** Bytes; -1: no limit. */
struct MemoryLimits {
  std::optional<int64_t> limit;
  std::optional<int64_t> reservation;  ///< what the kernel tries to leave to the group
  std::optional<int64_t> swap;         ///< memory and swap together
  std::optional<int64_t> kernel;
  std::optional<int64_t> kernel_tcp;
  std::optional<uint64_t> swappiness;  ///< 0 to 100
  std::optional<bool> disable_oom_killer;
  std::optional<bool> use_hierarchy;
  /** Another limit is refused, and not enforced by killing, where more is in use and can't be reclaimed. */
  bool check_before_update = false;
};

/** Microseconds but for shares and idle. */
struct CpuLimits {
  std::optional<uint64_t> shares;   ///< relative to other groups: 2 to 262144, 1024 is usual
  std::optional<int64_t> quota_us;  ///< per period; -1: none
  std::optional<uint64_t> period_us;
  std::optional<uint64_t> burst_us;
  std::optional<int64_t> realtime_runtime_us;
  std::optional<uint64_t> realtime_period_us;
  std::optional<int64_t> idle;  ///< 1: SCHED_IDLE for the group
  std::string cpus;             ///< "0-2,5"; empty: any
  std::string mems;             ///< the same of memory nodes
};

struct DeviceNumber {
  uint32_t major = 0;
  uint32_t minor = 0;
};

/** "8:0", as the kernel's files name a device. */
std::string to_string(DeviceNumber number);

struct DeviceWeight {
  DeviceNumber device;
  std::optional<uint16_t> weight;
  std::optional<uint16_t> leaf_weight;
  std::string setting;
};

enum class IoRate : uint8_t { read_bytes, write_bytes, read_operations, write_operations };

/** Per second; 0: no limit. */
struct DeviceRate {
  IoRate what;
  DeviceNumber device;
  uint64_t rate = 0;
  std::string setting;
};

struct BlockIoLimits {
  std::optional<uint16_t> weight;  ///< 10 to 1000
  std::optional<uint16_t> leaf_weight;
  std::vector<DeviceWeight> device_weights;
  std::vector<DeviceRate> rates;
};

struct HugepageLimit {
  std::string page_size;  ///< as the kernel's files have it: "2MB"
  uint64_t bytes = 0;
  std::string setting;
};

struct RdmaLimit {
  std::string device;
  std::optional<uint32_t> handles;
  std::optional<uint32_t> objects;
  std::string setting;
};

struct InterfacePriority {
  std::string interface;
  uint32_t priority = 0;
  std::string setting;
};

struct NetworkLimits {
  std::optional<uint32_t> class_id;
  std::vector<InterfacePriority> priorities;
};

/** A file of a cgroup v2 by its name, and what is to be written to it. */
struct UnifiedLimit {
  std::string file;
  std::string value;
  std::string setting;
};

/** Whether devices may be opened or made; of several rules on a device the last one that names it decides. */
struct DeviceRule {
  static constexpr unsigned kMknod = 1, kRead = 2, kWrite = 4, kAll = 7;  ///< the kernel's BPF_DEVCG_ACC_*

  bool allow = false;
  char type = 'a';                ///< 'a' (both), 'b' or 'c'
  std::optional<uint32_t> major;  ///< absent: all
  std::optional<uint32_t> minor;
  unsigned access = kAll;
  std::string setting;
};

struct LimitSpec {
  MemoryLimits memory;
  CpuLimits cpu;
  std::optional<int64_t> pids;  ///< -1: none
  BlockIoLimits block_io;
  std::vector<HugepageLimit> hugepages;
  std::vector<RdmaLimit> rdma;
  NetworkLimits network;
  std::vector<UnifiedLimit> unified;
  std::vector<DeviceRule> devices;  ///< none: devices are as free as above the group
};

}  // namespace minirun
