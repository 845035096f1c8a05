#include "core/device_nodes.h"

#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "core/beneath.h"
#include "core/syscalls.h"

namespace minirun {
namespace {

mode_t type_of(const DeviceSpec& device) {
  return device.type == 'b' ? S_IFBLK : device.type == 'p' ? S_IFIFO : S_IFCHR;
}

/** Also an empty file is taken: it is what an earlier start of the container has left to mount on. */
bool can_be_covered(int file, const DeviceSpec& device) {
  struct stat status {};
  if (::fstat(file, &status) < 0) return false;
  return is_device(file, device) || (S_ISREG(status.st_mode) && status.st_size == 0);
}

/**
 * The host's node, opened by the path that it has in the container. It is checked after it was opened: what
 * lies there may be anything (CVE-2025-31133).
 */
UniqueFd clone_host_node(const DeviceSpec& device) {
  UniqueFd tree(sys::open_tree(AT_FDCWD, device.path.c_str(), OPEN_TREE_CLONE | AT_SYMLINK_NOFOLLOW));
  if (tree && !is_device(tree.get(), device)) {
    errno = ENODEV;
    return {};
  }
  return tree;
}

/** Gives what was made to an owner as the user namespace counts, and its mode, whatever the process's umask
 * is. */
Fault hand_over(int directory, const char* name, uid_t uid, gid_t gid, mode_t mode,
                const UserNamespace& user) {
  if (user.fd) {
    auto outer_uid = outside_id(user.mappings.uids, uid);
    auto outer_gid = outside_id(user.mappings.gids, gid);
    if (!outer_uid || !outer_gid) return {"fchownat", EINVAL};
    uid = *outer_uid;
    gid = *outer_gid;
  }
  bool already_theirs = uid == ::geteuid() && gid == ::getegid();
  if (!already_theirs && ::fchownat(directory, name, uid, gid, AT_SYMLINK_NOFOLLOW) < 0)
    return failed("fchownat");
  return ::fchmodat(directory, name, mode, 0) < 0 ? failed("fchmodat") : kNoFault;
}

/** Everybody may make a named pipe. */
Fault make_pipe_beneath(int root, const DeviceNode& node) {
  char above[PATH_MAX];
  size_t slash = node.path.rfind('/');
  size_t length = slash == std::string::npos ? 0 : slash;
  if (length >= sizeof above) return {"openat2", ENAMETOOLONG};
  node.path.copy(above, length);
  above[length] = '\0';
  UniqueFd directory(make_beneath(root, length == 0 ? "." : above, MountPoint::directory));
  if (!directory) return failed("openat2");
  const char* name = node.path.c_str() + (slash == std::string::npos ? 0 : slash + 1);
  int made = ::mknodat(directory.get(), name, S_IFIFO | node.spec.mode, 0);
  return made < 0 && errno != EEXIST ? failed("mknodat") : kNoFault;
}

}  // namespace

bool is_device(int file, const DeviceSpec& device) {
  struct stat status {};
  if (::fstat(file, &status) < 0 || (status.st_mode & S_IFMT) != type_of(device)) return false;
  return device.type == 'p' || status.st_rdev == makedev(device.number.major, device.number.minor);
}

Fault make_parents(int directory, const std::string& path, const UserNamespace& user) {
  char above[PATH_MAX];
  for (size_t slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1)) {
    if (slash >= sizeof above) return {"mkdirat", ENAMETOOLONG};
    path.copy(above, slash);
    above[slash] = '\0';
    if (::mkdirat(directory, above, 0755) < 0) {
      if (errno == EEXIST) continue;
      return failed("mkdirat");
    }
    if (Fault fault = hand_over(directory, above, 0, 0, 0755, user)) return fault;
  }
  return kNoFault;
}

Fault make_node(int directory, const char* name, const DeviceSpec& device, const UserNamespace& user) {
  dev_t number = makedev(device.number.major, device.number.minor);
  if (::mknodat(directory, name, type_of(device) | device.mode, number) < 0) return failed("mknodat");
  return hand_over(directory, name, device.uid, device.gid, device.mode, user);
}

Fault bind_node(int root, const DeviceNode& node, int shelf, TraceRow& row) {
  if (shelf < 0 && node.spec.type == 'p') return make_pipe_beneath(root, node);
  UniqueFd tree(shelf < 0 ? clone_host_node(node.spec)
                          : UniqueFd(sys::open_tree(shelf, node.number.c_str(), OPEN_TREE_CLONE)));
  if (!tree) {
    Fault fault = failed("open_tree");
    if (shelf < 0) row.annotate("in a user namespace a device is the host's, which has none such there");
    return fault;
  }
  // In /dev a link is nothing that a container's own image has: it is somebody's who wants another file
  // covered.
  uint64_t links = node.spec.path.starts_with("/dev/") ? RESOLVE_NO_SYMLINKS : 0;
  UniqueFd target(make_beneath(root, node.spec.path.c_str(), MountPoint::file, links));
  if (!target) return failed("openat2");
  if (!can_be_covered(target.get(), node.spec)) {
    row.annotate("the root filesystem has something else there");
    return {"fstat", EEXIST};
  }
  return sys::move_mount(tree.get(), target.get()) < 0 ? failed("move_mount") : kNoFault;
}

}  // namespace minirun
