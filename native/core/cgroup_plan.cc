#include "core/cgroup_plan.h"

#include <linux/mount.h>
#include <unistd.h>

#include <algorithm>

#include "core/cgroup_files.h"
#include "core/device_rules.h"
#include "core/text.h"
#include "core/user_namespace.h"

namespace minirun {
namespace {

/** Runs what returns a Status as a step's action, keeping what it says in the trace row. */
Fault as_fault(const Status& status, TraceRow& row, const char* call) {
  if (status) return kNoFault;
  row.annotate(status.error().subject + (status.error().note.empty() ? "" : ": " + status.error().note));
  return {call, status.error().code};
}

/**
 * A user without privileges may load no device program. It may make no device nodes either, so a container
 * can reach nothing that its user couldn't.
 */
bool can_do_without(const Error& error) {
  return error.code == EPERM && error.call.starts_with("bpf") &&
         (::geteuid() != 0 || !in_first_user_namespace());
}

void plan_device_rules(Plan& plan, const std::vector<DeviceRule>& rules, const Cgroup& cgroup,
                       std::vector<Missing>& missing) {
  if (rules.empty()) return;
  auto apply = [&rules, &cgroup, &missing](TraceRow& row) {
    Status applied = cgroup.apply_devices(rules);
    if (applied || !can_do_without(applied.error()))
      return as_fault(applied, row, cgroup.version() == 2 ? "bpf" : "write");
    missing.push_back({"device rules", "they take a privilege that this user hasn't got"});
    return kNoFault;
  };
  std::string all;
  for (const auto& rule : rules) all += (all.empty() ? "" : ", ") + describe(rule);
  plan.add({Side::host, "device rules", cgroup.version() == 2 ? "bpf" : "write", cgroup.path(), all,
            "/linux/resources/devices", apply});
}

/** The files of a group that may be given away (cgroups(7), "Delegation"), where the kernel names none. */
constexpr const char* kDelegated[] = {"cgroup.procs", "cgroup.subtree_control", "cgroup.threads"};

bool is_delegated(const ContainerSpec& spec, const Cgroup& cgroup) {
  bool writable = std::any_of(spec.mounts.begin(), spec.mounts.end(), [](const MountSpec& mount) {
    bool shows_groups = mount.type == "cgroup" || mount.type == "cgroup2";
    return shows_groups && mount.destination == "/sys/fs/cgroup" &&
           (mount.attributes.set & MOUNT_ATTR_RDONLY) == 0;
  });
  return writable && cgroup.version() == 2 && spec.namespaces.cgroup.origin == NamespaceSpec::created;
}

Fault give_away(const std::string& directory, uid_t owner, TraceRow& row) {
  auto names = split(read_text("/sys/kernel/cgroup/delegate"), '\n');
  if (names.empty()) names.assign(std::begin(kDelegated), std::end(kDelegated));
  names.insert(names.begin(), ".");
  for (const auto& name : names) {
    std::string file = directory + "/" + name;
    if (::lchown(file.c_str(), owner, static_cast<gid_t>(-1)) == 0 || errno == ENOENT) continue;
    row.annotate(file);
    return failed("lchown");
  }
  return kNoFault;
}

}  // namespace

Status plan_cgroup(Plan& plan, const ContainerSpec& spec, Cgroup& cgroup, std::vector<Missing>& missing) {
  auto writes = cgroup.limit_writes(spec.limits);
  if (!writes) return writes.error();
  if (Status checked = cgroup.check_devices(spec.limits.devices); !checked) return checked;
  if (cgroup.host().hierarchies.empty()) {  // as it may be for a user who asks for no limits
    missing.push_back({"control group", "this user can't write to the host's cgroup tree"});
    return {};
  }
  auto create = [&cgroup, &spec](TraceRow& row) {
    return as_fault(cgroup.create(spec.limits), row, "mkdir");
  };
  plan.add({Side::host, kCgroupStep, "mkdir", cgroup.path(), "cgroup v" + std::to_string(cgroup.version()),
            "/linux/cgroupsPath", create});
  for (auto& write : *writes) {
    auto action = [write](TraceRow& row) { return as_fault(write_limit(write), row, "write"); };
    const ControlValue& value = write.choices.front();
    plan.add({Side::host, write.name, "write", value.file, value.value, write.setting, action});
  }
  plan_device_rules(plan, spec.limits.devices, cgroup, missing);
  return {};
}

void plan_cgroup_owner(Plan& plan, const ContainerSpec& spec, const Cgroup& cgroup,
                       const UserNamespace& user) {
  if (!is_delegated(spec, cgroup)) return;
  auto action = [&cgroup, &user, uid = spec.process.user.uid](TraceRow& row) {
    auto owner = user.fd ? outside_id(user.mappings.uids, uid) : std::optional(uid);
    if (!owner) return Fault{"lchown", EINVAL};
    return give_away(cgroup.directories().front(), *owner, row);
  };
  plan.add({Side::host, "cgroup owner", "lchown", cgroup.path(), "the container's user, and not its limits",
            "/process/user/uid", action});
}

}  // namespace minirun
