#include "core/rootfs.h"

#include <fcntl.h>
#include <sched.h>

#include "core/mounts.h"
#include "core/syscalls.h"

namespace minirun {
namespace {

constexpr size_t kLongestOption = 255;  // fsconfig's limit for a string

std::string join(const std::vector<std::string>& parts, char separator) {
  std::string all;
  for (const auto& part : parts) {
    if (!all.empty()) all += separator;
    all += part;
  }
  return all;
}

/** Says which of the directories can't be used: the kernel's ENOENT doesn't. */
void note_unusable_layer(const OverlaySpec& overlay, TraceRow& row) {
  std::vector<std::string> paths = overlay.lower;
  paths.push_back(overlay.upper);
  paths.push_back(overlay.work);
  for (const auto& path : paths) {
    if (UniqueFd directory(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)); !directory)
      return row.annotate(path + ": " + errno_text(errno));
  }
}

void plan_overlay(Plan& plan, const ContainerSpec& spec, Rootfs& rootfs) {
  auto make = [mount = overlay_mount(*spec.overlay), &spec, &rootfs](TraceRow& row) {
    Fault fault = make_file_system(mount, rootfs.root, row);
    if (fault) note_unusable_layer(*spec.overlay, row);
    return fault;
  };
  std::string arguments = "lowerdir=" + join(spec.overlay->lower, ':') + ",upperdir=" + spec.overlay->upper +
                          ",workdir=" + spec.overlay->work + " → " + spec.rootfs;
  plan.add({Side::host, "overlay", "fsmount", spec.rootfs, arguments, "/annotations", make});
}

void plan_directory(Plan& plan, const ContainerSpec& spec, Rootfs& rootfs) {
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
  plan.add({Side::host, "rootfs", "open_tree", spec.rootfs, spec.rootfs, "/root/path", make});
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

MountSpec overlay_mount(const OverlaySpec& overlay) {
  MountSpec mount;
  mount.destination = "/";
  mount.type = "overlay";
  mount.source = "overlay";
  mount.attributes_set = MOUNT_ATTR_NODEV;
  std::string lower = join(overlay.lower, ':');
  if (lower.size() <= kLongestOption) {
    mount.data.emplace_back("lowerdir", lower);
  } else {  // one option a layer: Linux 6.7
    for (const auto& layer : overlay.lower) mount.data.emplace_back("lowerdir+", layer);
  }
  if (overlay.upper.empty()) {
    mount.attributes_set |= MOUNT_ATTR_RDONLY;
    return mount;
  }
  mount.data.emplace_back("upperdir", overlay.upper);
  mount.data.emplace_back("workdir", overlay.work);
  return mount;
}

void plan_rootfs(Plan& plan, const ContainerSpec& spec, Rootfs& rootfs) {
  if (spec.overlay) {
    plan_overlay(plan, spec, rootfs);
  } else {
    plan_directory(plan, spec, rootfs);
  }
  auto attach = [&spec, &rootfs](TraceRow&) {
    rootfs.mount_point.reset(::open(spec.rootfs.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!rootfs.mount_point) return failed("open");
    if (sys::move_mount(rootfs.root.get(), rootfs.mount_point.get()) < 0) return failed("move_mount");
    return kNoFault;
  };
  plan.add({Side::child, "private", "mount_setattr", "/", "MS_PRIVATE, AT_RECURSIVE", "", make_private});
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
