#include "core/exec_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>

#include <algorithm>

#include "core/namespaces.h"
#include "core/procfs.h"
#include "core/rootfs.h"
#include "core/scheduling.h"
#include "core/security_labels.h"
#include "core/syscalls.h"
#include "core/sysctl.h"

namespace minirun {
namespace {

/** Where the container has a user namespace of its own, `mappings` are that one's. */
Fault open_target(const ExecTarget& target, UniqueFd& pidfd, UniqueFd& root, IdMappings* mappings) {
  pidfd.reset(sys::pidfd_open(target.pid));
  if (!pidfd) return failed("pidfd_open");
  // What follows is read after the descriptor is there: all is then of one process.
  std::string process = "/proc/" + std::to_string(target.pid);
  root.reset(::open((process + "/root").c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (mappings != nullptr) {
    auto read = read_mappings_of(process);
    if (!read) return {"read", read.error().code};
    *mappings = std::move(*read);
  }
  auto stat = read_process_stat(target.pid);
  bool same = stat && stat->start_time == target.start_time;
  return same && root ? kNoFault : Fault{"pidfd_open", ESRCH};
}

bool has_ended(int pidfd) {
  pollfd ended{pidfd, POLLIN, 0};
  return ::poll(&ended, 1, 0) == 1;
}

}  // namespace

ExecProcess::ExecProcess(ContainerSpec spec, LaunchOptions options, ExecTarget target)
    : ContainedProcess(std::move(spec), find_cgroups(), std::move(options), kFurther),
      target_(std::move(target)) {
  oom_kills_before_ = cgroup_->stats().oom_kills.value_or(0);
}

ExecProcess::~ExecProcess() {
  if (!started()) (void)static_cast<bool>(destroy());
}

Status ExecProcess::create() {
  Status created = ContainedProcess::create();
  // The namespaces of a container that is ending refuse in various ways; the reason is always the same.
  if (!created && target_pidfd_ && has_ended(target_pidfd_.get()))
    return Error{"container", "pidfd_open", "process " + std::to_string(target_.pid), ESRCH, "it has ended"};
  return created;
}

Status ExecProcess::signal_all(int signal) const {
  // The process leads a session, and so a group, of its own; its number is not free before it has been
  // reaped.
  if (::kill(-pid(), signal) < 0)
    return Error{"signal", "kill", "process group " + std::to_string(pid()), errno, ""};
  return {};
}

Reach ExecProcess::reach_of_all(int) const {
  return {"kill", "process group " + std::to_string(pid())};
}

uint64_t ExecProcess::oom_kills(const ExitStatus& exit) const {
  uint64_t now = cgroup_->stats().oom_kills.value_or(0);
  return exit.signal == SIGKILL && now > oom_kills_before_ ? now - oom_kills_before_ : 0;
}

Status ExecProcess::make_plan() {
  if (Status labels = check_security_labels(spec_, missing_); !labels) return labels;
  plan_target();
  plan_child();
  plan_seccomp_compilation(plan_, spec_, options_.cache_directory, seccomp_);
  if (!spec_.process.terminal && !keeps_stdio()) plan_pipes(plan_, spec_.process, user_, stdio_);
  plan_clone(0, "");
  if (spec_.process.terminal) plan_take_terminal();
  plan_created();
  plan_scheduling(plan_, spec_.process, pid());
  plan_go();
  return {};
}

/** What the host does before the clone: finds the container, and hides what is about to enter it. */
void ExecProcess::plan_target() {
  auto open = [this](TraceRow&) {
    IdMappings* mappings = spec_.namespaces.user ? &user_.mappings : nullptr;
    return open_target(target_, target_pidfd_, root_, mappings);
  };
  plan_.add({Side::host, "container", "pidfd_open", "process " + std::to_string(target_.pid),
             "start time " + target_.start_time, "", open});

  plan_not_dumpable(plan_, Side::host);

  auto enter = [this](TraceRow& row) {
    Status opened = options_.enters_frozen ? Status() : cgroup_->require_running();
    if (opened) opened = cgroup_->open_entrance(target_.pid);
    if (opened) return kNoFault;
    row.annotate(opened.error().note.empty() ? opened.error().subject : opened.error().note);
    return Fault{"open", opened.error().code};
  };
  plan_.add({Side::host, "cgroup", "open", spec_.cgroup_path, "cgroup v" + std::to_string(cgroup_->version()),
             "/linux/cgroupsPath", enter});
}

/**
 * The way into the container's namespaces. The pid namespace is that of a process's children, so it takes an
 * intermediate one; who has no privileges here gets them by entering the user namespace with it.
 */
void ExecProcess::plan_entrance() {
  int all = namespace_flags(spec_.namespaces);
  int first = all & CLONE_NEWPID;
  if (first != 0 && !is_privileged()) first |= all & CLONE_NEWUSER;
  if (first != 0) plan_setns(Side::intermediate, "pid namespace", first);
  cgroup_->plan_join(plan_);
  plan_final_cpus(plan_, spec_.process);
  plan_death_signal(plan_);
  plan_procfs(plan_, spec_, procfs_);
  plan_seccomp_listener("running");
  if (options_.new_keyring) plan_session_keyring(plan_);
  if ((all & ~first) != 0) plan_setns(Side::child, "namespaces", all & ~first);
  if (!spec_.namespaces.mount) plan_enter_root();
  if (!spec_.namespaces.user) return;
  plan_namespace_root(plan_, user_);
  plan_death_signal(plan_);
}

void ExecProcess::plan_setns(Side side, const char* name, int flags) {
  auto join = [this, flags](TraceRow&) {
    return sys::setns(target_pidfd_.get(), flags) < 0 ? failed("setns") : kNoFault;
  };
  plan_.add({side, name, "setns", "the container's", describe_flags(flags), "/linux/namespaces", join});
}

/** A mount namespace brings its root along; in the host's the container's is entered by itself. */
void ExecProcess::plan_enter_root() {
  auto enter = [this](TraceRow&) { return change_root(root_.get()); };
  plan_.add({Side::child, "root", "chroot", "the container's root", "/proc/PID/root", "/root/path", enter});
}

/** The child's steps. What is to be done from the host's side comes before it enters the mount namespace. */
void ExecProcess::plan_child() {
  const ProcessSpec& process = spec_.process;
  bool between = static_cast<bool>(spec_.namespaces.pid);
  Side first = between ? Side::intermediate : Side::child;
  plan_privileges(plan_, process, first);
  plan_initial_cpus(plan_, process, first);
  plan_entrance();
  if (process.terminal) plan_terminal(plan_, process, nullptr, child_gate_, stdio_);
  plan_own_stdio();
  plan_memory_policy(plan_, spec_);
  plan_personality(plan_, spec_);
  plan_security_labels(plan_, process, procfs_);
  plan_resource_limits(plan_, process);
  plan_program(spec_.namespaces.user && !is_privileged());
}

}  // namespace minirun
