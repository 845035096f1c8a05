#pragma once

#include <vector>

#include "core/cgroup.h"
#include "core/process.h"
#include "core/spec.h"

namespace minirun {

/**
 * Plans the group and its limits, each a step of its own; fails at once when a limit can't be enforced. What
 * a user without privileges has to do without is added to `missing` when it turns out.
 */
Status plan_cgroup(Plan& plan, const ContainerSpec& spec, Cgroup& cgroup, std::vector<Missing>& missing);

/** The mounts that show the container its own group: v1 has one a hierarchy below a tmpfs, v2 just one. */
std::vector<MountSpec> expand_cgroup_mount(const MountSpec& mount, const CgroupHost& host);

}  // namespace minirun
