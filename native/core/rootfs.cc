#include "core/rootfs.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>

#include <algorithm>

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
    // A slave goes on to see what is mounted on the host below it; whatever else was asked for comes at the
    // end.
    attributes.propagation = spec.rootfs_propagation.value == MS_SLAVE ? MS_SLAVE : MS_PRIVATE;
    attributes.attr_set = MOUNT_ATTR_NODEV;
    if (sys::mount_setattr(rootfs.root.get(), "", AT_EMPTY_PATH | AT_RECURSIVE, attributes) < 0)
      return failed("mount_setattr");
    return kNoFault;
  };
  plan.add({maker.side, "rootfs", "open_tree", spec.rootfs, spec.rootfs, "/root/path", make});
}

std::string describe_propagation(const PropagationSpec& propagation) {
  const char* name = propagation.value == MS_SHARED  ? "MS_SHARED"
                     : propagation.value == MS_SLAVE ? "MS_SLAVE"
                                                     : "MS_UNBINDABLE";
  return std::string(name) + (propagation.recursive ? ", AT_RECURSIVE" : "");
}

/** Whether a mount is to show what the host mounts below its source later. */
bool follows_host(const ContainerSpec& spec) {
  return std::any_of(spec.mounts.begin(), spec.mounts.end(), [](const MountSpec& mount) {
    return mount.propagation.value == MS_SHARED || mount.propagation.value == MS_SLAVE;
  });
}

/** Nothing that is mounted from here on gets out. */
void plan_cut_off(Plan& plan, const ContainerSpec& spec) {
  bool follows = follows_host(spec);
  auto cut = [follows](TraceRow&) {
    mount_attr attributes{};
    attributes.propagation = follows ? MS_SLAVE : MS_PRIVATE;
    return sys::mount_setattr(AT_FDCWD, "/", AT_RECURSIVE, attributes) < 0 ? failed("mount_setattr")
                                                                           : kNoFault;
  };
  std::string arguments = std::string(follows ? "MS_SLAVE" : "MS_PRIVATE") + ", AT_RECURSIVE";
  plan.add({Side::child, follows ? "slave" : "private", "mount_setattr", "/", arguments, "", cut});
}

/** The old root is stacked on the new one by pivot_root(".", "."), and "." is then what lies on top: the old
 * root. */
Fault pivot(const Rootfs& rootfs) {
  if (::fchdir(rootfs.root.get()) < 0) return failed("fchdir");
  if (sys::pivot_root(".", ".") < 0) return failed("pivot_root");
  if (sys::umount2(".", sys::kDetach) < 0) return failed("umount2");
  return ::chdir("/") < 0 ? failed("chdir") : kNoFault;
}

/** The new root covers the old one. */
Fault move(const Rootfs& rootfs) {
  UniqueFd old(::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!old) return failed("open");
  if (sys::move_mount(rootfs.root.get(), old.get()) < 0) return failed("move_mount");
  return change_root(rootfs.root.get());
}

/** Mounts a file system on a directory of another, neither of which is attached anywhere. */
Fault mount_on_detached(TraceRow& row) {
  MountSpec mount;
  mount.type = "tmpfs";
  mount.source = "minirun-probe";
  UniqueFd below;
  UniqueFd above;
  if (Fault fault = make_file_system(mount, below, row)) return fault;
  if (Fault fault = make_file_system(mount, above, row)) return fault;
  if (::mkdirat(below.get(), "target", 0755) < 0) return failed("mkdirat");
  UniqueFd target(::openat(below.get(), "target", O_PATH | O_DIRECTORY | O_CLOEXEC));
  return sys::move_mount(above.get(), target.get()) < 0 ? failed("move_mount") : kNoFault;
}

Fault make_root_read_only(const Rootfs& rootfs) {
  mount_attr attributes{};
  attributes.attr_set = MOUNT_ATTR_RDONLY;
  if (sys::mount_setattr(rootfs.root.get(), "", AT_EMPTY_PATH, attributes) < 0)
    return failed("mount_setattr");
  return kNoFault;
}

