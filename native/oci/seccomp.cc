#include <linux/seccomp.h>
#include <seccomp.h>

#include <cerrno>
#include <string_view>

#include "oci/parts.h"

namespace minirun::oci {
namespace {

template <class T>
struct Named {
  std::string_view name;
  T value;
};

constexpr Named<uint32_t> kArchitectures[] = {
    {"SCMP_ARCH_X86", SCMP_ARCH_X86},         {"SCMP_ARCH_X86_64", SCMP_ARCH_X86_64},
    {"SCMP_ARCH_X32", SCMP_ARCH_X32},         {"SCMP_ARCH_ARM", SCMP_ARCH_ARM},
    {"SCMP_ARCH_AARCH64", SCMP_ARCH_AARCH64}, {"SCMP_ARCH_RISCV64", SCMP_ARCH_RISCV64}};

constexpr Named<unsigned> kComparisons[] = {{"SCMP_CMP_NE", SCMP_CMP_NE},
                                            {"SCMP_CMP_LT", SCMP_CMP_LT},
                                            {"SCMP_CMP_LE", SCMP_CMP_LE},
                                            {"SCMP_CMP_EQ", SCMP_CMP_EQ},
                                            {"SCMP_CMP_GE", SCMP_CMP_GE},
                                            {"SCMP_CMP_GT", SCMP_CMP_GT},
                                            {"SCMP_CMP_MASKED_EQ", SCMP_CMP_MASKED_EQ}};

constexpr Named<uint32_t> kFlags[] = {{"SECCOMP_FILTER_FLAG_LOG", SECCOMP_FILTER_FLAG_LOG},
                                      {"SECCOMP_FILTER_FLAG_SPEC_ALLOW", SECCOMP_FILTER_FLAG_SPEC_ALLOW},
                                      {"SECCOMP_FILTER_FLAG_TSYNC", SECCOMP_FILTER_FLAG_TSYNC}};

/** Looks a name up; one that isn't there is a problem of the field, and reads as zero. */
template <class T, size_t N>
T lookup(const Named<T> (&table)[N], const Field& field) {
  std::string name = field.string();
  for (const auto& entry : table) {
    if (entry.name == name) return entry.value;
  }
  field.refuse("\"" + name + "\" is not supported by this runtime");
  return T{};
}

uint32_t parse_action(const Field& action, const Field& errno_field) {
  std::string name = action.required_string();
  auto number = static_cast<uint32_t>(errno_field.integer(0, 4095, EPERM));
  if (name == "SCMP_ACT_ERRNO") return SCMP_ACT_ERRNO(number);
  if (name == "SCMP_ACT_TRACE") return SCMP_ACT_TRACE(number);
  constexpr Named<uint32_t> kActions[] = {{"SCMP_ACT_KILL", SCMP_ACT_KILL_THREAD},
                                          {"SCMP_ACT_KILL_THREAD", SCMP_ACT_KILL_THREAD},
                                          {"SCMP_ACT_KILL_PROCESS", SCMP_ACT_KILL_PROCESS},
                                          {"SCMP_ACT_TRAP", SCMP_ACT_TRAP},
                                          {"SCMP_ACT_ALLOW", SCMP_ACT_ALLOW},
                                          {"SCMP_ACT_LOG", SCMP_ACT_LOG}};
  return lookup(kActions, action);
}

SeccompArgument parse_argument(const Field& field) {
  SeccompArgument argument;
  argument.index = static_cast<unsigned>(field["index"].integer(0, 5));
  argument.value = field["value"].unsigned_integer();
  argument.value_two = field["valueTwo"].unsigned_integer();
  argument.compare = lookup(kComparisons, field["op"]);
  return argument;
}

SeccompRule parse_rule(const Field& field) {
  SeccompRule rule;
  rule.names = field["names"].strings();
  if (rule.names.empty()) field["names"].refuse("names no system call");
  rule.action = parse_action(field["action"], field["errnoRet"]);
  for (const auto& argument : field["args"].items()) rule.arguments.push_back(parse_argument(argument));
  return rule;
}

}  // namespace

SeccompSpec parse_seccomp(const Field& field) {
  field["listenerPath"].refuse_if_present("a seccomp listener");
  field["listenerMetadata"].refuse_if_present("a seccomp listener");
  SeccompSpec spec;
  spec.default_action = parse_action(field["defaultAction"], field["defaultErrnoRet"]);
  for (const auto& name : field["architectures"].items())
    spec.architectures.push_back(lookup(kArchitectures, name));
  for (const auto& name : field["flags"].items()) spec.flags |= lookup(kFlags, name);
  for (const auto& rule : field["syscalls"].items()) spec.rules.push_back(parse_rule(rule));
  spec.source = field.text();
  return spec;
}

}  // namespace minirun::oci
