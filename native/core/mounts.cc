#include "core/mounts.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "core/beneath.h"
#include "core/syscalls.h"

namespace minirun {
namespace {

/** The kernel's own words about what a file system context refused, such as "tmpfs: Unknown parameter
 * 'sise'". */
void note_context_message(int context, TraceRow& row) {
  char message[sizeof row.note];
  ssize_t length = ::read(context, message, sizeof message - 1);
  if (length <= 2) return;
  row.annotate({message + 2, static_cast<size_t>(length) - 2});  // without the severity, "e "
}

/**
 * Views of the kernel go onto real directories only: a rootfs whose /proc is a link would have them mounted
 * in one place and looked for in another (CVE-2019-19921). Other mounts may follow links, inside the root.
 */
uint64_t resolution_of(const MountSpec& mount) {
  bool kernel_view = mount.type == "proc" || mount.type == "sysfs";
  return kernel_view && !mount.bind ? RESOLVE_NO_SYMLINKS : 0;
}

Fault attach(int root, const MountSpec& mount, int tree, MountPoint kind, TraceRow& row) {
  UniqueFd target(make_beneath(root, mount.destination.c_str(), kind, resolution_of(mount)));
  if (!target) {
    if (errno == ELOOP) row.annotate("the mount point is a symbolic link in the root filesystem");
    return failed("openat2");
  }
  if (same_file(root, target.get())) {
    row.annotate("the mount point is a link to the root filesystem's own root");
    return {"openat2", ELOOP};
  }
  if (sys::move_mount(tree, target.get()) < 0) return failed("move_mount");
  return kNoFault;
}

bool made_on_host(const MountSpec& mount) {
  return mount.bind || mount.type == "devpts";
}

bool is_directory_or_file(int fd) {
  struct stat status {};
  return ::fstat(fd, &status) == 0 && (S_ISDIR(status.st_mode) || S_ISREG(status.st_mode));
}

/** Makes the tree of a bind mount: a private copy of the host's mount, so that nothing propagates either way.
 */
Fault clone_source(const MountSpec& mount, UniqueFd& tree) {
  unsigned depth = mount.recursive ? AT_RECURSIVE : 0;
  UniqueFd source;
  if (mount.real_source) {
    source.reset(sys::openat2(AT_FDCWD, mount.source.c_str(), {O_PATH | O_CLOEXEC, 0, RESOLVE_NO_SYMLINKS}));
    if (!source) return failed("openat2");
    if (!is_directory_or_file(source.get())) return {"fstat", EMEDIUMTYPE};
    tree.reset(sys::open_tree(source.get(), "", OPEN_TREE_CLONE | AT_EMPTY_PATH | depth));
  } else {
    tree.reset(sys::open_tree(AT_FDCWD, mount.source.c_str(), OPEN_TREE_CLONE | depth));
  }
  if (!tree) return failed("open_tree");
  mount_attr propagation{};
  propagation.propagation = mount.propagation != 0 ? mount.propagation : MS_PRIVATE;
  if (sys::mount_setattr(tree.get(), "", AT_EMPTY_PATH | AT_RECURSIVE, propagation) < 0)
    return failed("mount_setattr");
  mount_attr attributes{};
  attributes.attr_set = mount.attributes_set;
  attributes.attr_clr = mount.attributes_cleared;
  if (sys::mount_setattr(tree.get(), "", AT_EMPTY_PATH, attributes) < 0) return failed("mount_setattr");
  return kNoFault;
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

void plan_mount(Plan& plan, const MountSpec& mount, const UniqueFd& root, UniqueFd& host_tree) {
  if (made_on_host(mount)) {
    auto make = [&mount, &host_tree](TraceRow& row) {
      return mount.bind ? clone_source(mount, host_tree) : make_file_system(mount, host_tree, row);
    };
    const char* call = mount.bind ? "open_tree" : "fsmount";
    const std::string& subject = mount.bind ? mount.source : mount.destination;
    plan.add(
        {Side::host, "prepare " + mount.destination, call, subject, describe(mount), mount.setting, make});
  }
  auto put = [&mount, &root, &host_tree](TraceRow& row) {
    if (host_tree) return attach(root.get(), mount, host_tree.get(), kind_of(host_tree.get()), row);
    UniqueFd tree;
    if (Fault fault = make_file_system(mount, tree, row)) return fault;
    return attach(root.get(), mount, tree.get(), MountPoint::directory, row);
  };
  plan.add({Side::child, "mount " + mount.destination, "move_mount", mount.destination, describe(mount),
            mount.setting, put});
}

}  // namespace

Fault make_file_system(const MountSpec& mount, UniqueFd& tree, TraceRow& row) {
  UniqueFd context(sys::fsopen(mount.type.c_str()));
  if (!context) return failed("fsopen");
  if (!mount.source.empty()) {
    if (sys::fsconfig(context.get(), FSCONFIG_SET_STRING, "source", mount.source.c_str()) < 0)
      return failed("fsconfig");
  }
  for (const auto& [key, value] : mount.data) {
    unsigned command = value.empty() ? FSCONFIG_SET_FLAG : FSCONFIG_SET_STRING;
    if (sys::fsconfig(context.get(), command, key.c_str(), value.empty() ? nullptr : value.c_str()) < 0) {
      Fault fault = failed("fsconfig");
      note_context_message(context.get(), row);
      return fault;
    }
  }
  if (sys::fsconfig(context.get(), FSCONFIG_CMD_CREATE, nullptr, nullptr) < 0) {
    Fault fault = failed("fsconfig");
    note_context_message(context.get(), row);
    return fault;
  }
  tree.reset(sys::fsmount(context.get(), static_cast<unsigned>(mount.attributes_set)));
  return tree ? kNoFault : failed("fsmount");
}

void plan_mounts(Plan& plan, const std::vector<MountSpec>& mounts, const UniqueFd& root, HostTrees& trees) {
  for (size_t i = 0; i < mounts.size(); ++i) plan_mount(plan, mounts[i], root, trees[i]);
}

}  // namespace minirun
