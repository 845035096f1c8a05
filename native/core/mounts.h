#pragma once

#include <vector>

#include "core/mount_tree.h"
#include "core/plan.h"
#include "core/spec.h"
#include "core/unique_fd.h"

namespace minirun {

/** The tree of each of the bundle's mounts, once it is made. Index i belongs to spec.mounts[i]. */
using MountTrees = std::vector<UniqueFd>;

/**
 * Plans the tmpfs of device nodes, where the host makes it, to be attached: where the root is going to be,
 * which covers it and leaves it behind. The container gets a copy of the mount, in the order of the bundle's
 * mounts.
 */
void plan_attach_devices(Plan& plan, const ContainerSpec& spec, const TreeMaker& maker,
                         const UniqueFd& mount_point, const MountTrees& trees);

/**
 * Plans every mount of the bundle onto the root that `root` will name. What shows the host's files is made by
 * `maker`, everything else by the child, whose namespaces it has to show. `trees` has an element for each
 * mount.
 */
void plan_mounts(Plan& plan, const std::vector<MountSpec>& mounts, const TreeMaker& maker,
                 const UniqueFd& root, MountTrees& trees);

}  // namespace minirun
