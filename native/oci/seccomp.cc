#include <linux/seccomp.h>
#include <seccomp.h>

#include <cerrno>
#include <string_view>

#include "oci/features.h"
#include "oci/named.h"
#include "oci/parts.h"

namespace minirun::oci {
namespace {

// One that the specification names and this libseccomp doesn't know: no program of it can run here either.
constexpr uint32_t kElsewhere = 0;

constexpr Named<uint32_t> kArchitectures[] = {{"SCMP_ARCH_X86", SCMP_ARCH_X86},
                                              {"SCMP_ARCH_X86_64", SCMP_ARCH_X86_64},
                                              {"SCMP_ARCH_X32", SCMP_ARCH_X32},
                                              {"SCMP_ARCH_ARM", SCMP_ARCH_ARM},
                                              {"SCMP_ARCH_AARCH64", SCMP_ARCH_AARCH64},
                                              {"SCMP_ARCH_MIPS", SCMP_ARCH_MIPS},
                                              {"SCMP_ARCH_MIPS64", SCMP_ARCH_MIPS64},
                                              {"SCMP_ARCH_MIPS64N32", SCMP_ARCH_MIPS64N32},
                                              {"SCMP_ARCH_MIPSEL", SCMP_ARCH_MIPSEL},
                                              {"SCMP_ARCH_MIPSEL64", SCMP_ARCH_MIPSEL64},
                                              {"SCMP_ARCH_MIPSEL64N32", SCMP_ARCH_MIPSEL64N32},
                                              {"SCMP_ARCH_PPC", SCMP_ARCH_PPC},
                                              {"SCMP_ARCH_PPC64", SCMP_ARCH_PPC64},
                                              {"SCMP_ARCH_PPC64LE", SCMP_ARCH_PPC64LE},
                                              {"SCMP_ARCH_S390", SCMP_ARCH_S390},
                                              {"SCMP_ARCH_S390X", SCMP_ARCH_S390X},
                                              {"SCMP_ARCH_PARISC", SCMP_ARCH_PARISC},
                                              {"SCMP_ARCH_PARISC64", SCMP_ARCH_PARISC64},
                                              {"SCMP_ARCH_RISCV64", SCMP_ARCH_RISCV64},
                                              {"SCMP_ARCH_LOONGARCH64", kElsewhere},
                                              {"SCMP_ARCH_M68K", kElsewhere},
                                              {"SCMP_ARCH_SH", kElsewhere},
                                              {"SCMP_ARCH_SHEB", kElsewhere}};

constexpr Named<unsigned> kComparisons[] = {{"SCMP_CMP_NE", SCMP_CMP_NE},
                                            {"SCMP_CMP_LT", SCMP_CMP_LT},
                                            {"SCMP_CMP_LE", SCMP_CMP_LE},
                                            {"SCMP_CMP_EQ", SCMP_CMP_EQ},
                                            {"SCMP_CMP_GE", SCMP_CMP_GE},
                                            {"SCMP_CMP_GT", SCMP_CMP_GT},
                                            {"SCMP_CMP_MASKED_EQ", SCMP_CMP_MASKED_EQ}};

constexpr uint32_t kWaitKillable = 1U << 5;  // SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, Linux 5.19

constexpr Named<uint32_t> kFlags[] = {{"SECCOMP_FILTER_FLAG_LOG", SECCOMP_FILTER_FLAG_LOG},
                                      {"SECCOMP_FILTER_FLAG_SPEC_ALLOW", SECCOMP_FILTER_FLAG_SPEC_ALLOW},
                                      {"SECCOMP_FILTER_FLAG_TSYNC", SECCOMP_FILTER_FLAG_TSYNC},
                                      {"SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", kWaitKillable}};

constexpr Named<uint32_t> kActions[] = {{"SCMP_ACT_KILL", SCMP_ACT_KILL_THREAD},
                                        {"SCMP_ACT_KILL_THREAD", SCMP_ACT_KILL_THREAD},
                                        {"SCMP_ACT_KILL_PROCESS", SCMP_ACT_KILL_PROCESS},
                                        {"SCMP_ACT_TRAP", SCMP_ACT_TRAP},
                                        {"SCMP_ACT_ERRNO", SCMP_ACT_ERRNO(0)},
                                        {"SCMP_ACT_TRACE", SCMP_ACT_TRACE(0)},
                                        {"SCMP_ACT_ALLOW", SCMP_ACT_ALLOW},
                                        {"SCMP_ACT_LOG", SCMP_ACT_LOG},
                                        {"SCMP_ACT_NOTIFY", SCMP_ACT_NOTIFY}};

uint32_t parse_action(const Field& action, const Field& errno_field) {
  std::string name = action.required_string();
  auto number = static_cast<uint32_t>(errno_field.integer(0, 4095, EPERM));
  if (name == "SCMP_ACT_ERRNO") return SCMP_ACT_ERRNO(number);
  if (name == "SCMP_ACT_TRACE") return SCMP_ACT_TRACE(number);
  if (errno_field.present() && number != 0)
    errno_field.refuse("the action " + name + " has no errno to return");
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

/** Who is asked has to be there, and is only there to be asked. */
void parse_listener(const Field& field, SeccompSpec& spec) {
  spec.listener_path = field["listenerPath"].absolute_path();
  spec.listener_metadata = field["listenerMetadata"].string();
  bool asks = spec.default_action == SCMP_ACT_NOTIFY;
  for (const auto& rule : spec.rules) asks = asks || rule.action == SCMP_ACT_NOTIFY;
  if (asks && spec.listener_path.empty()) field["listenerPath"].refuse("is required for SCMP_ACT_NOTIFY");
  if (!asks && !spec.listener_path.empty())
    field["listenerPath"].refuse("has no use: no action is SCMP_ACT_NOTIFY");
  if (spec.listener_path.empty() && !spec.listener_metadata.empty())
    field["listenerMetadata"].refuse("has no use without listenerPath");
}

}  // namespace

Json seccomp_features() {
  return Json::object({{"enabled", true},
                       {"actions", names_of(kActions)},
                       {"operators", names_of(kComparisons)},
                       {"archs", names_of(kArchitectures)},
                       {"knownFlags", names_of(kFlags)},
                       {"supportedFlags", names_of(kFlags)}});
}

SeccompSpec parse_seccomp(const Field& field) {
  SeccompSpec spec;
  spec.default_action = parse_action(field["defaultAction"], field["defaultErrnoRet"]);
  for (const auto& name : field["architectures"].items())
    spec.architectures.push_back(lookup(kArchitectures, name));
  for (const auto& name : field["flags"].items()) spec.flags |= lookup(kFlags, name);
  for (const auto& rule : field["syscalls"].items()) spec.rules.push_back(parse_rule(rule));
  parse_listener(field, spec);
  spec.source = field.text();
  return spec;
}

}  // namespace minirun::oci
