#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/cgroup.h"
#include "core/command.h"
#include "core/mounts.h"
#include "core/plan.h"
#include "core/process.h"
#include "core/rootfs.h"
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

/**
 * One container, from its specification to its end. The calls follow OCI's life cycle: create() does
 * everything but run the program, start() runs it. The calling process must have one thread, for it is
 * cloned, and must not be changing its own descriptors meanwhile.
 */
class Container {
 public:
  Container(ContainerSpec spec, std::string cache_directory);
  Container(const Container&) = delete;
  Container& operator=(const Container&) = delete;
  /** A container that was created and never started is killed and removed; a started one is left alone. */
  ~Container();

  /** Plans everything, applies the host's part, clones; returns when the child waits at the gate. */
  Status create();
  /** Opens the gate; returns when the program has been executed, or with the reason why not. */
  Status start();
  /** Kills whatever the container still has and removes its control group. */
  Status destroy();

  /** Waits for the first process and reaps it; nothing when it still runs and `block` is false. */
  std::optional<ExitStatus> wait(bool block);

  pid_t pid() const { return pid_; }
  int pidfd() const { return pidfd_.get(); }
  Stdio& stdio() { return stdio_; }
  const Cgroup& cgroup() const { return *cgroup_; }
  const ContainerSpec& spec() const { return spec_; }
  const Plan& plan() const { return plan_; }
  const std::vector<Missing>& missing() const { return missing_; }
  /** Why the command could not be executed, in words. */
  std::string explain_command(int code) const;

 private:
  Status make_plan();
  void plan_child();
  void plan_gate();
  void plan_clone();
  Fault clone_child();
  [[noreturn]] void run_child();
  Fault await_gate();
  Status child_failure();
  const UniqueFd* devpts() const;

  ContainerSpec spec_;
  std::string cache_directory_;
  std::vector<Missing> missing_;
  Command command_;
  Rootfs rootfs_;
  HostTrees trees_;
  Stdio stdio_;
  SeccompProgram seccomp_;
  std::unique_ptr<Cgroup> cgroup_;
  UniqueFd gate_;        ///< host's end: a byte from the child says "ready", a byte to it says "go"
  UniqueFd child_gate_;  ///< child's end: closed by execve or death, which the host sees as end of file
  UniqueFd pidfd_;
  pid_t pid_ = -1;
  bool reaped_ = false;
  bool started_ = false;
  Plan plan_;
};

}  // namespace minirun
