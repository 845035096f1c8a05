#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/cgroup.h"
#include "core/command.h"
#include "core/explain_command.h"
#include "core/pid_text.h"
#include "core/plan.h"
#include "core/process.h"
#include "core/seccomp.h"
#include "core/spec.h"
#include "core/terminal.h"
#include "core/unique_fd.h"

namespace minirun {

/** How a process ended. */
struct ExitStatus {
  int code = 0;    ///< exit code, or 128 + signal
  int signal = 0;  ///< the signal that killed it, or 0
};

/** Whom a signal to all reaches, and by which call. */
struct Reach {
  const char* call;
  std::string whom;
};

/** What the program that makes a process decides about it, beside what the specification says. */
struct LaunchOptions {
  std::string cache_directory;   ///< of compiled seccomp programs
  bool inherits_stdio = false;   ///< without a terminal: this process's own 0, 1 and 2, instead of pipes
  bool outlives_parent = false;  ///< the process goes on when this one dies, once it has been made
  bool enters_frozen = false;    ///< of an exec: a frozen container will be let go on in time
  bool starts_at_once = false;   ///< create() runs the program as well: nobody waits for anybody on the way
  unsigned preserved_fds = 0;    ///< so many descriptors after 2 are the program's as well
  bool new_keyring = true;
  bool no_pivot = false;                   ///< the root is moved over the old one, which stays below it
  DescribeState describe_state;            ///< what hooks are told
  DescribeState describe_process;          ///< what a seccomp listener is told
  std::function<Status(pid_t)> meanwhile;  ///< what is to be done while the child sets itself up
  int64_t origin_ns = 0;  ///< when this process began to work at it (CLOCK_MONOTONIC), for the trace
  int trace_file = -1;    ///< an empty file that the trace is kept in; -1: in memory alone
  /** A listening unix socket (SOCK_STREAM): whoever connects and sends a byte starts the process, see gate.h.
   * -1: start() does. */
  int gate = -1;
};

/**
 * A process in a container whose parent is this one: the container's first (Container) or a further one
 * (ExecProcess). The calls follow OCI's life cycle: create() does everything but run the program, start()
 * runs it. The calling process must have one thread, for it is cloned, and must not be changing its own
 * descriptors meanwhile.
 */
class ContainedProcess {
 public:
  ContainedProcess(const ContainedProcess&) = delete;
  ContainedProcess& operator=(const ContainedProcess&) = delete;
  virtual ~ContainedProcess() = default;

  /** Plans everything, applies the host's part, clones; returns when the child waits at the gate, or, where
   * it starts at once, as start(). */
  virtual Status create();
  /** Opens the gate; returns when the program has been executed, or with the reason why not. */
  Status start();
  /** Leaves the process, which was created with a gate of its own, to whoever starts it. Until then it ends
   * with this one. */
  Status release();
  /** Kills the process and whatever belongs to it. ETIMEDOUT: it does not end, for instance while it is
   * frozen (cgroup v1). */
  virtual Status destroy();
  /** Kills what can't go on without the process, once that has ended. */
  virtual Status end_rest() = 0;

  /** Sends a signal to the process and those that belong to it: the container's, or its process group's. */
  virtual Status signal_all(int signal) const = 0;
  virtual Reach reach_of_all(int signal) const = 0;
  /** How many times the kernel killed for want of memory where that has to do with an end like `exit`. */
  virtual uint64_t oom_kills(const ExitStatus& exit) const = 0;

  /** Waits for the process and reaps it; nothing when it still runs and `block` is false. */
  std::optional<ExitStatus> wait(bool block);

  const pid_t& pid() const { return pid_; }
  int pidfd() const { return pidfd_.get(); }
  Stdio& stdio() { return stdio_; }
  const Cgroup& cgroup() const { return *cgroup_; }
  const ContainerSpec& spec() const { return spec_; }
  const Plan& plan() const { return plan_; }
  const std::vector<Missing>& missing() const { return missing_; }
  void note_missing(Missing missing) { missing_.push_back(std::move(missing)); }
  /** Why the command could not be executed. */
  CommandFault explain_command(int code) const;

 protected:
  /** In which words and within which time the process is made. */
  struct Traits {
    const char* subject;  ///< what traces and errors call it
    const char* name;     ///< what it is called before it executes its program; 15 bytes at most
    int patience_ms;      ///< how long it may be silent on its way there; -1: for ever
  };

  ContainedProcess(ContainerSpec spec, CgroupHost host, LaunchOptions options, Traits traits);

  virtual Status make_plan() = 0;
  /** The container's root directory, or -1 when it is not known. */
  virtual int root() const = 0;

  /** Whether the child has this process's own standard streams. */
  bool keeps_stdio() const { return options_.inherits_stdio && !spec_.process.terminal; }
  /** Plans the child's standard streams to be its 0, 1 and 2. */
  void plan_own_stdio();
  /** Plans all from the user that the child becomes to its program: what is the same for every process. */
  void plan_program(bool rootless);
  /** Plans the clone, with CLONE_NEW* flags and their description for people. */
  void plan_clone(uint64_t flags, const std::string& described);
  /** Plans to take the terminal that the child opens. */
  void plan_take_terminal();
  /** Plans to wait until the child stands at the gate. */
  void plan_created();
  /** Plans the go-ahead for a child that starts at once: the host's last step. */
  void plan_go();
  /** Plans what the host does between the clone and that, while others can find the container already. */
  virtual void plan_meanwhile() {}
  /** Plans what the child does between the gate and its program. */
  virtual void plan_started() {}
  /** Plans the child to wait at this point of its steps, */
  void plan_pause(const char* what);
  /** and the host to wait until it does; */
  void plan_paused(const char* what);
  /** once the host has done its part, the child goes on. */
  void plan_resume(const char* what);
  PidText state_text(std::string_view status) const;
  /** Plans the way to the filter's listener; before the child enters another mount namespace. */
  void plan_seccomp_listener(std::string_view status);
  bool started() const { return started_; }
  /** Whether the process has been there and its end has not been seen yet. */
  bool lives() const { return pid_ > 0 && !reaped_; }

  ContainerSpec spec_;
  LaunchOptions options_;
  Traits traits_;
  std::vector<Missing> missing_;
  Command command_;
  Stdio stdio_;
  SeccompProgram seccomp_;
  SeccompListener listener_;
  std::unique_ptr<Cgroup> cgroup_;
  UniqueFd gate_;        ///< host's end: a byte from the child says "ready", a byte to it says "go"
  UniqueFd child_gate_;  ///< child's end: closed by execve or death, which the host sees as end of file
  Plan plan_;

 private:
  Fault clone_child(uint64_t flags);
  Fault clone_from_here(uint64_t flags);
  void plan_close();
  void plan_gate();
  Fault wait_for_parent();
  Fault wait_for_visitor();
  Fault close_behind();
  Status confirm_start();
  [[noreturn]] void run_child();
  bool await_child();
  bool hear_child();
  std::optional<ExitStatus> see_end();
  Status child_failure();

  UniqueFd visitor_;  ///< in the child: the connection of who starts it, closed by execve or death
  UniqueFd pidfd_;
  pid_t pid_ = -1;
  bool overdue_ = false;  ///< the child was silent for too long, and has been killed for it
  bool reaped_ = false;
  bool started_ = false;
};

}  // namespace minirun
