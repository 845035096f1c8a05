#pragma once

#include <vector>

#include "core/cgroup.h"
#include "core/process.h"
#include "core/spec.h"
#include "core/user_namespace.h"

namespace minirun {

/** The step that makes the group. */
inline constexpr const char* kCgroupStep = "cgroup";

/**
 * Plans the group and its limits, each a step of its own; fails at once when a limit can't be enforced. What
 * a user without privileges has to do without is added to `missing` when it turns out.
 */
Status plan_cgroup(Plan& plan, const ContainerSpec& spec, Cgroup& cgroup, std::vector<Missing>& missing);

/**
 * Plans the group to be the container's user's, where the container may make groups below it: on v2, with a
 * cgroup namespace of its own and a writable mount (OCI runtime specification, "Cgroup ownership"). Its
 * limits stay files of the host's root. After the clone: who clones into a group has to be able to write to
 * it.
 */
void plan_cgroup_owner(Plan& plan, const ContainerSpec& spec, const Cgroup& cgroup,
                       const UserNamespace& user);

/**
 * Puts in the place of each "cgroup" or "cgroup2" mount those that show the container its own group: on v2
 * just one, on v1 one a hierarchy below a tmpfs. Where it has no cgroup namespace, they are binds of the
 * group's directories: a mount of the file system would show, and let root change, the groups of the whole
 * host (CVE-2023-25809).
 */
void expand_cgroup_mounts(ContainerSpec& spec, const CgroupHost& host);

}  // namespace minirun
