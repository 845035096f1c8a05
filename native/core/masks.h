#pragma once

#include "core/mount_tree.h"
#include "core/plan.h"
#include "core/spec.h"
#include "core/unique_fd.h"

namespace minirun {

/** What paths of a container are covered with: a tree that nobody inside can reach. */
struct Masks {
  UniqueFd tree;
  UniqueFd null;  ///< the null device, in the tree or, where none can be made, the host's
};

/**
 * Plans the masks to be made and attached, because before Linux 6.15 binds can only be taken from what is:
 * where the root is going to be, which covers them and leaves them behind. In the host's mount namespace they
 * are attached nowhere.
 */
void plan_masks(Plan& plan, const ContainerSpec& spec, const TreeMaker& maker, const UniqueFd& mount_point,
                Masks& masks);

/** Plans what hides a path from the container: an empty read-only directory, or a null device for a file. */
void plan_masked_paths(Plan& plan, const ContainerSpec& spec, const Masks& masks, const UniqueFd& root);

/** Plans the read-only bind of each of linux.readonlyPaths onto itself. */
void plan_readonly_paths(Plan& plan, const ContainerSpec& spec, const UniqueFd& root);

}  // namespace minirun
