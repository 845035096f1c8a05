#include <linux/ioprio.h>
#include <linux/mempolicy.h>
#include <linux/sched.h>
#include <sys/personality.h>

#include "core/text.h"
#include "oci/named.h"
#include "oci/parts.h"

namespace minirun::oci {
namespace {

constexpr unsigned kMostNumbers = 4096;
constexpr unsigned kBits = 8 * sizeof(unsigned long);

constexpr Named<uint32_t> kPolicies[] = {{"SCHED_OTHER", SCHED_NORMAL},  {"SCHED_FIFO", SCHED_FIFO},
                                         {"SCHED_RR", SCHED_RR},         {"SCHED_BATCH", SCHED_BATCH},
                                         {"SCHED_IDLE", SCHED_IDLE},     {"SCHED_DEADLINE", SCHED_DEADLINE},
                                         {"SCHED_ISO", 4 /* reserved */}};

constexpr Named<uint64_t> kSchedulerFlags[] = {{"SCHED_FLAG_RESET_ON_FORK", SCHED_FLAG_RESET_ON_FORK},
                                               {"SCHED_FLAG_RECLAIM", SCHED_FLAG_RECLAIM},
                                               {"SCHED_FLAG_DL_OVERRUN", SCHED_FLAG_DL_OVERRUN},
                                               {"SCHED_FLAG_KEEP_POLICY", SCHED_FLAG_KEEP_POLICY},
                                               {"SCHED_FLAG_KEEP_PARAMS", SCHED_FLAG_KEEP_PARAMS},
                                               {"SCHED_FLAG_UTIL_CLAMP_MIN", SCHED_FLAG_UTIL_CLAMP_MIN},
                                               {"SCHED_FLAG_UTIL_CLAMP_MAX", SCHED_FLAG_UTIL_CLAMP_MAX}};

constexpr Named<int> kIoClasses[] = {{"IOPRIO_CLASS_RT", IOPRIO_CLASS_RT},
                                     {"IOPRIO_CLASS_BE", IOPRIO_CLASS_BE},
                                     {"IOPRIO_CLASS_IDLE", IOPRIO_CLASS_IDLE}};

constexpr int kWeightedInterleave = 6;  // MPOL_WEIGHTED_INTERLEAVE, Linux 6.9

constexpr Named<int> kMemoryModes[] = {{"MPOL_DEFAULT", MPOL_DEFAULT},
                                       {"MPOL_PREFERRED", MPOL_PREFERRED},
                                       {"MPOL_BIND", MPOL_BIND},
                                       {"MPOL_INTERLEAVE", MPOL_INTERLEAVE},
                                       {"MPOL_LOCAL", MPOL_LOCAL},
                                       {"MPOL_PREFERRED_MANY", MPOL_PREFERRED_MANY},
                                       {"MPOL_WEIGHTED_INTERLEAVE", kWeightedInterleave}};

constexpr Named<int> kMemoryFlags[] = {{"MPOL_F_STATIC_NODES", MPOL_F_STATIC_NODES},
                                       {"MPOL_F_RELATIVE_NODES", MPOL_F_RELATIVE_NODES},
                                       {"MPOL_F_NUMA_BALANCING", MPOL_F_NUMA_BALANCING}};

constexpr Named<unsigned long> kPersonalities[] = {{"LINUX", PER_LINUX}, {"LINUX32", PER_LINUX32}};

/** "3" or "0-3"; nothing for any other text. */
std::optional<std::pair<unsigned, unsigned>> parse_range(std::string_view text) {
  std::string_view last = text;
  std::string_view first = take(last, '-');
  if (text.find('-') == std::string_view::npos) last = first;
  auto is_number = [](std::string_view part) {
    return !part.empty() && part.find_first_not_of("0123456789") == std::string_view::npos;
  };
  if (!is_number(first) || !is_number(last)) return std::nullopt;
  auto from = parse_number(first);
  auto to = parse_number(last);
  if (!from || !to || *from > *to || *to >= kMostNumbers) return std::nullopt;
  return std::pair(static_cast<unsigned>(*from), static_cast<unsigned>(*to));
}

SchedulerSpec parse_scheduler(const Field& field) {
  SchedulerSpec spec;
  spec.name = field["policy"].required_string();
  spec.policy = lookup(kPolicies, field["policy"]);
  for (const auto& flag : field["flags"].items()) spec.flags |= lookup(kSchedulerFlags, flag);
  spec.nice = static_cast<int32_t>(field["nice"].integer(-20, 19));
  spec.priority = static_cast<uint32_t>(field["priority"].integer(0, 99));
  spec.runtime = field["runtime"].unsigned_integer();
  spec.deadline = field["deadline"].unsigned_integer();
  spec.period = field["period"].unsigned_integer();
  return spec;
}

}  // namespace

BitMask parse_numbers(const Field& field) {
  BitMask mask;
  for (const auto& part : split(field.string(), ',')) {
    auto range = parse_range(part);
    if (!range) {
      field.refuse("expected numbers such as 0-3,7, received \"" + field.string() + "\"");
      return {};
    }
    if (mask.size() <= range->second / kBits) mask.resize(range->second / kBits + 1);
    for (unsigned number = range->first; number <= range->second; ++number)
      mask[number / kBits] |= 1UL << (number % kBits);
  }
  return mask;
}

void parse_scheduling(const Field& process, ProcessSpec& spec) {
  if (process["scheduler"].present()) spec.scheduler = parse_scheduler(process["scheduler"]);
  Field io = process["ioPriority"];
  if (io.present()) {
    spec.io_priority = IoPrioritySpec{io["class"].required_string(), lookup(kIoClasses, io["class"]),
                                      static_cast<int>(io["priority"].integer(0, 7))};
  }
  spec.initial_cpus = parse_numbers(process["execCPUAffinity"]["initial"]);
  spec.final_cpus = parse_numbers(process["execCPUAffinity"]["final"]);
}

void parse_memory_policy(const Field& field, ContainerSpec& spec) {
  if (!field.present()) return;
  MemoryPolicySpec policy;
  policy.name = field["mode"].required_string();
  policy.mode = lookup(kMemoryModes, field["mode"]);
  for (const auto& flag : field["flags"].items()) policy.mode |= lookup(kMemoryFlags, flag);
  policy.nodes = parse_numbers(field["nodes"]);
  spec.memory_policy = std::move(policy);
}

void parse_personality(const Field& field, ContainerSpec& spec) {
  if (!field.present()) return;
  field["domain"].required_string();
  spec.personality = lookup(kPersonalities, field["domain"]);
  field["flags"].refuse_if_present("a flag of personality, which the specification doesn't name,");
}

}  // namespace minirun::oci
