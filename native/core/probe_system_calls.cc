#include <linux/seccomp.h>
#include <sys/syscall.h>

#include "core/probe.h"
#include "core/probe_attempt.h"
#include "core/probe_findings.h"
#include "core/syscalls.h"
#include "core/text.h"

namespace minirun {
namespace {

struct Call {
  const char* name;
  int (*act)();  ///< with arguments that can't succeed
  const char* since;
  const char* lost;
  bool needed;
};

template <long Number, long First = 0>
int bare() {
  return static_cast<int>(::syscall(Number, First, 0, 0, 0, 0, 0));
}

constexpr Call kCalls[] = {
    {"fsopen", bare<SYS_fsopen>, "5.2", "File systems can't be made without a path to race for.", true},
    {"open_tree", bare<SYS_open_tree, -1>, "5.2", "Mounts can't be cloned by descriptor.", true},
    {"move_mount", bare<SYS_move_mount, -1>, "5.2", "Mounts can't be placed by descriptor.", true},
    {"mount_setattr", bare<SYS_mount_setattr, -1>, "5.12",
     "Mounts can't be made read-only, private or id-mapped in one go.", true},
    {"openat2", bare<SYS_openat2, -1>, "5.6", "Paths in a hostile root can't be kept beneath it.", true},
    {"clone3", bare<SYS_clone3>, "5.3",
     "A process can't be made in its namespaces and its control group in one call.", true},
    {"pidfd_open", bare<SYS_pidfd_open, -1>, "5.3",
     "A process could be confused with another one that got its number.", true},
    {"pidfd_send_signal", bare<SYS_pidfd_send_signal, -1>, "5.1",
     "A signal could reach another process than the one that was meant.", true},
    {"close_range", bare<SYS_close_range, 1>, "5.9", "Descriptors can't be closed all at once.", true},
};

void examine(std::vector<Finding>& findings, const Call& call) {
  int error = attempt(call.act);
  bool there = error != ENOSYS;
  findings.push_back(
      {.id = std::string("call-") + call.name,
       .group = "System calls",
       .name = call.name,
       .there = there,
       .needed = call.needed,
       .found = std::string("called with arguments that can't succeed: ") +
                (error == 0 ? "answered" : errno_name(error)),
       .lost = call.lost,
       .remedy = std::string("Boot Linux ") + call.since + " or later (MiniRun needs " + kMinimumKernel +
                 "); where this runs in a container, its seccomp filter must let the call through."});
}

struct Action {
  const char* name;
  uint32_t value;
  const char* lost;
  bool needed;
};

constexpr Action kActions[] = {
    {"ERRNO", SECCOMP_RET_ERRNO, "Dangerous calls can't be refused with an error: no container is started.",
     true},
    {"KILL_PROCESS", SECCOMP_RET_KILL_PROCESS, "A refused call can't end the whole process.", false},
    {"LOG", SECCOMP_RET_LOG, "Refused calls can't be written to the kernel's log.", false},
    {"USER_NOTIF", SECCOMP_RET_USER_NOTIF, "A supervisor can't be asked about calls.", false},
};

void examine(std::vector<Finding>& findings, const Action& action) {
  int error = attempt([&action] {
    uint32_t value = action.value;
    return ::syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &value);
  });
  findings.push_back(
      {.id = std::string("seccomp-") + action.name,
       .group = "Seccomp",
       .name = std::string("Action ") + action.name,
       .there = error == 0,
       .needed = action.needed,
       .found = std::string("seccomp(SECCOMP_GET_ACTION_AVAIL): ") +
                (error == 0 ? "available" : errno_name(error)),
       .lost = action.lost,
       .remedy = "Boot a kernel that was built with CONFIG_SECCOMP_FILTER, Linux 5.0 or later."});
}

}  // namespace

void examine_system_calls(std::vector<Finding>& findings) {
  for (const Call& call : kCalls) examine(findings, call);
  for (const Action& action : kActions) examine(findings, action);
}

}  // namespace minirun
