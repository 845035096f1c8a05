#include <sys/resource.h>

#include <algorithm>
#include <string_view>

#include "core/capabilities.h"
#include "oci/parts.h"

namespace minirun::oci {
namespace {

struct RlimitName {
  std::string_view name;
  int resource;
};

constexpr RlimitName kRlimits[] = {{"RLIMIT_AS", RLIMIT_AS},
                                   {"RLIMIT_CORE", RLIMIT_CORE},
                                   {"RLIMIT_CPU", RLIMIT_CPU},
                                   {"RLIMIT_DATA", RLIMIT_DATA},
                                   {"RLIMIT_FSIZE", RLIMIT_FSIZE},
                                   {"RLIMIT_LOCKS", RLIMIT_LOCKS},
                                   {"RLIMIT_MEMLOCK", RLIMIT_MEMLOCK},
                                   {"RLIMIT_MSGQUEUE", RLIMIT_MSGQUEUE},
                                   {"RLIMIT_NICE", RLIMIT_NICE},
                                   {"RLIMIT_NOFILE", RLIMIT_NOFILE},
                                   {"RLIMIT_NPROC", RLIMIT_NPROC},
                                   {"RLIMIT_RSS", RLIMIT_RSS},
                                   {"RLIMIT_RTPRIO", RLIMIT_RTPRIO},
                                   {"RLIMIT_RTTIME", RLIMIT_RTTIME},
                                   {"RLIMIT_SIGPENDING", RLIMIT_SIGPENDING},
                                   {"RLIMIT_STACK", RLIMIT_STACK}};

RlimitSpec parse_rlimit(const Field& field) {
  RlimitSpec limit;
  limit.setting = field.pointer();
  limit.name = field["type"].required_string();
  limit.resource = -1;
  for (const auto& known : kRlimits) {
    if (limit.name == known.name) limit.resource = known.resource;
  }
  if (limit.resource < 0) field["type"].refuse("the kernel has no limit \"" + limit.name + "\"");
  limit.soft = field["soft"].unsigned_integer();
  limit.hard = field["hard"].unsigned_integer();
  if (limit.soft > limit.hard) field["soft"].refuse("can't be above the hard limit");
  return limit;
}

std::vector<RlimitSpec> parse_rlimits(const Field& list) {
  std::vector<RlimitSpec> limits;
  for (const auto& field : list.items()) {
    RlimitSpec limit = parse_rlimit(field);
    for (const auto& earlier : limits) {
      if (earlier.name == limit.name) field["type"].refuse("the limit stands in the list twice");
    }
    limits.push_back(std::move(limit));
  }
  return limits;
}

/** Names that the kernel can't know are no reason to fail, the specification says, but to be told of. */
uint64_t parse_capability_set(const Field& list, std::vector<std::string>& unknown) {
  uint64_t set = 0;
  for (const auto& name : list.strings()) {
    uint64_t bit = capability_bit(name);
    set |= bit;
    if (bit == 0 && std::find(unknown.begin(), unknown.end(), name) == unknown.end()) unknown.push_back(name);
  }
  return set;
}

void parse_capabilities(const Field& field, ProcessSpec& process) {
  Capabilities& set = process.capabilities;
  set.bounding = parse_capability_set(field["bounding"], process.unknown_capabilities);
  set.effective = parse_capability_set(field["effective"], process.unknown_capabilities);
  set.inheritable = parse_capability_set(field["inheritable"], process.unknown_capabilities);
  set.permitted = parse_capability_set(field["permitted"], process.unknown_capabilities);
  set.ambient = parse_capability_set(field["ambient"], process.unknown_capabilities);
}

UserSpec parse_user(const Field& field) {
  constexpr int64_t kHighestId = UINT32_MAX - 1;  // the highest means "unchanged" to the kernel
  UserSpec user;
  user.uid = static_cast<uid_t>(field["uid"].integer(0, kHighestId));
  user.gid = static_cast<gid_t>(field["gid"].integer(0, kHighestId));
  for (const auto& group : field["additionalGids"].items())
    user.groups.push_back(static_cast<gid_t>(group.integer(0, kHighestId)));
  user.umask = static_cast<mode_t>(field["umask"].integer(0, 0777, 0022));
  return user;
}

TerminalSize parse_size(const Field& field) {
  TerminalSize size;
  size.cols = static_cast<uint16_t>(field["width"].integer(1, UINT16_MAX, size.cols));
  size.rows = static_cast<uint16_t>(field["height"].integer(1, UINT16_MAX, size.rows));
  return size;
}

std::vector<std::string> parse_environment(const Field& list) {
  for (const auto& field : list.items()) {
    size_t equals = field.string().find('=');
    if (equals == std::string::npos || equals == 0) field.refuse("expected NAME=value");
  }
  return list.strings();
}

}  // namespace

ProcessSpec parse_process(const Field& field) {
  ProcessSpec process;
  process.terminal = field["terminal"].boolean();
  process.size = parse_size(field["consoleSize"]);
  process.args = field["args"].strings();
  if (process.args.empty() || process.args.front().empty()) field["args"].refuse("has no command");
  process.env = parse_environment(field["env"]);
  field["cwd"].required_string();
  process.cwd = field["cwd"].absolute_path("/");
  process.user = parse_user(field["user"]);
  parse_capabilities(field["capabilities"], process);
  process.rlimits = parse_rlimits(field["rlimits"]);
  process.no_new_privileges = field["noNewPrivileges"].boolean();
  if (field["oomScoreAdj"].present())
    process.oom_score_adj = static_cast<int>(field["oomScoreAdj"].integer(-1000, 1000));
  parse_scheduling(field, process);
  process.apparmor_profile = field["apparmorProfile"].string();
  process.selinux_label = field["selinuxLabel"].string();
  return process;
}

}  // namespace minirun::oci
