#include "core/process.h"

#include <fcntl.h>
#include <linux/keyctl.h>
#include <linux/magic.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <algorithm>
#include <climits>
#include <string_view>

#include "core/beneath.h"
#include "core/capabilities.h"
#include "core/syscalls.h"

namespace minirun {
namespace {

Fault set_rlimit(const RlimitSpec& limit) {
  rlimit value{limit.soft, limit.hard};
  return ::setrlimit(static_cast<__rlimit_resource>(limit.resource), &value) < 0 ? failed("setrlimit")
                                                                                 : kNoFault;
}

/** Within a user namespace a hard limit can only be lowered. */
Fault raise_rlimit(const RlimitSpec& limit) {
  rlimit value{};
  auto resource = static_cast<__rlimit_resource>(limit.resource);
  if (::getrlimit(resource, &value) < 0) return failed("getrlimit");
  if (value.rlim_max >= limit.hard) return kNoFault;
  value.rlim_max = limit.hard;
  return ::setrlimit(resource, &value) < 0 ? failed("setrlimit") : kNoFault;
}

/** Writes only to what is truly procfs: anything else mounted there would take the write and change nothing.
 */
Fault set_oom_score(std::string_view score) {
  UniqueFd file(::open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!file) return failed("open");
  struct statfs fs {};
  if (::fstatfs(file.get(), &fs) < 0) return failed("fstatfs");
  if (fs.f_type != PROC_SUPER_MAGIC) return {"fstatfs", ENODEV};
  return ::write(file.get(), score.data(), score.size()) < 0 ? failed("write") : kNoFault;
}

/** A session keyring of its own: the host's, which is inherited, may hold keys of whoever started the worker.
 */
Fault join_own_keyring() {
  if (::syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, nullptr) >= 0) return kNoFault;
  return errno == ENOSYS ? kNoFault : failed("keyctl");  // a kernel without keys has none to inherit
}

/**
 * Who maps groups without privileges has to give up setgroups (CVE-2014-8989) and stays in those that it is
 * in; further ones it can't have.
 */
Fault set_groups(const UserSpec& user, bool rootless, TraceRow& row) {
  if (::syscall(SYS_setgroups, user.groups.size(), user.groups.data()) == 0) return kNoFault;
  if (!rootless || errno != EPERM) return failed("setgroups");
  if (user.groups.empty()) return kNoFault;
  row.annotate("without privileges on the host a process can't be in additional groups");
  return {"setgroups", EPERM};
}

Fault switch_user(const UserSpec& user, bool rootless, TraceRow& row) {
  if (Fault fault = set_groups(user, rootless, row)) return fault;
  if (::syscall(SYS_setresgid, user.gid, user.gid, user.gid) < 0) return failed("setresgid");
  if (::syscall(SYS_setresuid, user.uid, user.uid, user.uid) < 0) return failed("setresuid");
  ::umask(user.umask);
  return kNoFault;
}

/**
 * Enters the working directory with the user's own rights. A path that leads out of the new root, as through
 * a link to a descriptor that was left open (CVE-2024-21626), is one that getcwd can't name from "/".
 */
Fault enter_directory(const char* path, TraceRow& row) {
  if (::chdir(path) < 0) return failed("chdir");
  char name[PATH_MAX];
  if (::syscall(SYS_getcwd, name, sizeof name) < 0) return failed("getcwd");
  if (name[0] == '/') return kNoFault;
  row.annotate("the directory is not inside the container's root");
  return {"getcwd", EXDEV};
}

/** Takes out of a set what the kernel would refuse in it. */
void reduce(uint64_t& set, uint64_t possible, const char* reason, std::vector<Missing>& missing) {
  for (const auto& name : capability_names(set & ~possible)) missing.push_back({name, reason});
  set &= possible;
}

}  // namespace

std::vector<Missing> fit_to_host(ProcessSpec& process, bool in_user_namespace) {
  std::vector<Missing> missing;
  Capabilities own = held_capabilities();
  bool may_raise = (own.effective & capability_bit("CAP_SYS_RESOURCE")) != 0;
  for (auto& limit : process.rlimits) {
    rlimit host{};
    ::getrlimit(static_cast<__rlimit_resource>(limit.resource), &host);
    if (may_raise || limit.hard <= host.rlim_max) continue;
    missing.push_back({limit.name + " " + std::to_string(limit.hard),
                       "the host's hard limit is " + std::to_string(host.rlim_max) +
                           " and this host doesn't have CAP_SYS_RESOURCE, which raising it takes"});
    limit.hard = host.rlim_max;
    limit.soft = std::min<uint64_t>(limit.soft, limit.hard);
  }
  for (const auto& name : process.unknown_capabilities)
    missing.push_back({name, "there is no such capability"});
  Capabilities& asked = process.capabilities;
  uint64_t wanted = asked.bounding | asked.permitted;
  uint64_t available = in_user_namespace ? UINT64_MAX : own.permitted & within_bounding_set(wanted);
  for (const auto& name : capability_names(wanted & ~available))
    missing.push_back({name, "this host's root doesn't have the capability"});
  for (uint64_t* set :
       {&asked.bounding, &asked.permitted, &asked.effective, &asked.inheritable, &asked.ambient})
    *set &= available;
  reduce(asked.effective, asked.permitted, "it is asked for as effective, but not as permitted", missing);
  reduce(asked.ambient, asked.permitted & asked.inheritable,
         "it is asked for as ambient, but not as both permitted and inheritable", missing);
  return missing;
}

