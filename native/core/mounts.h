#pragma once

#include <memory>
#include <vector>

#include "core/plan.h"
#include "core/spec.h"
#include "core/unique_fd.h"

namespace minirun {

/**
 * Makes a file system of its own: fsopen, fsconfig, fsmount (Linux 5.2). On failure `tree` is empty, and the
 * row's note holds the kernel's own words where it gave any. Namespaces are those of the calling process:
 * proc shows its processes, sysfs its network. Allocates nothing.
 */
Fault make_file_system(const MountSpec& mount, UniqueFd& tree, TraceRow& row);

/**
 * The trees that the host makes before the clone: bind mounts, because their sources are the host's, and
 * devpts, because the host opens the terminal in it. Index i belongs to spec.mounts[i].
 */
using HostTrees = std::vector<UniqueFd>;

/** Plans every mount of the bundle onto the root that `root` will name. `trees` has an element for each
 * mount. */
void plan_mounts(Plan& plan, const std::vector<MountSpec>& mounts, const UniqueFd& root, HostTrees& trees);

/** Plans what hides a path from the container: an empty read-only directory, or a null device for a file. */
void plan_masked_paths(Plan& plan, const ContainerSpec& spec, const UniqueFd& root);

/** Plans the read-only bind of each of linux.readonlyPaths onto itself. */
void plan_readonly_paths(Plan& plan, const ContainerSpec& spec, const UniqueFd& root);

}  // namespace minirun
