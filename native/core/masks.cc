#include "core/masks.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "core/beneath.h"
#include "core/syscalls.h"

namespace minirun {
namespace {

// Masks are binds of two entries of a small read-only tmpfs that no one else can reach. The container's own
// /dev/null could be replaced (CVE-2025-31133), and the host's could have its mode changed from inside.
constexpr const char* kEmptyDirectory = "empty";
constexpr const char* kNullDevice = "null";

MountSpec mask_mount() {
  MountSpec mount;
  mount.type = "tmpfs";
  mount.source = "minirun-mask";
  mount.data = {{"mode", "0755"}, {"size", "4k"}};
  mount.attributes.set = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC;
  return mount;
}

/** The host's null device, checked to be one (CVE-2025-31133): who may not make nodes can't change it
 * either. */
Fault open_host_null(UniqueFd& null) {
  null.reset(::open("/dev/null", O_PATH | O_NOFOLLOW | O_CLOEXEC));
  struct stat status {};
  if (!null || ::fstat(null.get(), &status) < 0) return failed("open");
  bool is_null = S_ISCHR(status.st_mode) && status.st_rdev == makedev(1, 3);
  return is_null ? kNoFault : Fault{"fstat", ENODEV};
}

Fault make_masks(const MountSpec& mount, Masks& masks, TraceRow& row) {
  if (Fault fault = make_file_system(mount, masks.tree, row)) return fault;
  int directory = masks.tree.get();
  if (::mkdirat(directory, kEmptyDirectory, 0555) < 0) return failed("mkdirat");
  bool made = ::mknodat(directory, kNullDevice, S_IFCHR | 0666, makedev(1, 3)) == 0;
  if (!made && errno != EPERM) return failed("mknodat");  // EPERM: in a user namespace
  mount_attr read_only{};
  read_only.attr_set = MOUNT_ATTR_RDONLY;
  if (sys::mount_setattr(directory, "", AT_EMPTY_PATH, read_only) < 0) return failed("mount_setattr");
  if (!made) return open_host_null(masks.null);
  masks.null.reset(::openat(directory, kNullDevice, O_PATH | O_NOFOLLOW | O_CLOEXEC));
  return masks.null ? kNoFault : failed("openat");
}

Fault mask(int root, const char* path, const Masks& masks) {
  UniqueFd target(open_beneath(root, path, RESOLVE_NO_SYMLINKS));
  if (!target) return errno == ENOENT ? kNoFault : failed("openat2");
  struct stat status {};
  if (::fstat(target.get(), &status) < 0) return failed("fstat");
  UniqueFd tree(S_ISDIR(status.st_mode)
                    ? sys::open_tree(masks.tree.get(), kEmptyDirectory, OPEN_TREE_CLONE)
                    : sys::open_tree(masks.null.get(), "", OPEN_TREE_CLONE | AT_EMPTY_PATH));
  if (!tree) return failed("open_tree");
  return sys::move_mount(tree.get(), target.get()) < 0 ? failed("move_mount") : kNoFault;
}

Fault bind_read_only(int root, const char* path) {
  UniqueFd target(open_beneath(root, path, RESOLVE_NO_SYMLINKS));
  if (!target) return errno == ENOENT ? kNoFault : failed("openat2");
  UniqueFd tree(sys::open_tree(target.get(), "", OPEN_TREE_CLONE | AT_EMPTY_PATH | AT_RECURSIVE));
  if (!tree) return failed("open_tree");
  mount_attr read_only{};
  read_only.attr_set = MOUNT_ATTR_RDONLY;
  if (sys::mount_setattr(tree.get(), "", AT_EMPTY_PATH | AT_RECURSIVE, read_only) < 0)
    return failed("mount_setattr");
  return sys::move_mount(tree.get(), target.get()) < 0 ? failed("move_mount") : kNoFault;
}

}  // namespace

void plan_masks(Plan& plan, const ContainerSpec& spec, const TreeMaker& maker, const UniqueFd& mount_point,
                Masks& masks) {
  if (spec.masked_paths.empty()) return;
  auto make = [mount = mask_mount(), &masks](TraceRow& row) { return make_masks(mount, masks, row); };
  plan.add({maker.side, "masks", "fsmount", "minirun-mask", "tmpfs with an empty directory and a null device",
            "/linux/maskedPaths", make});
  if (!spec.namespaces.mount) return;
  auto attach = [&masks, &mount_point](TraceRow&) {
    return sys::move_mount(masks.tree.get(), mount_point.get()) < 0 ? failed("move_mount") : kNoFault;
  };
  plan.add({Side::child, "attach masks", "move_mount", spec.rootfs, "masks → " + spec.rootfs,
            "/linux/maskedPaths", attach});
}

void plan_masked_paths(Plan& plan, const ContainerSpec& spec, const Masks& masks, const UniqueFd& root) {
  for (size_t i = 0; i < spec.masked_paths.size(); ++i) {
    const std::string& path = spec.masked_paths[i];
    auto hide = [&masks, &path, &root](TraceRow&) { return mask(root.get(), path.c_str(), masks); };
    plan.add({Side::child, "mask " + path, "move_mount", path, "empty → " + path,
              "/linux/maskedPaths/" + std::to_string(i), hide});
  }
}

void plan_readonly_paths(Plan& plan, const ContainerSpec& spec, const UniqueFd& root) {
  for (size_t i = 0; i < spec.readonly_paths.size(); ++i) {
    const std::string& path = spec.readonly_paths[i];
    auto bind = [&path, &root](TraceRow&) { return bind_read_only(root.get(), path.c_str()); };
    plan.add({Side::child, "read-only " + path, "mount_setattr", path, "MOUNT_ATTR_RDONLY → " + path,
              "/linux/readonlyPaths/" + std::to_string(i), bind});
  }
}

}  // namespace minirun
