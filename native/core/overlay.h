#pragma once

#include "core/mount_tree.h"
#include "core/plan.h"
#include "core/spec.h"
#include "core/unique_fd.h"

namespace minirun {

/**
 * The mount that an overlay of plain layers is. Without a working directory it is read-only, and its upper
 * layer just the topmost of the lower ones, so that it may be mounted while someone else writes to it. Device
 * nodes of a layer don't work (nodev); what may be executed there is the container's own business.
 */
MountSpec overlay_mount(const OverlaySpec& overlay);

/**
 * Makes an overlay as a detached mount. Where its lower layers are id-mapped, `user_namespace` is what with:
 * their files are then those of the ids that the container calls so, so that containers with different ids
 * share them (overlayfs takes such layers from Linux 5.19).
 */
Fault make_overlay(const OverlaySpec& overlay, int user_namespace, UniqueFd& tree, TraceRow& row);

/**
 * The same for kernels whose overlayfs takes attached mounts alone as layers (before Linux 6.15): the
 * id-mapped ones are attached in a mount namespace that lasts as long as the call.
 */
Fault make_overlay_of_attached(const OverlaySpec& overlay, int user_namespace, UniqueFd& tree, TraceRow& row);

/** What an overlay is made of, for people. */
std::string describe(const OverlaySpec& overlay);

}  // namespace minirun
