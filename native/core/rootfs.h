#pragma once

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
 * The mount that an overlay is made with; read-only where it has no upper layer. Device nodes of a layer must
 * not work (nodev); what may be executed there is the container's own business.
 */
MountSpec overlay_mount(const OverlaySpec& overlay);

/**
 * Plans the root: an overlay, or a bind of the directory, made on the host as a detached mount that no mount
 * table shows, and attached by the child in a mount namespace of its own that it has cut off from the host's.
 */
void plan_rootfs(Plan& plan, const ContainerSpec& spec, Rootfs& rootfs);

/** Plans the last word on mounts: root read-only where asked for, pivot_root, old root detached. */
void plan_pivot(Plan& plan, const ContainerSpec& spec, const Rootfs& rootfs);

}  // namespace minirun
