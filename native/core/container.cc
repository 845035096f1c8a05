#include "core/container.h"

#include <signal.h>

#include <algorithm>

#include "core/cgroup_plan.h"
#include "core/devices.h"
#include "core/namespaces.h"
#include "core/syscalls.h"

namespace minirun {
namespace {

bool is_devpts(const MountSpec& mount) {
  return mount.type == "devpts" && mount.destination == "/dev/pts";
}

ContainerSpec with_cgroup_mounts(ContainerSpec spec, const CgroupHost& host) {
  expand_cgroup_mounts(spec, host);
  return spec;
}

}  // namespace

Container::Container(ContainerSpec spec, LaunchOptions options)
    : Container(std::move(spec), find_cgroups(), std::move(options)) {}

Container::Container(ContainerSpec spec, const CgroupHost& host, LaunchOptions options)
    : ContainedProcess(with_cgroup_mounts(std::move(spec), host), host, std::move(options), kFirst),
      maker_{is_privileged() ? Side::host : Side::child, user_} {
  trees_.resize(spec_.mounts.size());
}

Container::~Container() {
  if (!started()) (void)static_cast<bool>(Container::destroy());
}

Status Container::create() {
  Status created = ContainedProcess::create();
  bool taken = !created && created.error().step == kCgroupStep && created.error().code == EBUSY;
  has_group_ = !taken;
  return created;
}

Status Container::destroy() {
  if (lives()) end_rest();  // one that is frozen would not end before it goes on
  (void)static_cast<bool>(ContainedProcess::destroy());
  return has_group_ ? cgroup_->destroy() : Status();
}

void Container::end_rest() {
  (void)static_cast<bool>(cgroup_->kill_all());
}

Status Container::signal_all(int signal) const {
  return signal == SIGKILL ? cgroup_->kill_all() : cgroup_->signal_all(signal);
}

uint64_t Container::oom_kills(const ExitStatus&) const {
  return cgroup_->stats().oom_kills.value_or(0);
}

Status Container::make_plan() {
  if (spec_.process.terminal && tree_of(is_devpts) == nullptr) {
    return Error{"terminal", "openat", "/dev/pts", ENODEV, "a terminal needs a mount of type devpts"};
  }
  plan_open_namespaces(plan_, spec_, joined_);
  plan_user_namespace(plan_, spec_, user_);
  if (Status planned = plan_cgroup(plan_, spec_, *cgroup_, missing_); !planned) return planned;
  plan_child();
  plan_seccomp_compilation(plan_, spec_, options_.cache_directory, seccomp_);
  plan_clone(clone_flags(spec_.namespaces), describe_new(spec_.namespaces));
  plan_cgroup_owner(plan_, spec_, *cgroup_, user_);
  if (spec_.process.terminal) plan_terminal_receipt(plan_, gate_, stdio_);
  plan_created();
  return {};
}

/** The child's steps in the order in which they have to happen, with the host's preparations for them in
 * between. */
void Container::plan_child() {
  const ProcessSpec& process = spec_.process;
  bool own_user = static_cast<bool>(spec_.namespaces.user);
  plan_privileges(plan_, process, needs_intermediate(spec_.namespaces) ? Side::intermediate : Side::child);
  plan_enter_namespaces(plan_, spec_, user_, joined_);
  cgroup_->plan_join(plan_);  // before all that is to be accounted to the container
  plan_death_signal(plan_);
  plan_cgroup_namespace(plan_, spec_, joined_);
  plan_rootfs(plan_, spec_, maker_, rootfs_);
  if (own_user) {
    plan_namespace_root(plan_, user_);
    plan_ipc_namespace(plan_, spec_.namespaces);
    plan_death_signal(plan_);
  }
  if (options_.new_keyring) plan_session_keyring(plan_);
  plan_mounts(plan_, spec_.mounts, maker_, rootfs_.root, trees_);
  plan_streams();
  plan_devices(plan_, spec_, maker_, rootfs_.root, tree_of(is_device_directory), stdio_);
  plan_masked_paths(plan_, spec_, maker_, rootfs_.root);
  plan_readonly_paths(plan_, spec_, rootfs_.root);
  plan_working_directory(plan_, process, rootfs_.root);
  plan_root_switch(plan_, spec_, !options_.no_pivot, rootfs_);
  plan_hostname(plan_, spec_);
  plan_network(plan_, spec_);
  plan_own_stdio();
  plan_resource_limits(plan_, process);
  plan_program(own_user && maker_.side == Side::child);
}

void Container::plan_streams() {
  if (spec_.process.terminal) {
    plan_terminal(plan_, spec_.process, tree_of(is_devpts), child_gate_, stdio_);
  } else if (!keeps_stdio()) {
    plan_pipes(plan_, spec_.process, user_, stdio_);
  }
}

const UniqueFd* Container::tree_of(bool (*is)(const MountSpec&)) const {
  for (size_t i = 0; i < spec_.mounts.size(); ++i) {
    if (is(spec_.mounts[i])) return &trees_[i];
  }
  return nullptr;
}

}  // namespace minirun
