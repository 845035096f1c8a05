// File systems and mounts, made for real in a mount namespace of their own.

#include <fcntl.h>
#include <sched.h>

#include "core/probe.h"
#include "core/probe_attempt.h"
#include "core/probe_findings.h"
#include "core/syscalls.h"
#include "core/user_namespace.h"

namespace minirun {
namespace {

struct FileSystem {
  const char* type;
  const char* name;
  bool needed;
  const char* lost;
  const char* remedy;
};

constexpr FileSystem kFileSystems[] = {
    {"overlay", "overlayfs", true, "Containers can't have a writable root over a shared image.",
     "modprobe overlay; or boot a kernel that was built with CONFIG_OVERLAY_FS."},
    {"proc", "A new /proc", true, "A container would have no /proc, or would see the host's processes in it.",
     "Where this runs in a container, that one's /proc is masked: start it with an unmasked one "
     "(privileged)."},
    {"tmpfs", "tmpfs", true, "A container would have no /dev and /dev/shm.",
     "Boot a kernel with CONFIG_TMPFS."},
    {"devpts", "devpts", true, "Containers would have no terminals.",
     "Boot a kernel that was built with CONFIG_UNIX98_PTYS."},
    {"mqueue", "mqueue", true, "Containers would have no POSIX message queues.",
     "Boot a kernel that was built with CONFIG_POSIX_MQUEUE."},
};

/** Makes an instance of a file system that is mounted nowhere, and lets it go. */
int make(const char* type) {
  if (::unshare(CLONE_NEWNS | CLONE_NEWIPC) < 0) return -1;
  UniqueFd context(sys::fsopen(type));
  if (!context) return -1;
  // An overlay needs layers; that its context could be opened says that the kernel has it.
  if (std::string(type) == "overlay") return 0;
  if (sys::fsconfig(context.get(), FSCONFIG_CMD_CREATE, nullptr, nullptr) < 0) return -1;
  return UniqueFd(sys::fsmount(context.get(), 0)) ? 0 : -1;
}

void examine(std::vector<Finding>& findings, const FileSystem& one) {
  int error = attempt([&one] { return make(one.type); });
  bool overlay = std::string(one.type) == "overlay";
  findings.push_back({.id = std::string("file-system-") + one.type,
                      .group = "File systems",
                      .name = one.name,
                      .there = error == 0,
                      .needed = one.needed,
                      .found = std::string(overlay ? "fsopen(" : "fsmount(") + one.type +
                               ") in a process of its own: " + (error == 0 ? "made" : errno_name(error)),
                      .lost = one.lost,
                      .remedy = one.remedy});
}

/** Maps the ids of a clone of `path`'s mount, which is attached nowhere and goes with its descriptor. */
int map_ids(const char* path) {
  UniqueFd user;
  TraceRow row;
  if (Fault fault = make_user_namespace({{{0, 100'000, 65'536}}, {{0, 100'000, 65'536}}}, user, row)) {
    errno = fault.code;
    return -1;
  }
  UniqueFd tree(sys::open_tree(AT_FDCWD, path, OPEN_TREE_CLONE));
  if (!tree) return -1;
  mount_attr attributes{.attr_set = MOUNT_ATTR_IDMAP, .userns_fd = static_cast<uint64_t>(user.get())};
  return sys::mount_setattr(tree.get(), "", AT_EMPTY_PATH, attributes);
}

void examine_id_mapping(std::vector<Finding>& findings, const char* path) {
  int error = attempt([path] { return map_ids(path); });
  findings.push_back(
      {.id = "idmapped-mounts",
       .group = "File systems",
       .name = "Id-mapped mounts",
       .there = error == 0,
       .needed = false,
       .found = std::string("mount_setattr(MOUNT_ATTR_IDMAP) on a clone of the mount at ") + path + ": " +
                (error == 0 ? "done" : errno_name(error)),
       .lost = "Containers in user namespaces can't share images: their files belong to others there.",
       .remedy = "Linux 5.12 for ext4, 5.15 for btrfs, 5.19 for layers of an overlay; keep MINIRUN_HOME on a "
                 "file system that has it."});
}

}  // namespace

void examine_file_systems(std::vector<Finding>& findings) {
  for (const FileSystem& one : kFileSystems) examine(findings, one);
  examine_id_mapping(findings, ::access("/var/lib", F_OK) == 0 ? "/var/lib" : "/");
}

}  // namespace minirun