void plan_death_signal(Plan& plan) {
  auto action = [](TraceRow&) { return ::prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 ? failed("prctl") : kNoFault; };
  plan.add(
      {Side::child, "death signal", "prctl", "the new process", "PR_SET_PDEATHSIG, SIGKILL", "", action});
}

void plan_not_dumpable(Plan& plan, Side side) {
  auto action = [](TraceRow&) { return ::prctl(PR_SET_DUMPABLE, 0) < 0 ? failed("prctl") : kNoFault; };
  plan.add({side, "not dumpable", "prctl", "the new process", "PR_SET_DUMPABLE, 0", "", action});
}

void plan_session_keyring(Plan& plan) {
  auto action = [](TraceRow&) { return join_own_keyring(); };
  plan.add({Side::child, "session keyring", "keyctl", "the new process", "KEYCTL_JOIN_SESSION_KEYRING", "",
            action});
}

void plan_privileges(Plan& plan, const ProcessSpec& process, Side side) {
  if (process.oom_score_adj) {
    std::string score = std::to_string(*process.oom_score_adj);
    auto action = [score](TraceRow&) { return set_oom_score(score); };
    plan.add({side, "oom score", "write", "/proc/self/oom_score_adj", score, "/process/oomScoreAdj", action});
  }
  if (side != Side::intermediate) return;
  for (const auto& limit : process.rlimits) {
    auto action = [&limit](TraceRow&) { return raise_rlimit(limit); };
    plan.add({side, "raise rlimit", "setrlimit", limit.name, "hard " + std::to_string(limit.hard),
              limit.setting, action});
  }
}

void plan_resource_limits(Plan& plan, const ProcessSpec& process) {
  for (const auto& limit : process.rlimits) {
    auto action = [&limit](TraceRow&) { return set_rlimit(limit); };
    std::string values = "soft " + std::to_string(limit.soft) + ", hard " + std::to_string(limit.hard);
    plan.add({Side::child, "rlimit", "setrlimit", limit.name, values, limit.setting, action});
  }
}

void plan_working_directory(Plan& plan, const ProcessSpec& process, const UniqueFd& root) {
  auto action = [&process, &root](TraceRow&) {
    UniqueFd directory(make_beneath(root.get(), process.cwd.c_str(), MountPoint::directory));
    // A root that can't be written to is no reason to stop: entering says whether the directory is there.
    return directory || errno == EROFS ? kNoFault : failed("openat2");
  };
  plan.add({Side::child, "working directory", "openat2", process.cwd, process.cwd, "/process/cwd", action});
}

void plan_credentials(Plan& plan, const ProcessSpec& process, bool rootless, uint64_t kept) {
  const Capabilities& set = process.capabilities;
  auto bound = [&set](TraceRow&) { return drop_bounding_set(set.bounding); };
  plan.add({Side::child, "bounding set", "prctl", "PR_CAPBSET_DROP", describe(set.bounding),
            "/process/capabilities/bounding", bound});

  const UserSpec& user = process.user;
  auto become = [&user, rootless](TraceRow& row) {
    if (::prctl(PR_SET_KEEPCAPS, 1) < 0) return failed("prctl(PR_SET_KEEPCAPS)");
    return switch_user(user, rootless, row);
  };
  std::string who = "uid " + std::to_string(user.uid) + ", gid " + std::to_string(user.gid);
  plan.add({Side::child, "user", "setresuid", who, who, "/process/user", become});

  auto limit = [&set, kept](TraceRow&) {
    Capabilities held = set;
    held.permitted |= kept;
    held.effective |= kept;
    return set_capabilities(held);
  };
  plan.add({Side::child, "capabilities", "capset", "the new process", describe(set.effective),
            "/process/capabilities", limit});

  auto enter = [&process](TraceRow& row) { return enter_directory(process.cwd.c_str(), row); };
  plan.add({Side::child, "enter directory", "chdir", process.cwd, process.cwd, "/process/cwd", enter});

  if (!process.no_new_privileges) return;
  auto forbid = [](TraceRow&) {
    return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ? failed("prctl") : kNoFault;
  };
  plan.add({Side::child, "no new privileges", "prctl", "the new process", "PR_SET_NO_NEW_PRIVS",
            "/process/noNewPrivileges", forbid});
}

void plan_last_capabilities(Plan& plan, const ProcessSpec& process) {
  const Capabilities& set = process.capabilities;
  auto limit = [&set](TraceRow&) { return limit_capabilities(set); };
  plan.add({Side::child, "last capabilities", "capset", "the new process", describe(set.effective),
            "/process/capabilities", limit});
}

}  // namespace minirun
