#include "core/contained_process.h"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <algorithm>

#include "core/capabilities.h"
#include "core/intermediate.h"
#include "core/map_ahead.h"
#include "core/procfs.h"
#include "core/syscalls.h"
#include "core/trace_file.h"

namespace minirun {
namespace {

constexpr int kChildFailed = 127;
constexpr int kEndMs = 10'000;
constexpr int kMsPerSecond = 1000;

bool send_byte(int fd) {
  return ::send(fd, "+", 1, MSG_NOSIGNAL) == 1;
}

/** A Status as what a step comes to. */
Fault as_fault(const Status& status, TraceRow& row) {
  if (status) return kNoFault;
  row.annotate(status.error().subject);
  return {"write", status.error().code};
}

/** Waits for something to read, or the end of it; false when there was nothing in that time. */
bool wait_for(int fd, int timeout_ms) {
  pollfd ready{fd, POLLIN, 0};
  int found = 0;
  do {
    found = ::poll(&ready, 1, timeout_ms);
  } while (found < 0 && errno == EINTR);
  return found != 0;
}

/** One byte, whatever signals come meanwhile; false at the end of the stream. */
bool read_byte(int fd) {
  char byte = 0;
  ssize_t length = 0;
  do {
    length = ::read(fd, &byte, 1);
  } while (length < 0 && errno == EINTR);
  return length == 1;
}

}  // namespace

ContainedProcess::ContainedProcess(ContainerSpec spec, CgroupHost host, LaunchOptions options, Traits traits)
    : spec_(std::move(spec)), options_(std::move(options)), traits_(traits) {
  missing_ = fit_to_host(spec_.process, static_cast<bool>(spec_.namespaces.user));
  command_ = make_command(spec_.process);
  cgroup_ = Cgroup::open(host, spec_.cgroup_path);
}

Status ContainedProcess::create() {
  if (Status planned = make_plan(); !planned) return planned;
  plan_.set_origin(options_.origin_ns);
  Status applied = plan_.apply_host(options_.trace_file);
  // A pipe's end can only be seen when its writers are the container's alone. A terminal is kept open on this
  // side too, so that it doesn't hang up while, inside, no process happens to have it open.
  if (!stdio_.is_terminal()) stdio_.close_child_ends();
  // Whatever else went wrong on this side, the child is still there, and waits.
  bool child_is_gone = !applied && applied.error().code == ECHILD;
  if (pid_ > 0 && child_is_gone) return child_failure();
  return applied && options_.starts_at_once ? confirm_start() : applied;
}

Status ContainedProcess::start() {
  return send_byte(gate_.get()) ? confirm_start() : child_failure();
}

/** Waits for the child's end of the gate to be closed, and tells by which of the two: execve or death. */
Status ContainedProcess::confirm_start() {
  if (hear_child() || overdue_ || plan_.child_error()) return child_failure();
  if (wait_for(pidfd_.get(), 0)) {
    auto stat = read_process_stat(pid_);
    if (!stat || !stat->has_executed()) return child_failure();
  }
  plan_.finish_child();
  gate_.reset();
  started_ = true;
  return {};
}

Status ContainedProcess::release() {
  if (!send_byte(gate_.get())) return child_failure();
  gate_.reset();
  started_ = true;
  return {};
}

Status ContainedProcess::destroy() {
  if (!lives()) return {};
  sys::pidfd_send_signal(pidfd_.get(), SIGKILL);
  if (see_end()) return {};
  return Error{"destroy", "waitid", "process " + std::to_string(pid_), ETIMEDOUT, "it does not end"};
}

std::optional<ExitStatus> ContainedProcess::wait(bool block) {
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

CommandFault ContainedProcess::explain_command(int code) const {
  return minirun::explain_command(root(), command_, spec_.process.cwd, code);
}

void ContainedProcess::plan_own_stdio() {
  if (keeps_stdio()) {
    plan_inherited_stdio(plan_, spec_.process);
  } else {
    plan_child_stdio(plan_, spec_, stdio_);
  }
}

/**
 * Behind the filter come as few calls as can be, for it may not let them through: with no_new_privs execve
 * alone. Without, installing it takes CAP_SYS_ADMIN, which the child keeps up to that, and capset follows.
 */
void ContainedProcess::plan_program(bool rootless) {
  const ProcessSpec& process = spec_.process;
  bool privileged_filter = spec_.seccomp && !process.no_new_privileges;
  plan_close();
  plan_credentials(plan_, process, rootless, privileged_filter ? capability_bit("CAP_SYS_ADMIN") : 0);
  if (!options_.outlives_parent) plan_death_signal(plan_);
  if (!command_.args.empty()) plan_find(plan_, command_);
  plan_gate();
  plan_started();
  plan_seccomp(plan_, spec_, seccomp_, listener_);
  if (privileged_filter) plan_last_capabilities(plan_, process);
  plan_exec(plan_, command_);
}

/**
 * Before the first path that the container decides about is followed: its working directory, its program, a
 * hook in it. A link to /proc/self/fd/N would lead out by a directory of the host's that is still open
 * (CVE-2024-21626), and execve closes what is close-on-exec only after it has found the program.
 */
void ContainedProcess::plan_close() {
  auto close = [this](TraceRow&) { return close_behind(); };
  std::string first = std::to_string(STDERR_FILENO + 1 + options_.preserved_fds);
  plan_.add({Side::child, "descriptors", "close_range", "all behind stderr",
             "from " + first + ", but the gate", "", close});
}

/**
 * A process that is to outlive this one loses its death signal here: from now on the gate tells it whether
 * its parent is still there, so that nothing half made goes on by itself.
 */
void ContainedProcess::plan_gate() {
  bool remote = options_.gate >= 0;
  auto pass = [this, remote](TraceRow&) {
    if (options_.outlives_parent && ::prctl(PR_SET_PDEATHSIG, 0) < 0) return failed("prctl");
    // The go-ahead is most often there already: neither of the two has to be woken.
    if (options_.starts_at_once) return read_byte(child_gate_.get()) ? kNoFault : Fault{"read", ECANCELED};
    if (Fault fault = wait_for_parent(); fault || !remote) return fault;
    return wait_for_visitor();
  };
  plan_.add({Side::child, "gate", remote ? "accept4" : "read", traits_.subject, "create → start", "", pass});
}

void ContainedProcess::plan_pause(const char* what) {
  auto wait = [this](TraceRow&) {
    gate_.reset();  // see close_behind()
    return wait_for_parent();
  };
  plan_.add({Side::child, "pause", "read", traits_.subject, what, "", wait});
}

void ContainedProcess::plan_paused(const char* what) {
  auto await = [this](TraceRow&) { return hear_child() ? kNoFault : Fault{"read", ECHILD}; };
  plan_.add({Side::host, "paused", "read", traits_.subject, what, "", await});
}

void ContainedProcess::plan_resume(const char* what) {
  auto resume = [this](TraceRow&) { return send_byte(gate_.get()) ? kNoFault : failed("send"); };
  plan_.add({Side::host, "resume", "send", traits_.subject, what, "", resume});
}

PidText ContainedProcess::state_text(std::string_view status) const {
  return options_.describe_state ? options_.describe_state(status) : PidText{};
}

void ContainedProcess::plan_seccomp_listener(std::string_view status) {
  if (options_.describe_process) listener_.message = options_.describe_process(status);
  plan_listener(plan_, spec_, listener_);
}

Fault ContainedProcess::wait_for_parent() {
  if (!send_byte(child_gate_.get())) return failed("send");
  return read_byte(child_gate_.get()) ? kNoFault : Fault{"read", ECANCELED};
}

/**
 * Closes all but the sockets that are still needed, through which no path leads. With the rest goes this
 * process's copy of the host's end of the gate, which would hide the host's death.
 */
Fault ContainedProcess::close_behind() {
  static_cast<void>(gate_.release());
  int needed[] = {child_gate_.get(), options_.gate, listener_.connection.get()};
  std::sort(std::begin(needed), std::end(needed));
  int first = STDERR_FILENO + 1 + static_cast<int>(options_.preserved_fds);
  for (int fd : needed) {
    if (fd < first) continue;  // there is none
    if (fd > first && sys::close_range(static_cast<unsigned>(first), static_cast<unsigned>(fd - 1), 0) < 0)
      return failed("close_range");
    first = fd + 1;
  }
  return sys::close_range(static_cast<unsigned>(first), ~0U, 0) < 0 ? failed("close_range") : kNoFault;
}

/** Who connects and goes away without a word, because it was killed, has started nothing. */
Fault ContainedProcess::wait_for_visitor() {
  child_gate_.reset();
  for (;;) {
    visitor_.reset(::accept4(options_.gate, nullptr, nullptr, SOCK_CLOEXEC));
    if (!visitor_ && errno != EINTR && errno != ECONNABORTED) return failed("accept4");
    if (visitor_ && read_byte(visitor_.get())) return kNoFault;
  }
}

void ContainedProcess::plan_clone(uint64_t flags, const std::string& described) {
  auto clone = [this, flags](TraceRow&) { return clone_child(flags); };
  std::string how = cgroup_->version() == 2 ? "CLONE_INTO_CGROUP" : "";
  std::string arguments = described + (described.empty() || how.empty() ? "" : " ") + how;
  plan_.add({Side::host, "clone", "clone3", traits_.subject, arguments, "/linux/namespaces", clone});
}

void ContainedProcess::plan_take_terminal() {
  auto await = [this] { return await_child(); };
  plan_terminal_receipt(plan_, gate_, await, stdio_);
}

void ContainedProcess::plan_created() {
  // Up to "created" the child is at work meanwhile.
  if (options_.meanwhile) {
    auto run = [this](TraceRow& row) { return as_fault(options_.meanwhile(pid_), row); };
    plan_.add({Side::host, "record", "renameat", traits_.subject, "what is known of it", "", run});
  }
  if (options_.trace_file >= 0) {
    auto keep = [this](TraceRow& row) { return as_fault(write_trace_text(options_.trace_file, plan_), row); };
    plan_.add({Side::host, "trace", "pwrite", "the trace file", "what the steps are about", "", keep});
  }
  plan_meanwhile();
  if (options_.starts_at_once) return;
  auto await = [this](TraceRow&) { return hear_child() ? kNoFault : Fault{"read", ECHILD}; };
  plan_.add({Side::host, "created", "read", traits_.subject, "waits at the gate", "", await});
}

void ContainedProcess::plan_go() {
  if (!options_.starts_at_once) return;
  auto go = [this](TraceRow&) { return send_byte(gate_.get()) ? kNoFault : Fault{"send", ECHILD}; };
  plan_.add({Side::host, "go", "send", traits_.subject, "the program may run", "", go});
}

Fault ContainedProcess::clone_child(uint64_t flags) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) return failed("socketpair");
  gate_.reset(ends[0]);
  child_gate_.reset(ends[1]);
  if (!plan_.has(Side::intermediate)) {
    if (Fault fault = clone_from_here(flags)) return fault;
  } else {
    auto enter_and_clone = [this, flags] {
      if (!plan_.apply(Side::intermediate)) return Fault{"clone3", ECHILD};
      return clone_from_here(flags | CLONE_PARENT);
    };
    if (Fault fault = run_intermediate(enter_and_clone)) return fault;
  }
  child_gate_.reset();
  return kNoFault;
}

