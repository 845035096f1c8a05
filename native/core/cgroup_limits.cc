// What the limits of both versions have in common, and how they are written.

#include <algorithm>

#include "core/cgroup.h"
#include "core/cgroup_files.h"
#include "core/file.h"

namespace minirun {
namespace {

std::string without_line_end(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

/** Whether something asks of the memory controller more than it does by itself. */
bool limits_memory(const MemoryLimits& memory) {
  return memory.limit || memory.reservation || memory.swap || memory.kernel || memory.kernel_tcp ||
         memory.swappiness || memory.disable_oom_killer.value_or(false) ||
         !memory.use_hierarchy.value_or(true);
}

bool limits_cpu(const CpuLimits& cpu) {
  return cpu.shares || cpu.quota_us || cpu.period_us || cpu.burst_us || cpu.realtime_runtime_us ||
         cpu.realtime_period_us || cpu.idle;
}

bool limits_io(const BlockIoLimits& io) {
  return io.weight || io.leaf_weight || !io.device_weights.empty() || !io.rates.empty();
}

/** "memory" of "memory.high". The files of the core, "cgroup.max.depth" for one, are in every group. */
std::optional<std::string> controller_of(const std::string& file) {
  std::string name = file.substr(0, file.find('.'));
  return name == "cgroup" ? std::nullopt : std::optional(name);
}

/** The file of a write that is to be written: the first that is there, or else the first. */
const ControlValue& chosen(const LimitWrite& write) {
  for (const auto& choice : write.choices) {
    if (::access(choice.file.c_str(), F_OK) == 0) return choice;
  }
  return write.choices.front();
}

/** What is to be written to put back what stands in a file now. */
Result<ControlValue> present_value(const LimitWrite& write) {
  const std::string& file = chosen(write).file;
  if (!write.key.empty()) return ControlValue{file, read_line_of(file, write.key).value_or(write.unset)};
  auto text = read_file(file);
  if (!text) return text.error();
  return ControlValue{file, without_line_end(*text)};
}

Status write_and_remember(const LimitWrite& write, std::vector<ControlValue>& replaced) {
  auto before = present_value(write);
  if (Status written = write_limit(write); !written) return written;
  if (before && !before->value.empty()) replaced.push_back(*before);
  return {};
}

}  // namespace

std::string to_string(DeviceNumber number) {
  return std::to_string(number.major) + ":" + std::to_string(number.minor);
}

std::set<std::string> needed_controllers(const LimitSpec& limits, int version) {
  std::set<std::string> needed;
  auto need = [&needed](bool asked_for, const char* controller) {
    if (asked_for) needed.insert(controller);
  };
  need(limits_memory(limits.memory), "memory");
  need(limits_cpu(limits.cpu), "cpu");
  need(!limits.cpu.cpus.empty() || !limits.cpu.mems.empty(), "cpuset");
  need(limits.pids.has_value(), "pids");
  need(limits_io(limits.block_io), version == 2 ? "io" : "blkio");
  need(!limits.hugepages.empty(), "hugetlb");
  need(!limits.rdma.empty(), "rdma");
  if (version == 1) {
    need(limits.network.class_id.has_value(), "net_cls");
    need(!limits.network.priorities.empty(), "net_prio");
    need(!limits.devices.empty(), "devices");
  }
  for (const auto& limit : limits.unified) {
    auto controller = controller_of(limit.file);
    if (version == 2 && controller) needed.insert(*controller);
  }
  return needed;
}

Status write_limit(const LimitWrite& write) {
  const ControlValue& choice = chosen(write);
  Status written = write_control(choice.file, choice.value);
  if (written) return written;
  written.error().step = write.name;
  if (written.error().code == ENOENT) written.error().note = "this kernel has no such limit";
  return written;
}

/**
 * In order, and what was refused once more at the end: on v1 memory must never be above memory and swap
 * together, and burst never above the quota, so which of two comes first depends on whether they rise or
 * fall.
 */
Result<std::vector<ControlValue>> write_limits(const std::vector<LimitWrite>& writes) {
  std::vector<ControlValue> replaced;
  std::vector<const LimitWrite*> refused;
  for (const auto& write : writes) {
    if (!write_and_remember(write, replaced)) refused.push_back(&write);
  }
  Status failed;
  for (const auto* write : refused) {
    Status written = write_and_remember(*write, replaced);
    if (failed && !written) failed = written;
  }
  if (failed) return replaced;
  put_back(replaced);
  return failed.error();
}

/** Each twice, for the same reason as above. */
void put_back(const std::vector<ControlValue>& replaced) {
  for (int round = 0; round < 2; ++round) {
    for (auto one = replaced.rbegin(); one != replaced.rend(); ++one)
      (void)static_cast<bool>(write_control(one->file, one->value));
  }
}

}  // namespace minirun
