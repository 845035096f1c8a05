#include "core/cgroup_plan.h"

#include <linux/mount.h>
#include <unistd.h>

#include "core/device_rules.h"
#include "core/file.h"
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

std::string join(const std::vector<std::string>& names) {
  std::string all;
  for (const auto& name : names) all += (all.empty() ? "" : ",") + name;
  return all;
}

MountSpec group_mount(const MountSpec& mount, const Hierarchy& hierarchy) {
  MountSpec one = mount;
  one.destination += "/" + join(hierarchy.controllers);
  one.data.clear();
  for (const auto& name : hierarchy.controllers) one.data.emplace_back(name, "");
  return one;
}

}  // namespace

Status plan_cgroup(Plan& plan, const ContainerSpec& spec, Cgroup& cgroup, std::vector<Missing>& missing) {
  auto writes = cgroup.limit_writes(spec.limits);
  if (!writes) return writes.error();
  if (Status checked = cgroup.check_devices(spec.limits.devices); !checked) return checked;
  if (cgroup.host().hierarchies.empty())
    return {};  // without a group, as a user may be who asks for no limits
  auto create = [&cgroup, &spec](TraceRow& row) {
    return as_fault(cgroup.create(spec.limits), row, "mkdir");
  };
  plan.add({Side::host, "cgroup", "mkdir", cgroup.path(), "cgroup v" + std::to_string(cgroup.version()),
            "/linux/cgroupsPath", create});
  for (auto& write : *writes) {
    auto action = [write](TraceRow& row) { return as_fault(write_limit(write), row, "write"); };
    const ControlValue& value = write.choices.front();
    plan.add({Side::host, write.name, "write", value.file, value.value, write.setting, action});
  }
  plan_device_rules(plan, spec.limits.devices, cgroup, missing);
  return {};
}

std::vector<MountSpec> expand_cgroup_mount(const MountSpec& mount, const CgroupHost& host) {
  if (host.version == 0) return {};
  MountSpec top = mount;
  if (host.version == 2) {
    top.type = "cgroup2";
    return {top};
  }
  top.type = "tmpfs";
  top.source = "tmpfs";
  top.attributes_set &= ~uint64_t{MOUNT_ATTR_RDONLY};  // the mount points below are still to be made
  top.data = {{"mode", "0755"}};
  std::vector<MountSpec> mounts{top};
  for (const auto& hierarchy : host.hierarchies) mounts.push_back(group_mount(mount, hierarchy));
  return mounts;
}

}  // namespace minirun
