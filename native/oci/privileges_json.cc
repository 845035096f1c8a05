#include <linux/seccomp.h>

#include <array>
#include <map>

#include "core/capabilities.h"
#include "oci/kernel_json.h"

namespace minirun::oci {
namespace {

/** The names of a set; one that this build has no name for goes by its number. */
Json set_json(uint64_t set) {
  uint64_t named = 0;
  std::vector<std::string> names = capability_names(set);
  for (const auto& name : names) named |= capability_bit(name);
  for (unsigned number = 0; number < 64; ++number) {
    if (((set & ~named) >> number & 1) != 0) names.push_back("CAP_" + std::to_string(number));
  }
  return Json::array_of(names);
}

struct ActionName {
  uint32_t action;
  const char* name;
};

// seccomp(2); the lower half of a word is data, such as the errno.
constexpr ActionName kActions[] = {{SECCOMP_RET_ALLOW, "allow"},
                                   {SECCOMP_RET_ERRNO, "errno"},
                                   {SECCOMP_RET_KILL_PROCESS, "kill-process"},
                                   {SECCOMP_RET_KILL_THREAD, "kill-thread"},
                                   {SECCOMP_RET_TRAP, "trap"},
                                   {SECCOMP_RET_LOG, "log"},
                                   {SECCOMP_RET_TRACE, "trace"},
                                   {SECCOMP_RET_USER_NOTIF, "notify"}};

Json action_json(uint32_t action) {
  const char* name = "kill-process";  // what the kernel makes of an unknown one, since 4.14
  for (const auto& known : kActions) {
    if (known.action == (action & SECCOMP_RET_ACTION_FULL)) name = known.name;
  }
  bool fails = (action & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_ERRNO;
  auto code = static_cast<int>(action & SECCOMP_RET_DATA);
  return Json::object({{"action", name}, {"errno", fails ? Json(errno_name(code)) : Json()}});
}

Json arguments_json(unsigned set) {
  std::vector<Json> arguments;
  for (unsigned index = 0; index < 6; ++index) {
    if ((set >> index & 1) != 0) arguments.emplace_back(index);
  }
  return Json::array(arguments);
}

/** Of hundreds of calls most get one of few answers: each is written down once. */
class AnswerTexts {
 public:
  const Json& of(const std::vector<uint32_t>& actions) {
    auto [place, is_new] = known_.try_emplace(actions);
    if (is_new) {
      std::vector<Json> all;
      for (uint32_t action : actions) all.push_back(action_json(action));
      place->second = Json::array(all);
    }
    return place->second;
  }

 private:
  std::map<std::vector<uint32_t>, Json> known_;
};

Json call_json(const std::vector<sock_filter>& program, const SystemCall& call, AnswerTexts& texts) {
  SeccompAnswer answer = seccomp_answer(program, native_architecture(), call.number);
  return Json::object({{"number", call.number},
                       {"name", call.name},
                       {"answers", texts.of(answer.actions)},
                       {"arguments", arguments_json(answer.arguments)}});
}

}  // namespace

Json capabilities_json(const KernelPrivileges& privileges) {
  const Capabilities& sets = privileges.capabilities;
  std::vector<std::string> known = capability_names((uint64_t{2} << privileges.last_capability) - 1);
  return Json::object({{"known", Json::array_of(known)},
                       {"bounding", set_json(sets.bounding)},
                       {"permitted", set_json(sets.permitted)},
                       {"effective", set_json(sets.effective)},
                       {"inheritable", set_json(sets.inheritable)},
                       {"ambient", set_json(sets.ambient)},
                       {"noNewPrivileges", privileges.no_new_privileges}});
}

Json seccomp_json(const KernelPrivileges& privileges, const std::vector<sock_filter>& program) {
  constexpr std::array<const char*, 3> kModes = {"none", "strict", "filter"};
  auto mode = static_cast<size_t>(privileges.seccomp_mode);
  std::vector<Json> calls;
  if (!program.empty()) {
    AnswerTexts texts;
    for (const auto& call : known_system_calls()) calls.push_back(call_json(program, call, texts));
  }
  return Json::object({{"mode", mode < kModes.size() ? kModes[mode] : "filter"},
                       {"filters", privileges.seccomp_filters},
                       {"instructions", program.size()},
                       {"calls", Json::array(calls)}});
}

}  // namespace minirun::oci
