#include "core/mounts.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <utility>

#include "core/beneath.h"
#include "core/copy_up.h"
#include "core/devices.h"
#include "core/syscalls.h"

namespace minirun {
namespace {

/**
 * Views of the kernel go onto real directories only: a rootfs whose /proc is a link would have them mounted
 * in one place and looked for in another (CVE-2019-19921). Other mounts may follow links, inside the root.
 */
uint64_t resolution_of(const MountSpec& mount) {
  bool kernel_view = mount.type == "proc" || mount.type == "sysfs";
  return kernel_view && !mount.bind ? RESOLVE_NO_SYMLINKS : 0;
}

/** Where a mount goes, resolved beneath the root; `how` is open_beneath() or make_beneath(). */
template <class How>
Fault find_target(int root, const MountSpec& mount, UniqueFd& target, TraceRow& row, How how) {
  target.reset(how(root, mount.destination.c_str(), resolution_of(mount)));
  if (!target) {
    if (errno == ELOOP) row.annotate("the mount point is a symbolic link in the root filesystem");
    return failed("openat2");
  }
  if (!same_file(root, target.get())) return kNoFault;
  row.annotate("the mount point is a link to the root filesystem's own root");
  return {"openat2", ELOOP};
}

Fault attach(int root, const MountSpec& mount, int tree, MountPoint kind, TraceRow& row) {
  auto make = [kind](int in, const char* path, uint64_t also) { return make_beneath(in, path, kind, also); };
  UniqueFd target;
  if (Fault fault = find_target(root, mount, target, row, make)) return fault;
  return sys::move_mount(tree, target.get()) < 0 ? failed("move_mount") : kNoFault;
}

/** Changes what is mounted there already. EINVAL: nothing is. */
Fault remount(int root, const MountSpec& mount, TraceRow& row) {
  UniqueFd target;
  if (Fault fault = find_target(root, mount, target, row, open_beneath)) return fault;
  if (!mount.data.empty()) {
    if (Fault fault = reconfigure_file_system(target.get(), mount, row)) return fault;
  }
  return change_attributes(target.get(), mount);
}

/** What the mount is going to cover goes into it first, and its root becomes like what it covers. */
Fault copy_covered(int root, const MountSpec& mount, int tree) {
  UniqueFd covered(open_beneath(root, mount.destination.c_str(), resolution_of(mount)));
  if (!covered) return errno == ENOENT ? kNoFault : failed("openat2");
  if (Fault fault = copy_up(covered.get(), tree)) return fault;
  struct stat status {};
  UniqueFd top(::openat(tree, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!top || ::fstat(covered.get(), &status) < 0) return failed("openat");
  bool has_mode =
      std::any_of(mount.data.begin(), mount.data.end(), [](const auto& one) { return one.first == "mode"; });
  return has_mode || ::fchmod(top.get(), status.st_mode & 07777) == 0 ? kNoFault : failed("fchmod");
}

MountPoint kind_of(int tree) {
  struct stat status {};
  bool directory = ::fstat(tree, &status) == 0 && S_ISDIR(status.st_mode);
  return directory ? MountPoint::directory : MountPoint::file;
}

std::string describe(const MountSpec& mount) {
  std::string what = mount.bind ? mount.source : mount.type;
  return what + " → " + mount.destination + (mount.options.empty() ? "" : " (" + mount.options + ")");
}

/** A mount with mappings of its own is mapped by a user namespace that is made for nothing else. */
void plan_clone_source(Plan& plan, const MountSpec& mount, const TreeMaker& maker, UniqueFd& tree) {
  auto make = [&mount, &user = maker.user, &tree](TraceRow& row) {
    if (mount.id_mapped == IdMapped::no || mount.mappings.empty())
      return clone_source(mount, user.fd.get(), tree, row);
    UniqueFd own;
    if (Fault fault = make_user_namespace(mount.mappings, own, row)) return fault;
    return clone_source(mount, own.get(), tree, row);
  };
  plan.add({maker.side, "prepare " + mount.destination, "open_tree", mount.source, describe(mount),
            mount.setting, make});
}

/** The tmpfs that device nodes are made in comes from where that can be done, and belongs to the container's
 * root. */
void plan_device_directory(Plan& plan, const MountSpec& mount, const TreeMaker& maker, UniqueFd& tree) {
  auto make = [&mount, &maker, &tree](TraceRow& row) {
    if (Fault fault = make_file_system(mount, tree, row)) return fault;
    if (maker.side == Side::child || !maker.user.fd) return kNoFault;
    auto uid = outside_id(maker.user.mappings.uids, 0);
    auto gid = outside_id(maker.user.mappings.gids, 0);
    if (!uid || !gid) return kNoFault;
    return ::fchownat(tree.get(), "", *uid, *gid, AT_EMPTY_PATH) < 0 ? failed("fchownat") : kNoFault;
  };
  plan.add({maker.side, "prepare /dev", "fsmount", "/dev", describe(mount), mount.setting, make});
}

/**
 * The kernel numbers mounts as they are made and lists them by their numbers (proc_pid_mountinfo(5)), and who
 * reads the list takes it for the order in which they cover each other. A copy has its number from now.
 */
Fault number_anew(UniqueFd& tree) {
  UniqueFd copy(sys::open_tree(tree.get(), "", OPEN_TREE_CLONE | AT_EMPTY_PATH));
  if (!copy) return failed("open_tree");
  tree = std::move(copy);
  return kNoFault;
}

bool is_made_ahead(const MountSpec& mount, const TreeMaker& maker) {
  return is_device_directory(mount) && maker.side == Side::host;
}

/** The child's part of one mount. `tree` is there already where it comes from the host's side. */
Fault put_mount(int root, const MountSpec& mount, const TreeMaker& maker, UniqueFd& tree, TraceRow& row) {
  if (mount.remount) return remount(root, mount, row);
  if (mount.bind) return attach(root, mount, tree.get(), kind_of(tree.get()), row);
  Fault made = !tree                         ? make_file_system(mount, tree, row)
               : is_made_ahead(mount, maker) ? number_anew(tree)
                                             : kNoFault;
  if (made) return made;
  if (mount.copy_up) {
    if (Fault fault = copy_covered(root, mount, tree.get())) return fault;
  }
  return attach(root, mount, tree.get(), MountPoint::directory, row);
}

void plan_mount(Plan& plan, const MountSpec& mount, const TreeMaker& maker, const UniqueFd& root,
                UniqueFd& tree) {
  if (mount.bind && !mount.remount) plan_clone_source(plan, mount, maker, tree);
  if (is_device_directory(mount)) plan_device_directory(plan, mount, maker, tree);
  auto put = [&mount, &maker, &root, &tree](TraceRow& row) {
    return put_mount(root.get(), mount, maker, tree, row);
  };
  const char* call = mount.remount ? "mount_setattr" : "move_mount";
  plan.add({Side::child, (mount.remount ? "remount " : "mount ") + mount.destination, call, mount.destination,
            describe(mount), mount.setting, put});
}

}  // namespace

void plan_attach_devices(Plan& plan, const ContainerSpec& spec, const TreeMaker& maker,
                         const UniqueFd& mount_point, const MountTrees& trees) {
  if (!spec.namespaces.mount) return;
  for (size_t i = 0; i < spec.mounts.size(); ++i) {
    if (!is_made_ahead(spec.mounts[i], maker)) continue;
    auto attach = [&tree = trees[i], &mount_point](TraceRow&) {
      return sys::move_mount(tree.get(), mount_point.get()) < 0 ? failed("move_mount") : kNoFault;
    };
    plan.add({Side::child, "attach devices", "move_mount", spec.rootfs, "devices → " + spec.rootfs,
              spec.mounts[i].setting, attach});
  }
}

void plan_mounts(Plan& plan, const std::vector<MountSpec>& mounts, const TreeMaker& maker,
                 const UniqueFd& root, MountTrees& trees) {
  for (size_t i = 0; i < mounts.size(); ++i) plan_mount(plan, mounts[i], maker, root, trees[i]);
}

}  // namespace minirun
