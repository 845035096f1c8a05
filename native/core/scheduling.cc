#include "core/scheduling.h"

#include <linux/ioprio.h>
#include <sys/personality.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace minirun {
namespace {

/** struct sched_attr, as it has been since Linux 5.3: no header that declares it goes with <sched.h>. */
struct SchedulerAttributes {
  uint32_t size = sizeof(SchedulerAttributes);
  uint32_t policy = 0;
  uint64_t flags = 0;
  int32_t nice = 0;
  uint32_t priority = 0;
  uint64_t runtime = 0;
  uint64_t deadline = 0;
  uint64_t period = 0;
  uint32_t least_utilization = 0;
  uint32_t most_utilization = 0;
};

Fault set_scheduler(const SchedulerSpec& spec, pid_t pid) {
  SchedulerAttributes attributes;
  attributes.policy = spec.policy;
  attributes.flags = spec.flags;
  attributes.nice = spec.nice;
  attributes.priority = spec.priority;
  attributes.runtime = spec.runtime;
  attributes.deadline = spec.deadline;
  attributes.period = spec.period;
  return ::syscall(SYS_sched_setattr, pid, &attributes, 0) < 0 ? failed("sched_setattr") : kNoFault;
}

Fault set_io_priority(const IoPrioritySpec& spec, pid_t pid) {
  long value = IOPRIO_PRIO_VALUE(spec.io_class, spec.priority);
  return ::syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, pid, value) < 0 ? failed("ioprio_set") : kNoFault;
}

size_t bytes_of(const BitMask& mask) {
  return mask.size() * sizeof(unsigned long);
}

void plan_cpus(Plan& plan, const BitMask& cpus, const char* when, const char* setting, Side side) {
  if (cpus.empty()) return;
  auto action = [&cpus](TraceRow&) {
    return ::syscall(SYS_sched_setaffinity, 0, bytes_of(cpus), cpus.data()) < 0 ? failed("sched_setaffinity")
                                                                                : kNoFault;
  };
  plan.add({side, std::string(when) + " processors", "sched_setaffinity", "the new process", describe(cpus),
            setting, action});
}

}  // namespace

std::string describe(const BitMask& mask) {
  constexpr size_t kBits = 8 * sizeof(unsigned long);
  std::string text;
  for (size_t number = 0; number < mask.size() * kBits; ++number) {
    bool set = (mask[number / kBits] >> (number % kBits) & 1) != 0;
    if (set) text += (text.empty() ? "" : ",") + std::to_string(number);
  }
  return text;
}

void plan_scheduling(Plan& plan, const ProcessSpec& process, const pid_t& pid) {
  if (process.scheduler) {
    auto action = [&spec = *process.scheduler, &pid](TraceRow&) { return set_scheduler(spec, pid); };
    std::string arguments = process.scheduler->name + ", nice " + std::to_string(process.scheduler->nice);
    plan.add({Side::host, "scheduler", "sched_setattr", "the new process", arguments, "/process/scheduler",
              action});
  }
  if (process.io_priority) {
    auto action = [&spec = *process.io_priority, &pid](TraceRow&) { return set_io_priority(spec, pid); };
    std::string arguments = process.io_priority->name + " " + std::to_string(process.io_priority->priority);
    plan.add({Side::host, "io priority", "ioprio_set", "the new process", arguments, "/process/ioPriority",
              action});
  }
}

void plan_initial_cpus(Plan& plan, const ProcessSpec& process, Side side) {
  plan_cpus(plan, process.initial_cpus, "initial", "/process/execCPUAffinity/initial", side);
}

void plan_final_cpus(Plan& plan, const ProcessSpec& process) {
  plan_cpus(plan, process.final_cpus, "final", "/process/execCPUAffinity/final", Side::child);
}

void plan_memory_policy(Plan& plan, const ContainerSpec& spec) {
  if (!spec.memory_policy) return;
  auto action = [&policy = *spec.memory_policy](TraceRow&) {
    const unsigned long* nodes = policy.nodes.empty() ? nullptr : policy.nodes.data();
    // The kernel reads one bit less than it is told of (set_mempolicy(2), BUGS).
    size_t bits = policy.nodes.empty() ? 0 : 8 * bytes_of(policy.nodes) + 1;
    return ::syscall(SYS_set_mempolicy, policy.mode, nodes, bits) < 0 ? failed("set_mempolicy") : kNoFault;
  };
  std::string nodes = describe(spec.memory_policy->nodes);
  plan.add({Side::child, "memory policy", "set_mempolicy", "the new process",
            spec.memory_policy->name + (nodes.empty() ? "" : ", nodes " + nodes), "/linux/memoryPolicy",
            action});
}

void plan_personality(Plan& plan, const ContainerSpec& spec) {
  if (!spec.personality) return;
  auto action = [domain = *spec.personality](TraceRow&) {
    return ::personality(domain) < 0 ? failed("personality") : kNoFault;
  };
  plan.add({Side::child, "personality", "personality", "the new process",
            *spec.personality == PER_LINUX32 ? "PER_LINUX32" : "PER_LINUX", "/linux/personality", action});
}

}  // namespace minirun
