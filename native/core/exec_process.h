#pragma once

#include <string>

#include "core/contained_process.h"
#include "core/user_namespace.h"

namespace minirun {

/** A container's first process: its number, and when it was started, so that no other is taken for it. */
struct ExecTarget {
  pid_t pid = -1;
  std::string start_time;  ///< field 22 of /proc/PID/stat
};

/**
 * A further process in a container that runs: same namespaces, same control group, and what its
 * specification's `process` says. It is killed when its parent dies (PR_SET_PDEATHSIG) and, as every process
 * of the container's pid namespace, when the container's first process ends. What it leaves running in the
 * background stays, as part of the container.
 *
 * While it is set up inside the container, it has descriptors of the host. It can't be traced, and nobody in
 * the container can look into its /proc/PID (CVE-2016-9962): it is not dumpable until it executes its
 * program.
 */
class ExecProcess final : public ContainedProcess {
 public:
  /** `spec` is the container's, with the process that is to be executed in it. */
  ExecProcess(ContainerSpec spec, LaunchOptions options, ExecTarget target);
  ~ExecProcess() override;

  /** As create(); "container" is the step that fails when the container has ended. */
  Status create() override;
  Status end_rest() override { return {}; }
  Status signal_all(int signal) const override;
  Reach reach_of_all(int signal) const override;
  /** Those since it was started, for an end by SIGKILL. */
  uint64_t oom_kills(const ExitStatus& exit) const override;

 private:
  static constexpr Traits kFurther{"the new process", "minirun:exec", 30'000};

  Status make_plan() override;
  int root() const override { return root_.get(); }
  void plan_target();
  void plan_entrance();
  void plan_enter_root();
  void plan_setns(Side side, const char* name, int flags);
  void plan_child();

  ExecTarget target_;
  UserNamespace user_;
  UniqueFd procfs_;
  UniqueFd target_pidfd_;
  UniqueFd root_;
  uint64_t oom_kills_before_ = 0;
};

}  // namespace minirun
