#include "core/exec_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>

#include <algorithm>

#include "core/procfs.h"
#include "core/syscalls.h"

namespace minirun {
namespace {

Fault open_target(const ExecTarget& target, UniqueFd& pidfd, UniqueFd& root) {
  pidfd.reset(sys::pidfd_open(target.pid));
  if (!pidfd) return failed("pidfd_open");
  // Both are read after the descriptor is there: all three are then of one process.
  root.reset(
      ::open(("/proc/" + std::to_string(target.pid) + "/root").c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  auto stat = read_process_stat(target.pid);
  bool same = stat && stat->start_time == target.start_time;
  return same && root ? kNoFault : Fault{"pidfd_open", ESRCH};
}

bool has_ended(int pidfd) {
  pollfd ended{pidfd, POLLIN, 0};
  return ::poll(&ended, 1, 0) == 1;
}

std::string describe_joined(const NamespaceSet& set) {
  std::string text = "mnt";
  if (set.uts) text += " uts";
  if (set.ipc) text += " ipc";
  if (set.network) text += " net";
  if (set.cgroup) text += " cgroup";
  return text;
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

uint64_t ExecProcess::oom_kills(const ExitStatus& exit) const {
  uint64_t now = cgroup_->stats().oom_kills.value_or(0);
  return exit.signal == SIGKILL && now > oom_kills_before_ ? now - oom_kills_before_ : 0;
}

Status ExecProcess::make_plan() {
  plan_target();
  plan_child();
  plan_seccomp_compilation(plan_, spec_, options_.cache_directory, seccomp_);
  if (!spec_.process.terminal && !keeps_stdio()) plan_stdio(plan_, spec_, nullptr, stdio_);
  plan_clone(0, "");
  if (spec_.process.terminal) plan_terminal_receipt(plan_, gate_, stdio_);
  plan_created();
  return {};
}

/** What the host does before the clone: finds the container, and turns to its pid namespace. */
void ExecProcess::plan_target() {
  auto open = [this](TraceRow&) { return open_target(target_, target_pidfd_, root_); };
  plan_.add({Side::host, "container", "pidfd_open", "process " + std::to_string(target_.pid),
             "start time " + target_.start_time, "", open});

  auto hide = [](TraceRow&) { return ::prctl(PR_SET_DUMPABLE, 0) < 0 ? failed("prctl") : kNoFault; };
  plan_.add(
      {Side::host, "not dumpable", "prctl", "the shim and what it clones", "PR_SET_DUMPABLE, 0", "", hide});

  auto enter = [this](TraceRow& row) {
    Status opened = cgroup_->open_entrance(target_.pid);
    if (opened) return kNoFault;
    row.annotate(opened.error().subject);
    return Fault{"open", opened.error().code};
  };
  plan_.add({Side::host, "cgroup", "open", spec_.cgroup_path, "cgroup v" + std::to_string(cgroup_->version()),
             "/linux/cgroupsPath", enter});

  auto join = [this](TraceRow&) {
    return sys::setns(target_pidfd_.get(), CLONE_NEWPID) < 0 ? failed("setns") : kNoFault;
  };
  plan_.add({Side::host, "pid namespace", "setns", "of the children", "pid", "/linux/namespaces", join});
}

/** The child's steps. What is to be done from the host's side comes before it enters the mount namespace. */
void ExecProcess::plan_child() {
  const ProcessSpec& process = spec_.process;
  cgroup_->plan_join(plan_);
  plan_death_signal(plan_);
  if (options_.new_keyring) plan_session_keyring(plan_);
  plan_resource_limits(plan_, process);
  auto join = [this, flags = namespaces()](TraceRow&) {
    return sys::setns(target_pidfd_.get(), flags) < 0 ? failed("setns") : kNoFault;
  };
  plan_.add({Side::child, "namespaces", "setns", "the container's", describe_joined(spec_.namespaces),
             "/linux/namespaces", join});
  if (process.terminal) plan_joined_terminal(plan_, process, child_gate_, stdio_);
  plan_own_stdio();
  if (!process.no_new_privileges) plan_seccomp(plan_, spec_, seccomp_);
  plan_credentials(plan_, process);
  if (!options_.outlives_parent) plan_death_signal(plan_);
  plan_gate();
  if (process.no_new_privileges) plan_seccomp(plan_, spec_, seccomp_);
  plan_exec(plan_, command_, options_.preserved_fds);
}

/** Those that the container has of its own and a process enters by itself; the pid namespace is its parent's
 * choice. */
int ExecProcess::namespaces() const {
  const NamespaceSet& set = spec_.namespaces;
  int flags = CLONE_NEWNS;
  if (set.uts) flags |= CLONE_NEWUTS;
  if (set.ipc) flags |= CLONE_NEWIPC;
  if (set.network) flags |= CLONE_NEWNET;
  if (set.cgroup) flags |= CLONE_NEWCGROUP;
  return flags;
}

}  // namespace minirun
