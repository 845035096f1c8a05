#pragma once

#include "core/mount_tree.h"
#include "core/plan.h"
#include "core/spec.h"
#include "core/unique_fd.h"

namespace minirun {

/** What stands where while the root filesystem is being made. */
struct Rootfs {
  UniqueFd root;         ///< the container's root: detached until the child attaches it
  UniqueFd mount_point;  ///< the directory that it is attached to, in the child's copy of the host's mounts
};

/**
 * Plans the root: an overlay, or a bind of the directory, made as a detached mount and attached by the child
 * in a mount namespace of its own that it has cut off from the host's.
 */
void plan_rootfs(Plan& plan, const ContainerSpec& spec, const TreeMaker& maker, Rootfs& rootfs);

/** Plans the last word on mounts: root read-only where asked for, pivot_root, old root detached. */
void plan_pivot(Plan& plan, const ContainerSpec& spec, const Rootfs& rootfs);

}  // namespace minirun
