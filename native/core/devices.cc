#include "core/devices.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <cstdio>

#include "core/beneath.h"
#include "core/syscalls.h"

namespace minirun {
namespace {

struct DeviceNode {
  const char* name;
  unsigned major;
  unsigned minor;
};

constexpr DeviceNode kNodes[] = {{"null", 1, 3},   {"zero", 1, 5},    {"full", 1, 7},
                                 {"random", 1, 8}, {"urandom", 1, 9}, {"tty", 5, 0}};

struct Link {
  const char* name;
  const char* target;
};

constexpr Link kLinks[] = {{"fd", "/proc/self/fd"},
                           {"stdin", "/proc/self/fd/0"},
                           {"stdout", "/proc/self/fd/1"},
                           {"stderr", "/proc/self/fd/2"},
                           {"ptmx", "pts/ptmx"}};

/** In a user namespace no nodes can be made: the host's, checked to be what its name says, is bound. */
Fault bind_host_node(int dev, const DeviceNode& node) {
  UniqueFd host_dev(::open("/dev", O_PATH | O_DIRECTORY | O_CLOEXEC));
  UniqueFd host_node(::openat(host_dev.get(), node.name, O_PATH | O_NOFOLLOW | O_CLOEXEC));
  struct stat status {};
  if (!host_node || ::fstat(host_node.get(), &status) < 0) return failed("openat");
  if (!S_ISCHR(status.st_mode) || status.st_rdev != makedev(node.major, node.minor)) return {"fstat", ENODEV};
  UniqueFd tree(sys::open_tree(host_node.get(), "", OPEN_TREE_CLONE | AT_EMPTY_PATH));
  if (!tree) return failed("open_tree");
  UniqueFd place(::openat(dev, node.name, O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC | O_WRONLY, 0644));
  if (!place) return failed("openat");
  return sys::move_mount(tree.get(), place.get()) < 0 ? failed("move_mount") : kNoFault;
}

Fault make_nodes(int root) {
  UniqueFd dev(open_beneath(root, "dev", RESOLVE_NO_SYMLINKS));
  if (!dev) return failed("openat2");
  for (const auto& node : kNodes) {
    if (::mknodat(dev.get(), node.name, S_IFCHR | 0666, makedev(node.major, node.minor)) == 0) continue;
    if (errno != EPERM) return failed("mknodat");
    if (Fault fault = bind_host_node(dev.get(), node)) return fault;
  }
  return kNoFault;
}

Fault make_links(int root) {
  UniqueFd dev(open_beneath(root, "dev", RESOLVE_NO_SYMLINKS));
  if (!dev) return failed("openat2");
  for (const auto& link : kLinks) {
    if (::symlinkat(link.target, dev.get(), link.name) < 0) return failed("symlinkat");
  }
  return kNoFault;
}

/** Binds the container's own terminal to /dev/console, which init systems write to. */
Fault bind_console(int root, const char* terminal_path) {
  UniqueFd terminal(open_beneath(root, terminal_path, RESOLVE_NO_SYMLINKS));
  if (!terminal) return failed("openat2");
  UniqueFd tree(sys::open_tree(terminal.get(), "", OPEN_TREE_CLONE | AT_EMPTY_PATH));
  if (!tree) return failed("open_tree");
  UniqueFd console(make_beneath(root, "dev/console", MountPoint::file, RESOLVE_NO_SYMLINKS));
  if (!console) return failed("openat2");
  return sys::move_mount(tree.get(), console.get()) < 0 ? failed("move_mount") : kNoFault;
}

bool owns_dev(const ContainerSpec& spec) {
  return std::any_of(spec.mounts.begin(), spec.mounts.end(), [](const MountSpec& mount) {
    return mount.destination == "/dev" && mount.type == "tmpfs" && !mount.bind;
  });
}

}  // namespace

void plan_devices(Plan& plan, const ContainerSpec& spec, const UniqueFd& root, const Stdio& stdio) {
  if (!owns_dev(spec)) return;
  auto nodes = [&root](TraceRow&) { return make_nodes(root.get()); };
  auto links = [&root](TraceRow&) { return make_links(root.get()); };
  plan.add({Side::child, "devices", "mknodat", "/dev", "null zero full random urandom tty", "", nodes});
  plan.add({Side::child, "device links", "symlinkat", "/dev", "fd stdin stdout stderr ptmx", "", links});
  if (!spec.process.terminal) return;
  auto console = [&root, &stdio](TraceRow&) { return bind_console(root.get(), stdio.terminal_path); };
  plan.add({Side::child, "console", "move_mount", "/dev/console", "the terminal → /dev/console",
            "/process/terminal", console});
}

}  // namespace minirun
