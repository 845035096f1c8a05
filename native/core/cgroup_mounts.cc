#include <linux/mount.h>

#include <algorithm>

#include "core/cgroup_plan.h"

namespace minirun {
namespace {

std::string join(const std::vector<std::string>& names) {
  std::string all;
  for (const auto& name : names) all += (all.empty() ? "" : ",") + name;
  return all;
}

/** Makes a mount one of the group's directory, or of the group that its cgroup namespace shows as the root.
 */
MountSpec show_group(MountSpec mount, const ContainerSpec& spec, const std::string& directory) {
  if (spec.namespaces.cgroup) return mount;
  mount.type = "bind";
  mount.bind = true;
  mount.source = directory;
  mount.data.clear();
  return mount;
}

MountSpec on_v2(MountSpec mount, const ContainerSpec& spec, const Cgroup& group) {
  mount.type = mount.source = "cgroup2";
  mount.data.clear();  // options are the host's alone to choose
  auto directories = group.directories();
  return directories.empty() ? mount : show_group(mount, spec, directories.front());
}

/** The mount points are made in the tmpfs before it becomes read-only, where it has to. */
std::vector<MountSpec> on_v1(const MountSpec& mount, ContainerSpec& spec, const Cgroup& group) {
  MountSpec top = mount;
  top.type = top.source = "tmpfs";
  top.attributes.set &= ~uint64_t{MOUNT_ATTR_RDONLY};
  top.data = {{"mode", "0755"}};
  if ((mount.attributes.set & MOUNT_ATTR_RDONLY) != 0) spec.readonly_paths.push_back(mount.destination);
  std::vector<MountSpec> mounts{top};
  auto needed = needed_controllers(spec.limits, 1);
  auto directories = group.directories();
  for (size_t i = 0; i < directories.size(); ++i) {
    const Hierarchy& hierarchy = group.host().hierarchies[i];
    if (!is_used(hierarchy, needed)) continue;  // there the container is where its creator is
    MountSpec one = mount;
    one.type = one.source = "cgroup";
    one.destination += "/" + join(hierarchy.controllers);
    one.data.clear();
    for (const auto& name : hierarchy.controllers) one.data.emplace_back(name, "");
    mounts.push_back(show_group(one, spec, directories[i]));
  }
  return mounts;
}

}  // namespace

void expand_cgroup_mounts(ContainerSpec& spec, const CgroupHost& host) {
  auto expands = [](const MountSpec& mount) {
    return (mount.type == "cgroup" || mount.type == "cgroup2") && !mount.bind;
  };
  if (std::none_of(spec.mounts.begin(), spec.mounts.end(), expands)) return;
  auto group = Cgroup::open(host, spec.cgroup_path);
  std::vector<MountSpec> all;
  for (const auto& mount : spec.mounts) {
    if (!expands(mount)) {
      all.push_back(mount);
    } else if (host.version == 2) {
      all.push_back(on_v2(mount, spec, *group));
    } else if (host.version == 1) {
      for (auto& one : on_v1(mount, spec, *group)) all.push_back(std::move(one));
    }
  }
  spec.mounts = std::move(all);
}

}  // namespace minirun
