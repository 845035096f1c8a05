#include "core/container.h"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <algorithm>

#include "core/devices.h"
#include "core/namespaces.h"
#include "core/procfs.h"
#include "core/syscalls.h"

namespace minirun {
namespace {

constexpr int kChildFailed = 127;

/** Reads one byte; false at end of file. */
bool read_byte(int fd) {
  char byte = 0;
  ssize_t length = 0;
  do {
    length = ::read(fd, &byte, 1);
  } while (length < 0 && errno == EINTR);
  return length == 1;
}

bool send_byte(int fd) {
  return ::send(fd, "+", 1, MSG_NOSIGNAL) == 1;
}

/** Puts the mounts of this host's control groups in the place of each "cgroup" mount. */
void expand_cgroup_mounts(ContainerSpec& spec, const CgroupHost& host) {
  std::vector<MountSpec> all;
  for (auto& mount : spec.mounts) {
    bool expands = mount.type == "cgroup" && !mount.bind;
    if (!expands) {
      all.push_back(std::move(mount));
      continue;
    }
    // v1's tmpfs gets its mount points first and is made read-only afterwards.
    if (host.version == 1 && (mount.attributes_set & MOUNT_ATTR_RDONLY) != 0)
      spec.readonly_paths.push_back(mount.destination);
    for (auto& one : expand_cgroup_mount(mount, host)) all.push_back(std::move(one));
  }
  spec.mounts = std::move(all);
}

}  // namespace

Container::Container(ContainerSpec spec, std::string cache_directory)
    : spec_(std::move(spec)), cache_directory_(std::move(cache_directory)) {
  CgroupHost host = find_cgroups();
  expand_cgroup_mounts(spec_, host);
  trees_.resize(spec_.mounts.size());
  missing_ = fit_to_host(spec_.process);
  command_ = make_command(spec_.process);
  cgroup_ = Cgroup::open(host, spec_.cgroup_path);
}

Container::~Container() {
  if (!started_) (void)static_cast<bool>(destroy());
}

Status Container::create() {
  if (Status planned = make_plan(); !planned) return planned;
  Status applied = plan_.apply_host();
  // A pipe's end can only be seen when its writers are the container's alone. A terminal is kept open on this
  // side too, so that it doesn't hang up while, inside, no process happens to have it open.
  if (!stdio_.is_terminal()) stdio_.close_child_ends();
  if (applied || pid_ < 0) return applied;
  return child_failure();
}

Status Container::start() {
  if (!send_byte(gate_.get())) return child_failure();
  if (read_byte(gate_.get()) || plan_.child_error()) return child_failure();
  pollfd ended{pidfd_.get(), POLLIN, 0};
  if (::poll(&ended, 1, 0) == 1) {
    auto stat = read_process_stat(pid_);
    if (!stat || !stat->has_executed()) return child_failure();
  }
  plan_.finish_child();
  gate_.reset();
  started_ = true;
  return {};
}

Status Container::destroy() {
  if (pid_ > 0 && !reaped_) {
    sys::pidfd_send_signal(pidfd_.get(), SIGKILL);
    wait(true);
  }
  return cgroup_->destroy();
}

std::optional<ExitStatus> Container::wait(bool block) {
  siginfo_t info{};
  int status = 0;
  do {
    status = ::waitid(P_PIDFD, static_cast<id_t>(pidfd_.get()), &info, WEXITED | (block ? 0 : WNOHANG));
  } while (status < 0 && errno == EINTR);
  if (status < 0 || info.si_pid == 0) return std::nullopt;
  reaped_ = true;
  if (info.si_code == CLD_EXITED) return ExitStatus{info.si_status, 0};
  return ExitStatus{128 + info.si_status, info.si_status};
}

std::string Container::explain_command(int code) const {
  return explain_exec(rootfs_.root.get(), command_, spec_.process.cwd, code);
}

Status Container::make_plan() {
  if (spec_.process.terminal && devpts() == nullptr) {
    return Error{"terminal", "openat", "/dev/pts", ENODEV, "a terminal needs a mount of type devpts"};
  }
  plan_child();
  plan_seccomp_compilation(plan_, spec_, cache_directory_, seccomp_);
  if (Status planned = plan_cgroup(plan_, spec_, *cgroup_); !planned) return planned;
  plan_clone();
  return {};
}

/** The child's steps in the order in which they have to happen, with the host's preparations for them in
 * between. */
void Container::plan_child() {
  const ProcessSpec& process = spec_.process;
  cgroup_->plan_join(plan_);  // first, so that everything after is accounted to the container
  plan_death_signal(plan_);
  plan_session_keyring(plan_);
  plan_cgroup_namespace(plan_, spec_);
  plan_resource_limits(plan_, process);
  plan_rootfs(plan_, spec_, rootfs_);
  plan_mounts(plan_, spec_.mounts, rootfs_.root, trees_);
  plan_stdio(plan_, spec_, devpts(), stdio_);
  plan_devices(plan_, spec_, rootfs_.root, stdio_);
  plan_masked_paths(plan_, spec_, rootfs_.root);
  plan_readonly_paths(plan_, spec_, rootfs_.root);
  plan_working_directory(plan_, process, rootfs_.root);
  plan_pivot(plan_, spec_, rootfs_);
  plan_hostname(plan_, spec_);
  plan_network(plan_, spec_);
  plan_child_stdio(plan_, spec_, stdio_);
  // Without no_new_privs a filter takes CAP_SYS_ADMIN to install, so it comes before capabilities go.
  if (!process.no_new_privileges) plan_seccomp(plan_, spec_, seccomp_);
  plan_credentials(plan_, process);
  plan_death_signal(plan_);
  plan_gate();
  if (process.no_new_privileges) plan_seccomp(plan_, spec_, seccomp_);
  plan_exec(plan_, command_);
}

void Container::plan_gate() {
  auto pass = [this](TraceRow&) {
    gate_.reset();  // the child's copy of the host's end, which would hide the shim's death
    if (!send_byte(child_gate_.get())) return failed("send");
    return read_byte(child_gate_.get()) ? kNoFault : Fault{"read", ECANCELED};
  };
  plan_.add({Side::child, "gate", "read", "the container's first process", "create → start", "", pass});
}

void Container::plan_clone() {
  auto clone = [this](TraceRow&) { return clone_child(); };
  auto await = [this](TraceRow&) { return await_gate(); };
  std::string how = cgroup_->version() == 2 ? "CLONE_INTO_CGROUP" : "";
  plan_.add({Side::host, "clone", "clone3", "the container's first process",
             describe(spec_.namespaces) + (how.empty() ? "" : " ") + how, "/linux/namespaces", clone});
  plan_.add({Side::host, "created", "read", "the container's first process", "waits at the gate", "", await});
}

Fault Container::clone_child() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) return failed("socketpair");
  gate_.reset(ends[0]);
  child_gate_.reset(ends[1]);
  int pidfd = -1;
  clone_args args{};
  args.flags = clone_flags(spec_.namespaces) | CLONE_PIDFD;
  args.pidfd = reinterpret_cast<uint64_t>(&pidfd);
  args.exit_signal = SIGCHLD;
  if (cgroup_->clone_descriptor() >= 0) {
    args.flags |= CLONE_INTO_CGROUP;
    args.cgroup = static_cast<uint64_t>(cgroup_->clone_descriptor());
  }
  pid_t pid = sys::clone3(args);
  if (pid < 0) return failed("clone3");
  if (pid == 0) run_child();
  pid_ = pid;
  pidfd_.reset(pidfd);
  child_gate_.reset();
  return kNoFault;
}

void Container::run_child() {
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::prctl(PR_SET_NAME, "minirun:init");
  ::umask(
      0);  // nodes and mount points get the modes that they are made with; the container's umask comes later
  plan_.apply_child();
  ::_exit(kChildFailed);
}

Fault Container::await_gate() {
  return read_byte(gate_.get()) ? kNoFault : Fault{"read", ECHILD};
}

/** What the child says went wrong or, when it was killed before it could say so, in which step that was. */
Status Container::child_failure() {
  if (auto error = plan_.child_error()) return *error;
  auto exit = wait(true);
  const Step* step = plan_.child_running();
  std::string how = exit && exit->signal != 0 ? signal_name(exit->signal) : "an unknown cause";
  if (step == nullptr)
    return Error{"clone", "clone3", "the container's first process", ECHILD, "killed by " + how};
  return Error{step->name, step->call, step->subject, ECHILD,
               "the process was killed in this step by " + how};
}

const UniqueFd* Container::devpts() const {
  for (size_t i = 0; i < spec_.mounts.size(); ++i) {
    if (spec_.mounts[i].type == "devpts" && spec_.mounts[i].destination == "/dev/pts") return &trees_[i];
  }
  return nullptr;
}

}  // namespace minirun
