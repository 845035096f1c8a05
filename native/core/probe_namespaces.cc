// Privileges and namespaces: what "permission denied" on a namespace comes from.

#include <linux/capability.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "core/probe_attempt.h"
#include "core/probe_findings.h"
#include "core/result.h"
#include "core/text.h"

namespace minirun {
namespace {

struct Kind {
  const char* name;     ///< as in /proc/PID/ns
  const char* people;   ///< what people call it
  const char* maximum;  ///< its file in /proc/sys/user
  const char* option;   ///< of the kernel's configuration
  uint64_t flag;
  bool needed;
  const char* lost;
};

constexpr Kind kKinds[] = {
    {"pid", "PID", "max_pid_namespaces", "CONFIG_PID_NS", CLONE_NEWPID, true,
     "A container would see, and could signal, every process of the host."},
    {"mnt", "Mount", "max_mnt_namespaces", "CONFIG_NAMESPACES", CLONE_NEWNS, true,
     "A container's mounts would be the host's, and its root could not be changed."},
    {"uts", "UTS", "max_uts_namespaces", "CONFIG_UTS_NS", CLONE_NEWUTS, true,
     "A container would have no host name of its own."},
    {"ipc", "IPC", "max_ipc_namespaces", "CONFIG_IPC_NS", CLONE_NEWIPC, true,
     "Shared memory, semaphores and message queues of containers would be the host's."},
    {"net", "Network", "max_net_namespaces", "CONFIG_NET_NS", CLONE_NEWNET, true,
     "A container would have the host's interfaces and ports."},
    {"cgroup", "Cgroup", "max_cgroup_namespaces", "CONFIG_CGROUPS", CLONE_NEWCGROUP, true,
     "A container would see where in the host's tree of control groups it stands."},
    {"user", "User", "max_user_namespaces", "CONFIG_USER_NS", CLONE_NEWUSER, false,
     "Root in a container is the host's root, confined by capabilities and seccomp alone; labs can't run."},
    {"time", "Time", "max_time_namespaces", "CONFIG_TIME_NS", 0x80, false,
     "A container can't have a clock of its own since boot."},
};

std::string why_denied(const Kind& kind) {
  if (::geteuid() != 0 && kind.flag != CLONE_NEWUSER)
    return "Run this as root: only CAP_SYS_ADMIN may make this namespace.";
  std::string maximum = std::string("/proc/sys/user/") + kind.maximum;
  if (first_line(maximum) == "0") return "Allow some: write a number above 0 to " + maximum + ".";
  if (kind.flag == CLONE_NEWUSER) {
    if (first_line("/proc/sys/kernel/unprivileged_userns_clone") == "0")
      return "Allow it: sysctl kernel.unprivileged_userns_clone=1.";
    if (first_line("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") == "1")
      return "AppArmor restricts it: sysctl kernel.apparmor_restrict_unprivileged_userns=0, or give this "
             "program a profile "
             "that allows userns.";
  }
  return "A seccomp filter or a missing CAP_SYS_ADMIN refuses it: if this runs in a container, start that "
         "one "
         "privileged, or on the host itself.";
}

std::string remedy_for(const Kind& kind, int error) {
  std::string maximum = std::string("/proc/sys/user/") + kind.maximum;
  switch (error) {
    case ENOSPC:
      return "The limit is reached: write a higher number to " + maximum +
             ", or end what holds namespaces (lsns).";
    case EPERM:
      return why_denied(kind);
    default:
      return std::string("Boot a kernel that was built with ") + kind.option + ".";
  }
}

void examine_namespace(std::vector<Finding>& findings, const Kind& kind) {
  int error = attempt([&kind] { return ::syscall(SYS_unshare, kind.flag); });
  std::string call = std::string("unshare(") + kind.people + ") in a process of its own: ";
  findings.push_back({.id = std::string("namespace-") + kind.name,
                      .group = "Namespaces",
                      .name = std::string(kind.people) + " namespaces",
                      .there = error == 0,
                      .needed = kind.needed,
                      .found = call + (error == 0 ? "made" : errno_name(error)),
                      .lost = kind.lost,
                      .remedy = remedy_for(kind, error)});
}

/** The limit on user namespaces, and how many ids can be mapped into them. */
void examine_user_limits(std::vector<Finding>& findings) {
  std::string limit = first_line("/proc/sys/user/max_user_namespaces");
  findings.push_back({.id = "user-namespaces-limit",
                      .group = "Namespaces",
                      .name = "Room for user namespaces",
                      .there = parse_number(limit).value_or(0) > 0,
                      .needed = false,
                      .found = "/proc/sys/user/max_user_namespaces: " + (limit.empty() ? "absent" : limit),
                      .lost = "Making a user namespace is refused with ENOSPC.",
                      .remedy = "sysctl user.max_user_namespaces=65536"});
  uint64_t ids = 0;
  auto map = read_file("/proc/self/uid_map");
  std::string_view rest = map ? std::string_view(*map) : std::string_view();
  while (!rest.empty()) {
    std::string_view line = take(rest, '\n');
    take_word(line);
    take_word(line);
    ids += parse_number(take_word(line)).value_or(0);
  }
  findings.push_back({.id = "ids",
                      .group = "Namespaces",
                      .name = "Ids for user namespaces",
                      .there = ids >= 2 * 65'536,
                      .needed = false,
                      .found = "/proc/self/uid_map: " + std::to_string(ids) +
                               " ids can be given away, 65536 for each container",
                      .lost = "No container can have a range of users of its own.",
                      .remedy = "Run MiniRun outside of a user namespace, or give that one more ids in "
                                "/etc/subuid and /etc/subgid."});
}

}  // namespace

void examine_privileges(std::vector<Finding>& findings) {
  bool root = ::geteuid() == 0;
  findings.push_back({.id = "root",
                      .group = "Privileges",
                      .name = "Root",
                      .there = root,
                      .needed = true,
                      .found = "geteuid(): " + std::to_string(::geteuid()),
                      .lost = "Namespaces, mounts and control groups can't be made: permission denied.",
                      .remedy = "Run ./minirun as root."});
  bool administrates = ::prctl(PR_CAPBSET_READ, CAP_SYS_ADMIN) == 1;
  std::string effective;
  auto status = read_file("/proc/self/status");
  std::string_view text = status ? std::string_view(*status) : std::string_view();
  if (size_t at = text.find("CapEff:\t"); at != std::string_view::npos) effective = text.substr(at + 8, 16);
  findings.push_back(
      {.id = "cap-sys-admin",
       .group = "Privileges",
       .name = "CAP_SYS_ADMIN",
       .there = root && administrates,
       .needed = true,
       .found = "/proc/self/status, CapEff: " + effective,
       .lost = "clone, mount and setns are refused: permission denied.",
       .remedy = "Run MiniRun on the host itself, or in a container that was started privileged."});
  bool filtered = ::prctl(PR_GET_SECCOMP) == 2;
  findings.push_back(
      {.id = "unfiltered",
       .group = "Privileges",
       .name = "No seccomp filter of somebody else",
       .there = !filtered,
       .needed = false,
       .found = std::string("prctl(PR_GET_SECCOMP): ") + (filtered ? "a filter is on this process" : "none"),
       .lost = "System calls may be refused although this user has the right.",
       .remedy = "Start MiniRun outside of the container or service that sets the filter."});
}

void examine_namespaces(std::vector<Finding>& findings) {
  for (const Kind& kind : kKinds) examine_namespace(findings, kind);
  examine_user_limits(findings);
}

}  // namespace minirun