/** Clones the child. What is left behind in members is the same whether or not the intermediate process
 * calls. */
Fault ContainedProcess::clone_from_here(uint64_t flags) {
  int pidfd = -1;
  clone_args args{};
  args.flags = flags | CLONE_PIDFD;
  args.pidfd = reinterpret_cast<uint64_t>(&pidfd);
  args.exit_signal = (flags & CLONE_PARENT) != 0 ? 0 : SIGCHLD;  // with CLONE_PARENT it is the caller's own
  if (cgroup_->clone_descriptor() >= 0) {
    args.flags |= CLONE_INTO_CGROUP;
    args.cgroup = static_cast<uint64_t>(cgroup_->clone_descriptor());
  }
  pid_t pid = sys::clone3(args);
  if (pid < 0) return failed("clone3");
  if (pid == 0) run_child();
  pid_ = pid;
  pidfd_.reset(pidfd);
  return kNoFault;
}

void ContainedProcess::run_child() {
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::prctl(PR_SET_NAME, traits_.name);
  // Nodes and mount points get the modes that they are made with; the container's umask comes later.
  ::umask(0);
  map_code_ahead();
  map_stack_ahead();
  map_ahead(&plan_.trace()->times(0), plan_.steps().size() * sizeof(TraceTimes));
  plan_.apply(Side::child);
  ::_exit(kChildFailed);
}

