#include "core/container.h"

#include <signal.h>
#include <sys/mount.h>

#include <algorithm>

#include "core/cgroup_plan.h"
#include "core/devices.h"
#include "core/hooks.h"
#include "core/namespaces.h"
#include "core/net_devices.h"
#include "core/scheduling.h"
#include "core/security_labels.h"
#include "core/syscalls.h"
#include "core/sysctl.h"

namespace minirun {
namespace {

bool is_devpts(const MountSpec& mount) {
  return mount.type == "devpts" && mount.destination == "/dev/pts";
}

ContainerSpec fitted(ContainerSpec spec, const CgroupHost& host) {
  expand_cgroup_mounts(spec, host);
  label_mounts(spec);
  return spec;
}

/**
 * The host makes mounts where that takes what the child hasn't: the host's privileges before a user
 * namespace, a device controller that forbids nothing yet, and the host's own tree where mounts are to be
 * shared with it. Else the child does, in their order.
 */
bool needs_host(const ContainerSpec& spec) {
  auto is_shared = [](const MountSpec& mount) { return mount.propagation.value == MS_SHARED; };
  bool shares = spec.rootfs_propagation.value == MS_SHARED &&
                std::any_of(spec.mounts.begin(), spec.mounts.end(), is_shared);
  return spec.namespaces.user || !spec.devices.empty() || shares;
}

constexpr const char* kHooks = "for the hooks";

bool has_host_hooks(const HookSet& hooks) {
  return !hooks.prestart.empty() || !hooks.create_runtime.empty();
}

}  // namespace

Container::Container(ContainerSpec spec, LaunchOptions options)
    : Container(std::move(spec), find_cgroups(), std::move(options)) {}

Container::Container(ContainerSpec spec, const CgroupHost& host, LaunchOptions options)
    : ContainedProcess(fitted(std::move(spec), host), host, std::move(options), kFirst),
      maker_{is_privileged() ? Side::host : Side::child, user_},
      mount_maker_{needs_host(spec_) ? maker_.side : Side::child, user_} {
  trees_.resize(spec_.mounts.size());
}

Container::~Container() {
  if (!started()) (void)static_cast<bool>(Container::destroy());
}

Status Container::destroy() {
  if (lives()) (void)static_cast<bool>(end_rest());  // one that is frozen would not end before it goes on
  (void)static_cast<bool>(ContainedProcess::destroy());
  return cgroup_->is_own() ? cgroup_->destroy() : Status();
}

Status Container::end_rest() {
  return cgroup_->kill_all();
}

Status Container::signal_all(int signal) const {
  return signal == SIGKILL ? cgroup_->kill_all() : cgroup_->signal_all(signal);
}

Reach Container::reach_of_all(int signal) const {
  bool at_once = cgroup_->version() == 2 && signal == SIGKILL;
  std::string count = std::to_string(cgroup_->processes().size());
  return {at_once ? "write" : "pidfd_send_signal",
          count + " processes of " + cgroup_->path() + (at_once ? "/cgroup.kill" : "")};
}

uint64_t Container::oom_kills(const ExitStatus&) const {
  return cgroup_->stats().oom_kills.value_or(0);
}

Status Container::make_plan() {
  if (spec_.process.terminal && tree_of(is_devpts) == nullptr) {
    return Error{"terminal", "openat", "/dev/pts", ENODEV, "a terminal needs a mount of type devpts"};
  }
  if (Status labels = check_security_labels(spec_, missing_); !labels) return labels;
  if (Status root = check_detached_root(spec_); !root) return root;
  creating_ = state_text("creating");
  created_ = state_text("created");
  plan_open_namespaces(plan_, spec_, joined_);
  plan_user_namespace(plan_, spec_, user_);
  if (Status planned = plan_cgroup(plan_, spec_, *cgroup_, missing_); !planned) return planned;
  plan_child();
  plan_seccomp_compilation(plan_, spec_, options_.cache_directory, seccomp_);
  plan_clone(clone_flags(spec_.namespaces), describe_new(spec_.namespaces));
  plan_cgroup_owner(plan_, spec_, *cgroup_, user_);
  if (spec_.process.terminal) plan_take_terminal();
  plan_created();
  plan_scheduling(plan_, spec_.process, pid());
  plan_go();
  return {};
}

void Container::plan_meanwhile() {
  plan_net_devices(plan_, spec_, joined_, pid());
  if (!has_host_hooks(spec_.hooks)) return;
  plan_paused(kHooks);
  plan_host_hooks(plan_, "prestart", spec_.hooks.prestart, created_, pid());
  plan_host_hooks(plan_, "createRuntime", spec_.hooks.create_runtime, creating_, pid());
  plan_resume(kHooks);
}

void Container::plan_started() {
  plan_child_hooks(plan_, "startContainer", spec_.hooks.start_container, created_);
}

/** The child's steps in the order in which they have to happen, with the host's preparations for them in
 * between. */
void Container::plan_child() {
  const ProcessSpec& process = spec_.process;
  bool own_user = static_cast<bool>(spec_.namespaces.user);
  Side first = needs_intermediate(spec_.namespaces) ? Side::intermediate : Side::child;
  plan_privileges(plan_, process, first);
  plan_enter_namespaces(plan_, spec_, user_, joined_);
  plan_hiding(first);
  cgroup_->plan_join(plan_);  // before all that is to be accounted to the container
  plan_death_signal(plan_);
  plan_seccomp_listener("creating");
  plan_cgroup_namespace(plan_, spec_, joined_);
  plan_mount_point(plan_, spec_, rootfs_);
  plan_rootfs(plan_, spec_, maker_, rootfs_);
  plan_masks(plan_, spec_, maker_, rootfs_.mount_point, masks_);
  plan_attach_devices(plan_, spec_, mount_maker_, rootfs_.mount_point, trees_);
  plan_attach_root(plan_, spec_, rootfs_);
  if (own_user) {
    plan_namespace_root(plan_, user_);
    plan_ipc_namespace(plan_, spec_.namespaces);
    plan_death_signal(plan_);
  }
  if (options_.new_keyring) plan_session_keyring(plan_);
  plan_mounts(plan_, spec_.mounts, mount_maker_, rootfs_.root, trees_);
  plan_streams();
  plan_devices(plan_, spec_, mount_maker_, rootfs_.root, tree_of(is_device_directory), stdio_);
  plan_masked_paths(plan_, spec_, masks_, rootfs_.root);
  plan_readonly_paths(plan_, spec_, rootfs_.root);
  plan_working_directory(plan_, process, rootfs_.root);
  plan_procfs(plan_, spec_, procfs_);
  if (has_host_hooks(spec_.hooks)) plan_pause(kHooks);
  plan_child_hooks(plan_, "createContainer", spec_.hooks.create_container, creating_);
  plan_root_switch(plan_, spec_, !options_.no_pivot, rootfs_);
  plan_hostname(plan_, spec_);
  plan_network(plan_, spec_);
  plan_sysctls(plan_, spec_, procfs_);
  plan_own_stdio();
  plan_attributes();
  plan_program(own_user && maker_.side == Side::child);
}

/**
 * Other containers see it where they share its pid namespace: those that are in one that it joins, and those
 * that join its own while it waits at the gate. Without privileges hiding has a price, for then nobody
 * outside may open its namespaces either, which hooks do; so it is done where somebody is there already.
 */
void Container::plan_hiding(Side side) {
  if (is_privileged() || spec_.namespaces.pid.origin == NamespaceSpec::joined) plan_not_dumpable(plan_, side);
}

/** How the kernel is to treat the process, in the order in which privileges and descriptors become fewer. */
void Container::plan_attributes() {
  plan_memory_policy(plan_, spec_);
  plan_personality(plan_, spec_);
  plan_security_labels(plan_, spec_.process, procfs_);
  plan_resource_limits(plan_, spec_.process);
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
