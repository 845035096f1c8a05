// linux.resources: what a container may use. As runc and crun have it, 0 is no limit but "not set" where a
// limit of nothing would have no meaning.

#include <algorithm>

#include "oci/parts.h"

namespace minirun::oci {
namespace {

constexpr int64_t kNoLimit = -1;
constexpr int64_t kLeastWeight = 10;
constexpr int64_t kGreatestWeight = 1000;
constexpr int64_t kAnyDevice = -1;  // what Docker writes for "all"

/** A limit for which 0 says that none is set. */
std::optional<int64_t> optional_limit(const Field& field) {
  int64_t number = field.integer(kNoLimit, INT64_MAX);
  return number == 0 ? std::nullopt : std::optional(number);
}

std::optional<uint64_t> optional_amount(const Field& field) {
  uint64_t number = field.unsigned_integer();
  return number == 0 ? std::nullopt : std::optional(number);
}

std::optional<uint64_t> optional_number(const Field& field) {
  return field.present() ? std::optional(field.unsigned_integer()) : std::nullopt;
}

std::optional<uint32_t> optional_id(const Field& field) {
  if (!field.present()) return std::nullopt;
  return static_cast<uint32_t>(field.integer(0, UINT32_MAX));
}

std::optional<bool> optional_boolean(const Field& field) {
  return field.present() ? std::optional(field.boolean()) : std::nullopt;
}

MemoryLimits parse_memory(const Field& field) {
  MemoryLimits memory;
  memory.limit = optional_limit(field["limit"]);
  memory.reservation = optional_limit(field["reservation"]);
  memory.swap = optional_limit(field["swap"]);
  memory.kernel = optional_limit(field["kernel"]);
  memory.kernel_tcp = optional_limit(field["kernelTCP"]);
  if (field["swappiness"].present())
    memory.swappiness = static_cast<uint64_t>(field["swappiness"].integer(0, 100));
  memory.disable_oom_killer = optional_boolean(field["disableOOMKiller"]);
  memory.use_hierarchy = optional_boolean(field["useHierarchy"]);
  memory.check_before_update = field["checkBeforeUpdate"].boolean();
  bool both = memory.limit && memory.swap && *memory.swap != kNoLimit;
  if (both && (*memory.limit == kNoLimit || *memory.swap < *memory.limit))
    field["swap"].refuse("memory and swap together can't be less than memory");
  return memory;
}

CpuLimits parse_cpu(const Field& field) {
  CpuLimits cpu;
  cpu.shares = optional_amount(field["shares"]);
  cpu.quota_us = optional_limit(field["quota"]);
  cpu.period_us = optional_amount(field["period"]);
  cpu.burst_us = optional_number(field["burst"]);
  cpu.realtime_runtime_us = optional_limit(field["realtimeRuntime"]);
  cpu.realtime_period_us = optional_amount(field["realtimePeriod"]);
  if (field["idle"].present()) cpu.idle = field["idle"].integer(0, 1);
  cpu.cpus = field["cpus"].string();
  cpu.mems = field["mems"].string();
  if (cpu.burst_us && cpu.quota_us && *cpu.quota_us > 0 &&
      *cpu.burst_us > static_cast<uint64_t>(*cpu.quota_us))
    field["burst"].refuse("can't be above the quota");
  return cpu;
}

std::optional<uint16_t> parse_weight(const Field& field) {
  if (field.integer(INT64_MIN, INT64_MAX) == 0) return std::nullopt;
  return static_cast<uint16_t>(field.integer(kLeastWeight, kGreatestWeight));
}

DeviceNumber parse_number(const Field& field) {
  for (const char* part : {"major", "minor"}) {
    if (!field[part].present()) field[part].refuse("is required");
  }
  return {static_cast<uint32_t>(field["major"].integer(0, UINT32_MAX)),
          static_cast<uint32_t>(field["minor"].integer(0, UINT32_MAX))};
}

void parse_rates(const Field& list, IoRate what, std::vector<DeviceRate>& rates) {
  for (const auto& field : list.items()) {
    if (!field["rate"].present()) field["rate"].refuse("is required");
    rates.push_back({what, parse_number(field), field["rate"].unsigned_integer(), field.pointer()});
  }
}

BlockIoLimits parse_block_io(const Field& field) {
  BlockIoLimits io;
  io.weight = parse_weight(field["weight"]);
  io.leaf_weight = parse_weight(field["leafWeight"]);
  for (const auto& entry : field["weightDevice"].items()) {
    DeviceWeight weight{parse_number(entry), parse_weight(entry["weight"]), parse_weight(entry["leafWeight"]),
                        entry.pointer()};
    if (!weight.weight && !weight.leaf_weight) entry.refuse("expected weight or leafWeight");
    io.device_weights.push_back(std::move(weight));
  }
  parse_rates(field["throttleReadBpsDevice"], IoRate::read_bytes, io.rates);
  parse_rates(field["throttleWriteBpsDevice"], IoRate::write_bytes, io.rates);
  parse_rates(field["throttleReadIOPSDevice"], IoRate::read_operations, io.rates);
  parse_rates(field["throttleWriteIOPSDevice"], IoRate::write_operations, io.rates);
  return io;
}

/** A name that is to become a part of a control file's name: it must not lead anywhere else. */
bool is_file_name(const std::string& name) {
  return !name.empty() && name != "." && name != ".." && name.find('/') == std::string::npos;
}

std::vector<HugepageLimit> parse_hugepages(const Field& list) {
  std::vector<HugepageLimit> limits;
  for (const auto& field : list.items()) {
    HugepageLimit limit{field["pageSize"].required_string(), field["limit"].unsigned_integer(),
                        field.pointer()};
    size_t digits = limit.page_size.find_first_not_of("0123456789");
    std::string unit = digits == std::string::npos ? "" : limit.page_size.substr(digits);
    if (digits == 0 || (unit != "KB" && unit != "MB" && unit != "GB"))
      field["pageSize"].refuse("expected a size like 2MB, received \"" + limit.page_size + "\"");
    if (!field["limit"].present()) field["limit"].refuse("is required");
    limits.push_back(std::move(limit));
  }
  return limits;
}

std::vector<RdmaLimit> parse_rdma(const Field& object) {
  std::vector<RdmaLimit> limits;
  for (const auto& [name, field] : object.members()) {
    RdmaLimit limit{name, optional_id(field["hcaHandles"]), optional_id(field["hcaObjects"]),
                    field.pointer()};
    if (!limit.handles && !limit.objects) field.refuse("expected hcaHandles or hcaObjects");
    if (!is_file_name(name) || name.find_first_of(" \n") != std::string::npos)
      field.refuse("is no name of a device");
    limits.push_back(std::move(limit));
  }
  return limits;
}

NetworkLimits parse_network(const Field& field) {
  NetworkLimits network;
  network.class_id = optional_id(field["classID"]);
  for (const auto& entry : field["priorities"].items()) {
    InterfacePriority priority{entry["name"].required_string(), 0, entry.pointer()};
    priority.priority = static_cast<uint32_t>(entry["priority"].integer(0, UINT32_MAX));
    if (!is_file_name(priority.interface) || priority.interface.find_first_of(" \n") != std::string::npos)
      entry["name"].refuse("is no name of an interface");
    network.priorities.push_back(std::move(priority));
  }
  return network;
}

std::vector<UnifiedLimit> parse_unified(const Field& object) {
  std::vector<UnifiedLimit> limits;
  for (const auto& [name, field] : object.members()) {
    if (!is_file_name(name)) field.refuse("expected the name of a file like memory.high");
    limits.push_back({name, field.string(), field.pointer()});
  }
  return limits;
}

std::optional<uint32_t> parse_rule_number(const Field& field) {
  int64_t number = field.integer(kAnyDevice, UINT32_MAX, kAnyDevice);
  return number == kAnyDevice ? std::nullopt : std::optional(static_cast<uint32_t>(number));
}

unsigned parse_access(const Field& field) {
  unsigned access = 0;
  for (char letter : field.string("rwm")) {
    switch (letter) {
      case 'r':
        access |= DeviceRule::kRead;
        break;
      case 'w':
        access |= DeviceRule::kWrite;
        break;
      case 'm':
        access |= DeviceRule::kMknod;
        break;
      default:
        field.refuse("expected letters out of rwm, received \"" + field.string() + "\"");
    }
  }
  return access == 0 ? DeviceRule::kAll : access;
}

std::vector<DeviceRule> parse_device_rules(const Field& list) {
  std::vector<DeviceRule> rules;
  for (const auto& field : list.items()) {
    DeviceRule rule;
    rule.setting = field.pointer();
    if (!field["allow"].present()) field["allow"].refuse("is required");
    rule.allow = field["allow"].boolean();
    std::string type = field["type"].string("a");
    if (type != "a" && type != "b" && type != "c" && !type.empty())
      field["type"].refuse("expected a, b or c, received \"" + type + "\"");
    rule.type = type.empty() ? 'a' : type.front();
    rule.major = parse_rule_number(field["major"]);
    rule.minor = parse_rule_number(field["minor"]);
    rule.access = parse_access(field["access"]);
    rules.push_back(std::move(rule));
  }
  return rules;
}

}  // namespace

LimitSpec parse_resources(const Field& field) {
  LimitSpec limits;
  limits.memory = parse_memory(field["memory"]);
  limits.cpu = parse_cpu(field["cpu"]);
  if (field["pids"].present()) limits.pids = field["pids"]["limit"].integer(kNoLimit, INT64_MAX, kNoLimit);
  limits.block_io = parse_block_io(field["blockIO"]);
  limits.hugepages = parse_hugepages(field["hugepageLimits"]);
  limits.rdma = parse_rdma(field["rdma"]);
  limits.network = parse_network(field["network"]);
  limits.unified = parse_unified(field["unified"]);
  limits.devices = parse_device_rules(field["devices"]);
  return limits;
}

}  // namespace minirun::oci