/** Only now: neither what a root is pivoted to nor what it lies on may be shared (pivot_root(2)). */
void plan_propagation(Plan& plan, const ContainerSpec& spec) {
  const PropagationSpec& asked = spec.rootfs_propagation;
  if (asked.value == 0 || asked.value == MS_PRIVATE) return;
  auto change = [&asked](TraceRow&) {
    mount_attr attributes{};
    attributes.propagation = asked.value;
    unsigned depth = asked.recursive ? AT_RECURSIVE : 0;
    return sys::mount_setattr(AT_FDCWD, "/", depth, attributes) < 0 ? failed("mount_setattr") : kNoFault;
  };
  std::string arguments = describe_propagation(asked);
  plan.add(
      {Side::child, "root propagation", "mount_setattr", "/", arguments, "/linux/rootfsPropagation", change});
}

}  // namespace

Status check_detached_root(const ContainerSpec& spec) {
  if (spec.namespaces.mount) return {};
  TraceRow row{};
  Fault fault = mount_on_detached(row);
  if (!fault) return {};
  if (fault.code != EINVAL) return Error{"rootfs", fault.call, "a tmpfs", fault.code, row.note};
  return Error{"rootfs", fault.call, "/linux/namespaces", EOPNOTSUPP,
               "without a mount namespace a container needs Linux 6.15; add one of type mount"};
}

Fault change_root(int root) {
  if (::fchdir(root) < 0) return failed("fchdir");
  if (::chroot(".") < 0) return failed("chroot");
  return ::chdir("/") < 0 ? failed("chdir") : kNoFault;
}

void plan_mount_point(Plan& plan, const ContainerSpec& spec, Rootfs& rootfs) {
  if (!spec.namespaces.mount) return;
  plan_cut_off(plan, spec);
  auto open = [&spec, &rootfs](TraceRow& row) {
    rootfs.mount_point.reset(::open(spec.rootfs.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (rootfs.mount_point) return kNoFault;
    if (errno == EACCES) row.annotate("a directory above it is closed to the user who starts the container");
    return failed("open");
  };
  plan.add({Side::child, "mount point", "open", spec.rootfs, spec.rootfs, "/root/path", open});
}

void plan_rootfs(Plan& plan, const ContainerSpec& spec, const TreeMaker& maker, Rootfs& rootfs) {
  if (spec.overlay) {
    plan_overlay(plan, spec, maker, rootfs);
  } else {
    plan_directory(plan, spec, maker, rootfs);
  }
}

void plan_attach_root(Plan& plan, const ContainerSpec& spec, const Rootfs& rootfs) {
  if (!spec.namespaces.mount) return;
  auto attach = [&rootfs](TraceRow&) {
    return sys::move_mount(rootfs.root.get(), rootfs.mount_point.get()) < 0 ? failed("move_mount") : kNoFault;
  };
  plan.add({Side::child, "root", "move_mount", spec.rootfs, "root → " + spec.rootfs, "/root/path", attach});
}

void plan_root_switch(Plan& plan, const ContainerSpec& spec, bool by_pivot, const Rootfs& rootfs) {
  if (spec.rootfs_readonly) {
    auto protect = [&rootfs](TraceRow&) { return make_root_read_only(rootfs); };
    plan.add({Side::child, "read-only root", "mount_setattr", "/", "MOUNT_ATTR_RDONLY", "/root/readonly",
              protect});
  }
  std::string arguments = spec.rootfs + " → /";
  if (!spec.namespaces.mount) {
    auto enter = [&rootfs](TraceRow&) { return change_root(rootfs.root.get()); };
    plan.add({Side::child, "chroot", "chroot", spec.rootfs, arguments, "/root/path", enter});
  } else if (by_pivot) {
    auto enter = [&rootfs](TraceRow&) { return pivot(rootfs); };
    plan.add({Side::child, "pivot_root", "pivot_root", spec.rootfs, arguments, "/root/path", enter});
  } else {
    auto enter = [&rootfs](TraceRow&) { return move(rootfs); };
    plan.add({Side::child, "move root", "move_mount", spec.rootfs, arguments, "/root/path", enter});
  }
  plan_propagation(plan, spec);
}

}  // namespace minirun