/**
 * Waits until the child says something or is gone. One that is silent for too long is killed: in a container
 * there may be others that can stop it.
 */
bool ContainedProcess::await_child() {
  if (traits_.patience_ms < 0 || wait_for(gate_.get(), traits_.patience_ms)) return true;
  overdue_ = true;
  sys::pidfd_send_signal(pidfd_.get(), SIGKILL);
  return false;
}

/** Whether the child sent a byte; false when it has closed its end, by execve or by death, or is overdue. */
bool ContainedProcess::hear_child() {
  return await_child() && read_byte(gate_.get());
}

/** The end of a process that is ending or killed. A frozen one takes SIGKILL only when it goes on (cgroup
 * v1), which may be never. */
std::optional<ExitStatus> ContainedProcess::see_end() {
  return wait_for(pidfd_.get(), kEndMs) ? wait(true) : std::nullopt;
}

/** What the child says went wrong or, when it was killed before it could say so, in which step that was. */
Status ContainedProcess::child_failure() {
  if (auto error = plan_.child_error()) return *error;
  auto exit = see_end();
  const Step* step = plan_.child_running();
  std::string how = exit && exit->signal != 0 ? signal_name(exit->signal) : "an unknown cause";
  if (step == nullptr) return Error{"clone", "clone3", traits_.subject, ECHILD, "killed by " + how};
  if (overdue_)
    return Error{step->name, step->call, step->subject, ETIMEDOUT,
                 "the process came no further within " + std::to_string(traits_.patience_ms / kMsPerSecond) +
                     " s, and was killed"};
  return Error{step->name, step->call, step->subject, ECHILD,
               "the process was killed in this step by " + how};
}

}  // namespace minirun
