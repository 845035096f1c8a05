#pragma once

#include "core/plan.h"
#include "core/spec.h"
#include "core/unique_fd.h"
#include "core/user_namespace.h"

namespace minirun {

/**
 * Who makes the trees that are mounted, and for which user namespace. Root makes them on the host, as
 * detached mounts that no mount table shows; who has no privileges outside of the container's user namespace
 * has its child make them, inside.
 */
struct TreeMaker {
  Side side;
  const UserNamespace& user;
};

/**
 * Makes a file system of its own: fsopen, fsconfig, fsmount (Linux 5.2). On failure `tree` is empty, and the
 * row's note holds the kernel's own words where it gave any. Namespaces are those of the calling process:
 * proc shows its processes, sysfs its network. Allocates nothing.
 */
Fault make_file_system(const MountSpec& mount, UniqueFd& tree, TraceRow& row);

/** Makes a context of that type with the source and the options of a mount, up to its creation. */
Fault configure_file_system(const MountSpec& mount, UniqueFd& context, TraceRow& row);
/** Creates what was configured, as a detached mount. */
Fault create_file_system(const MountSpec& mount, int context, UniqueFd& tree, TraceRow& row);
/** Gives what is mounted already other options: fspick, fsconfig. `target` is its root. */
Fault reconfigure_file_system(int target, const MountSpec& mount, TraceRow& row);
/** Gives a mount the attributes that were asked for, recursive ones first. */
Fault change_attributes(int tree, const MountSpec& mount);
/** Hands one option to a file system context, and takes down what the kernel says against it. */
Fault set_option(int context, const char* key, const char* value, TraceRow& row);
/** The kernel's own words about what a context refused, such as "tmpfs: Unknown parameter 'sise'". */
void note_context_message(int context, TraceRow& row);

/**
 * Makes the tree of a bind mount: a copy of the host's mount, from which nothing propagates unless that was
 * asked for. `user_namespace` is what it is id-mapped with.
 */
Fault clone_source(const MountSpec& mount, int user_namespace, UniqueFd& tree, TraceRow& row);

/**
 * Shows the files of a detached tree with other owners, as a user namespace maps them (mount_setattr(2),
 * MOUNT_ATTR_IDMAP, Linux 5.12; each file system has to support it).
 */
Fault map_ids(int tree, int user_namespace, bool recursive, TraceRow& row);

}  // namespace minirun
