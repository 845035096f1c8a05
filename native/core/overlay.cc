#include "core/overlay.h"

#include <fcntl.h>
#include <sched.h>

#include "core/intermediate.h"
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

/** One option where that is short enough, else one a layer, which takes Linux 6.7. */
void add_lower(MountSpec& mount, const std::vector<std::string>& layers) {
  std::string all = join(layers, ':');
  if (all.size() <= kLongestOption) {
    mount.data.emplace_back("lowerdir", all);
    return;
  }
  for (const auto& layer : layers) mount.data.emplace_back("lowerdir+", layer);
}

/** Without a working directory nothing is written: the upper layer is then the topmost lower one. */
bool is_read_only(const OverlaySpec& overlay) {
  return overlay.work.empty();
}

std::vector<std::string> with_upper(const OverlaySpec& overlay, std::vector<std::string> lower) {
  if (is_read_only(overlay) && !overlay.upper.empty()) lower.insert(lower.begin(), overlay.upper);
  return lower;
}

/** An overlay without its lower layers. */
MountSpec base_mount(const OverlaySpec& overlay) {
  MountSpec mount;
  mount.destination = "/";
  mount.type = "overlay";
  mount.source = "overlay";
  mount.attributes.set = MOUNT_ATTR_NODEV;
  if (is_read_only(overlay)) {
    mount.attributes.set |= MOUNT_ATTR_RDONLY;
  } else {
    mount.data = {{"upperdir", overlay.upper}, {"workdir", overlay.work}};
  }
  return mount;
}

MountSpec mount_of(const OverlaySpec& overlay, const std::vector<std::string>& lower) {
  MountSpec mount = base_mount(overlay);
  add_lower(mount, with_upper(overlay, lower));
  return mount;
}

/** Says which of the directories can't be used: the kernel's ENOENT doesn't. */
void note_unusable_layer(const OverlaySpec& overlay, TraceRow& row) {
  std::vector<std::string> paths = overlay.lower;
  if (!overlay.upper.empty()) paths.insert(paths.end(), {overlay.upper, overlay.work});
  for (const auto& path : paths) {
    if (UniqueFd directory(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)); !directory)
      return row.annotate(path + ": " + errno_text(errno));
  }
}

Fault map_layers(const OverlaySpec& overlay, int user_namespace, std::vector<UniqueFd>& layers,
                 TraceRow& row) {
  for (const auto& path : overlay.lower) {
    UniqueFd& layer = layers.emplace_back(sys::open_tree(AT_FDCWD, path.c_str(), OPEN_TREE_CLONE));
    if (!layer) return failed("open_tree");
    mount_attr alone{};
    alone.propagation = MS_PRIVATE;
    if (sys::mount_setattr(layer.get(), "", AT_EMPTY_PATH, alone) < 0) return failed("mount_setattr");
    if (Fault fault = map_ids(layer.get(), user_namespace, false, row)) return fault;
  }
  return kNoFault;
}

Fault make_of_detached(const OverlaySpec& overlay, const std::vector<UniqueFd>& layers, UniqueFd& tree,
                       TraceRow& row) {
  MountSpec mount = base_mount(overlay);
  for (const auto& layer : with_upper(overlay, {})) mount.data.emplace_back("lowerdir+", layer);
  UniqueFd context;
  if (Fault fault = configure_file_system(mount, context, row)) return fault;
  for (const auto& layer : layers) {  // by descriptor: Linux 6.13
    if (sys::fsconfig_fd(context.get(), "lowerdir+", layer.get()) < 0) return failed("fsconfig");
  }
  return create_file_system(mount, context.get(), tree, row);
}

/** Each lies on the last one's root, out of sight; the descriptors lead to them all the same. */
Fault attach_layers(const std::vector<UniqueFd>& layers) {
  if (::unshare(CLONE_NEWNS) < 0) return failed("unshare");
  mount_attr alone{};
  alone.propagation = MS_PRIVATE;
  if (sys::mount_setattr(AT_FDCWD, "/", AT_RECURSIVE, alone) < 0) return failed("mount_setattr");
  UniqueFd place(::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!place) return failed("open");
  for (const auto& layer : layers) {
    if (sys::move_mount(layer.get(), place.get()) < 0) return failed("move_mount");
  }
  return kNoFault;
}

Fault make_of_mapped(const OverlaySpec& overlay, int user_namespace, UniqueFd& tree, TraceRow& row) {
  std::vector<UniqueFd> layers;
  if (Fault fault = map_layers(overlay, user_namespace, layers, row)) return fault;
  Fault fault = make_of_detached(overlay, layers, tree, row);
  return fault.code == EINVAL ? make_overlay_of_attached(overlay, user_namespace, tree, row) : fault;
}

}  // namespace

MountSpec overlay_mount(const OverlaySpec& overlay) {
  return mount_of(overlay, overlay.lower);
}

Fault make_overlay(const OverlaySpec& overlay, int user_namespace, UniqueFd& tree, TraceRow& row) {
  Fault fault = overlay.lower_id_mapped ? make_of_mapped(overlay, user_namespace, tree, row)
                                        : make_file_system(overlay_mount(overlay), tree, row);
  if (fault && row.note[0] == '\0') note_unusable_layer(overlay, row);
  return fault;
}

Fault make_overlay_of_attached(const OverlaySpec& overlay, int user_namespace, UniqueFd& tree,
                               TraceRow& row) {
  std::vector<UniqueFd> layers;
  if (Fault fault = map_layers(overlay, user_namespace, layers, row)) return fault;
  std::vector<std::string> paths;
  for (const auto& layer : layers) paths.push_back("/proc/self/fd/" + std::to_string(layer.get()));
  MountSpec mount = mount_of(overlay, paths);
  return run_intermediate([&layers, &mount, &tree, &row] {
    if (Fault fault = attach_layers(layers)) return fault;
    return make_file_system(mount, tree, row);
  });
}

std::string describe(const OverlaySpec& overlay) {
  return "lowerdir=" + join(overlay.lower, ':') + (overlay.lower_id_mapped ? " (id-mapped)" : "") +
         ",upperdir=" + overlay.upper + ",workdir=" + overlay.work;
}

}  // namespace minirun
