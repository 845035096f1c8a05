#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <memory>

#include "core/beneath.h"
#include "core/mounts.h"
#include "core/syscalls.h"

namespace minirun {
namespace {

// Masks are binds of two entries of a small read-only tmpfs that no one else can reach. The container's own
// /dev/null could be replaced (CVE-2025-31133), and the host's could have its mode changed from inside.
constexpr const char* kEmptyDirectory = "empty";
constexpr const char* kNullDevice = "null";

// Binds can only be taken from an attached mount. This one hangs over the old root's /proc and goes away with
// it.
constexpr const char* kParkingPlace = "/proc";

struct MaskSource {
  MountSpec mount;
  UniqueFd tree;
};

std::shared_ptr<MaskSource> mask_source() {
  auto source = std::make_shared<MaskSource>();
  source->mount.type = "tmpfs";
  source->mount.source = "minirun-mask";
  source->mount.data = {{"mode", "0755"}, {"size", "4k"}};
  source->mount.attributes_set = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC;
  return source;
}

Fault make_mask_source(MaskSource& source, TraceRow& row) {
  if (Fault fault = make_file_system(source.mount, source.tree, row)) return fault;
  int directory = source.tree.get();
  if (::mkdirat(directory, kEmptyDirectory, 0555) < 0) return failed("mkdirat");
  if (::mknodat(directory, kNullDevice, S_IFCHR | 0666, makedev(1, 3)) < 0) return failed("mknodat");
  mount_attr read_only{};
  read_only.attr_set = MOUNT_ATTR_RDONLY;
  if (sys::mount_setattr(directory, "", AT_EMPTY_PATH, read_only) < 0) return failed("mount_setattr");
  UniqueFd place(::open(kParkingPlace, O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!place) return failed("open");
  return sys::move_mount(directory, place.get()) < 0 ? failed("move_mount") : kNoFault;
}

Fault mask(int root, const char* path, int source) {
  UniqueFd target(open_beneath(root, path, RESOLVE_NO_SYMLINKS));
  if (!target) return errno == ENOENT ? kNoFault : failed("openat2");
  struct stat status {};
  if (::fstat(target.get(), &status) < 0) return failed("fstat");
  const char* entry = S_ISDIR(status.st_mode) ? kEmptyDirectory : kNullDevice;
  UniqueFd tree(sys::open_tree(source, entry, OPEN_TREE_CLONE));
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

void plan_masked_paths(Plan& plan, const ContainerSpec& spec, const UniqueFd& root) {
  if (spec.masked_paths.empty()) return;
  auto source = mask_source();
  auto make = [source](TraceRow& row) { return make_mask_source(*source, row); };
  plan.add({Side::child, "mask source", "fsmount", "minirun-mask",
            "tmpfs with an empty directory and a null device", "/linux/maskedPaths", make});
  for (size_t i = 0; i < spec.masked_paths.size(); ++i) {
    const std::string& path = spec.masked_paths[i];
    auto hide = [source, &path, &root](TraceRow&) {
      return mask(root.get(), path.c_str(), source->tree.get());
    };
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
