#include "core/mount_tree.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "core/syscalls.h"

namespace minirun {
namespace {

bool is_directory_or_file(int fd) {
  struct stat status {};
  return ::fstat(fd, &status) == 0 && (S_ISDIR(status.st_mode) || S_ISREG(status.st_mode));
}

Fault open_source(const MountSpec& mount, UniqueFd& tree) {
  unsigned depth = mount.recursive ? AT_RECURSIVE : 0;
  if (!mount.real_source) {
    tree.reset(sys::open_tree(AT_FDCWD, mount.source.c_str(), OPEN_TREE_CLONE | depth));
    return tree ? kNoFault : failed("open_tree");
  }
  UniqueFd source(sys::openat2(AT_FDCWD, mount.source.c_str(), {O_PATH | O_CLOEXEC, 0, RESOLVE_NO_SYMLINKS}));
  if (!source) return failed("openat2");
  if (!is_directory_or_file(source.get())) return {"fstat", EMEDIUMTYPE};
  tree.reset(sys::open_tree(source.get(), "", OPEN_TREE_CLONE | AT_EMPTY_PATH | depth));
  return tree ? kNoFault : failed("open_tree");
}

Fault propagate(int tree, uint64_t how, bool recursive) {
  mount_attr propagation{};
  propagation.propagation = how;
  unsigned depth = recursive ? AT_RECURSIVE : 0;
  return sys::mount_setattr(tree, "", AT_EMPTY_PATH | depth, propagation) < 0 ? failed("mount_setattr")
                                                                              : kNoFault;
}

/**
 * Nothing propagates from or to the host's mount unless that was asked for; from a container with a user
 * namespace nothing ever does, as the kernel has it for the mounts that it copies to one
 * (mount_namespaces(7)).
 */
Fault set_propagation(int tree, const MountSpec& mount, bool confined) {
  const PropagationSpec& asked = mount.propagation;
  bool recursive = asked.recursive || mount.recursive;
  if (asked.value == 0) return propagate(tree, MS_PRIVATE, true);
  if (asked.value == MS_SHARED && confined) {
    if (Fault fault = propagate(tree, MS_SLAVE, recursive)) return fault;
  }
  return propagate(tree, asked.value, recursive);
}

Fault change_attributes(int tree, const AttributeChange& change, unsigned depth) {
  if (change.empty()) return kNoFault;
  mount_attr attributes{};
  attributes.attr_set = change.set;
  attributes.attr_clr = change.cleared;
  return sys::mount_setattr(tree, "", AT_EMPTY_PATH | depth, attributes) < 0 ? failed("mount_setattr")
                                                                             : kNoFault;
}

}  // namespace

void note_context_message(int context, TraceRow& row) {
  char message[sizeof row.note];
  ssize_t length = ::read(context, message, sizeof message - 1);
  if (length <= 2) return;
  row.annotate({message + 2, static_cast<size_t>(length) - 2});  // without the severity, "e "
}

Fault set_option(int context, const char* key, const char* value, TraceRow& row) {
  bool flag = *value == '\0';
  if (sys::fsconfig(context, flag ? FSCONFIG_SET_FLAG : FSCONFIG_SET_STRING, key, flag ? nullptr : value) ==
      0)
    return kNoFault;
  Fault fault = failed("fsconfig");
  note_context_message(context, row);
  return fault;
}

Fault configure_file_system(const MountSpec& mount, UniqueFd& context, TraceRow& row) {
  context.reset(sys::fsopen(mount.type.c_str()));
  if (!context) return failed("fsopen");
  if (!mount.source.empty()) {
    if (Fault fault = set_option(context.get(), "source", mount.source.c_str(), row)) return fault;
  }
  for (const auto& [key, value] : mount.data) {
    if (Fault fault = set_option(context.get(), key.c_str(), value.c_str(), row)) return fault;
  }
  return kNoFault;
}

Fault create_file_system(const MountSpec& mount, int context, UniqueFd& tree, TraceRow& row) {
  if (sys::fsconfig(context, FSCONFIG_CMD_CREATE, nullptr, nullptr) < 0) {
    Fault fault = failed("fsconfig");
    note_context_message(context, row);
    return fault;
  }
  tree.reset(sys::fsmount(context, static_cast<unsigned>(mount.attributes.set)));
  if (!tree) return failed("fsmount");
  if (Fault fault = change_attributes(tree.get(), mount.recursive_attributes, 0)) return fault;
  if (mount.propagation.value == 0) return kNoFault;
  return propagate(tree.get(), mount.propagation.value, false);
}

Fault make_file_system(const MountSpec& mount, UniqueFd& tree, TraceRow& row) {
  UniqueFd context;
  if (Fault fault = configure_file_system(mount, context, row)) return fault;
  return create_file_system(mount, context.get(), tree, row);
}

Fault change_attributes(int tree, const MountSpec& mount) {
  if (Fault fault = change_attributes(tree, mount.recursive_attributes, AT_RECURSIVE)) return fault;
  return change_attributes(tree, mount.attributes, 0);
}

Fault reconfigure_file_system(int target, const MountSpec& mount, TraceRow& row) {
  UniqueFd context(sys::fspick(target));
  if (!context) return failed("fspick");
  for (const auto& [key, value] : mount.data) {
    if (Fault fault = set_option(context.get(), key.c_str(), value.c_str(), row)) return fault;
  }
  if (sys::fsconfig(context.get(), FSCONFIG_CMD_RECONFIGURE, nullptr, nullptr) == 0) return kNoFault;
  Fault fault = failed("fsconfig");
  note_context_message(context.get(), row);
  return fault;
}

Fault clone_source(const MountSpec& mount, int user_namespace, UniqueFd& tree, TraceRow& row) {
  if (Fault fault = open_source(mount, tree)) return fault;
  if (Fault fault = set_propagation(tree.get(), mount, user_namespace >= 0)) return fault;
  if (Fault fault = change_attributes(tree.get(), mount)) return fault;
  if (mount.id_mapped == IdMapped::no) return kNoFault;
  return map_ids(tree.get(), user_namespace, mount.id_mapped == IdMapped::recursive, row);
}

Fault map_ids(int tree, int user_namespace, bool recursive, TraceRow& row) {
  mount_attr mapped{};
  mapped.attr_set = MOUNT_ATTR_IDMAP;
  mapped.userns_fd = static_cast<uint64_t>(user_namespace);
  if (sys::mount_setattr(tree, "", AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0), mapped) == 0)
    return kNoFault;
  Fault fault = failed("mount_setattr");
  if (fault.code == EINVAL) row.annotate("this kernel can't id-map mounts of this file system");
  if (fault.code == EPERM) row.annotate("the mount is id-mapped already, or not this user's to map");
  return fault;
}

}  // namespace minirun
