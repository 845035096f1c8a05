#include "core/rootfs.h"

#include <fcntl.h>
#include <sched.h>

#include "core/overlay.h"
#include "core/syscalls.h"

namespace minirun {
namespace {

void plan_overlay(Plan& plan, const ContainerSpec& spec, const TreeMaker& maker, Rootfs& rootfs) {
  std::string arguments = describe(*spec.overlay) + " → " + spec.rootfs;
  if (maker.side == Side::host) {
    auto make = [&spec, &user = maker.user, &rootfs](TraceRow& row) {
      return make_overlay(*spec.overlay, user.fd.get(), rootfs.root, row);
    };
    plan.add({Side::host, "overlay", "fsmount", spec.rootfs, arguments, "/annotations", make});
    return;
  }
  MountSpec mount = overlay_mount(*spec.overlay);
  mount.data.emplace_back("userxattr", "");  // the other attributes take root's privileges (Linux 5.11)
  auto make = [mount, &rootfs](TraceRow& row) { return make_file_system(mount, rootfs.root, row); };
  plan.add({Side::child, "overlay", "fsmount", spec.rootfs, arguments, "/annotations", make});
}

void plan_directory(Plan& plan, const ContainerSpec& spec, const TreeMaker& maker, Rootfs& rootfs) {
  auto make = [&spec, &rootfs](TraceRow&) {
    rootfs.root.reset(sys::open_tree(AT_FDCWD, spec.rootfs.c_str(), OPEN_TREE_CLONE | AT_RECURSIVE));
    if (!rootfs.root) return failed("open_tree");
    mount_attr attributes{};
    attributes.propagation = MS_PRIVATE;
    attributes.attr_set = MOUNT_ATTR_NODEV;
    if (sys::mount_setattr(rootfs.root.get(), "", AT_EMPTY_PATH | AT_RECURSIVE, attributes) < 0)
      return failed("mount_setattr");
    return kNoFault;
  };
  plan.add({maker.side, "rootfs", "open_tree", spec.rootfs, spec.rootfs, "/root/path", make});
}

Fault make_private(TraceRow&) {
  mount_attr attributes{};
  attributes.propagation = MS_PRIVATE;
  if (sys::mount_setattr(AT_FDCWD, "/", AT_RECURSIVE, attributes) < 0) return failed("mount_setattr");
  return kNoFault;
}

/** The old root is stacked on the new one by pivot_root(".", "."), and "." is then what lies on top: the old
 * root. */
Fault enter(const Rootfs& rootfs) {
  if (::fchdir(rootfs.root.get()) < 0) return failed("fchdir");
  if (sys::pivot_root(".", ".") < 0) return failed("pivot_root");
  if (sys::umount2(".", sys::kDetach) < 0) return failed("umount2");
  if (::chdir("/") < 0) return failed("chdir");
  return kNoFault;
}

Fault make_root_read_only(const Rootfs& rootfs) {
  mount_attr attributes{};
  attributes.attr_set = MOUNT_ATTR_RDONLY;
  if (sys::mount_setattr(rootfs.root.get(), "", AT_EMPTY_PATH, attributes) < 0)
    return failed("mount_setattr");
  return kNoFault;
}

}  // namespace

void plan_rootfs(Plan& plan, const ContainerSpec& spec, const TreeMaker& maker, Rootfs& rootfs) {
  plan.add({Side::child, "private", "mount_setattr", "/", "MS_PRIVATE, AT_RECURSIVE", "", make_private});
  if (spec.overlay) {
    plan_overlay(plan, spec, maker, rootfs);
  } else {
    plan_directory(plan, spec, maker, rootfs);
  }
  auto attach = [&spec, &rootfs](TraceRow& row) {
    rootfs.mount_point.reset(::open(spec.rootfs.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!rootfs.mount_point) {
      if (errno == EACCES)
        row.annotate("a directory above it is closed to the user who starts the container");
      return failed("open");
    }
    if (sys::move_mount(rootfs.root.get(), rootfs.mount_point.get()) < 0) return failed("move_mount");
    return kNoFault;
  };
  plan.add({Side::child, "root", "move_mount", spec.rootfs, "root → " + spec.rootfs, "/root/path", attach});
}

void plan_pivot(Plan& plan, const ContainerSpec& spec, const Rootfs& rootfs) {
  if (spec.rootfs_readonly) {
    auto protect = [&rootfs](TraceRow&) { return make_root_read_only(rootfs); };
    plan.add({Side::child, "read-only root", "mount_setattr", "/", "MOUNT_ATTR_RDONLY", "/root/readonly",
              protect});
  }
  auto pivot = [&rootfs](TraceRow&) { return enter(rootfs); };
  plan.add({Side::child, "pivot_root", "pivot_root", spec.rootfs, spec.rootfs + " → /", "/root/path", pivot});
}

}  // namespace minirun
