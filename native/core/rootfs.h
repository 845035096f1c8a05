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
 * Plans the child to find where its root goes, in a mount namespace that it has cut off from the host's. Of a
 * container that stays in the host's mount namespace the root is attached nowhere: its mounts are seen by its
 * own processes, and are gone with them.
 */
void plan_mount_point(Plan& plan, const ContainerSpec& spec, Rootfs& rootfs);

/** Plans the root to be made: an overlay, or a bind of the directory, as a detached mount. */
void plan_rootfs(Plan& plan, const ContainerSpec& spec, const TreeMaker& maker, Rootfs& rootfs);

/** Why a container can't do without a mount namespace on this host. EOPNOTSUPP: before Linux 6.15 nothing can
 * be mounted on what is not attached itself. */
Status check_detached_root(const ContainerSpec& spec);

/** Plans the root to be attached, by the child. */
void plan_attach_root(Plan& plan, const ContainerSpec& spec, const Rootfs& rootfs);

/** Enters a root by its descriptor. */
Fault change_root(int root);

/**
 * Plans the last word on mounts: root read-only where asked for, the switch to it, its propagation. With
 * pivot_root the old root is gone from the container's mount namespace; where that can't be, because the old
 * one is the kernel's first (a ramfs), the new one is moved over it and entered by chroot. In the host's
 * mount namespace there is chroot alone, which holds nobody who has CAP_SYS_CHROOT or CAP_SYS_ADMIN.
 */
void plan_root_switch(Plan& plan, const ContainerSpec& spec, bool by_pivot, const Rootfs& rootfs);

}  // namespace minirun
