#include "core/cgroup_plan.h"

#include <linux/mount.h>

#include "core/file.h"

namespace minirun {
namespace {

/** Runs what returns a Status as a step's action, keeping what it says in the trace row. */
Fault as_fault(const Status& status, TraceRow& row, const char* call) {
  if (status) return kNoFault;
  row.annotate(status.error().subject + (status.error().note.empty() ? "" : ": " + status.error().note));
  return {call, status.error().code};
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

Status plan_cgroup(Plan& plan, const ContainerSpec& spec, Cgroup& cgroup) {
  auto writes = cgroup.limit_writes(spec.limits);
  if (!writes) return writes.error();
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
