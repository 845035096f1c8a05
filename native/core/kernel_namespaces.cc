#include "core/kernel_namespaces.h"

#include <fcntl.h>
#include <linux/nsfs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include "core/unique_fd.h"

namespace minirun {
namespace {

constexpr const char* kKinds[] = {"cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts"};

ino_t inode_of(int fd) {
  struct stat status {};
  return ::fstat(fd, &status) == 0 ? status.st_ino : 0;
}

/** ioctl_ns(2): the owning user namespace, of one that is a user namespace itself the one above. EPERM: it
 * lies beyond ours. */
ino_t owner_of(int space) {
  UniqueFd owner(::ioctl(space, NS_GET_USERNS));
  return owner ? inode_of(owner.get()) : 0;
}

}  // namespace

std::vector<KernelNamespace> read_kernel_namespaces(int process) {
  std::vector<KernelNamespace> spaces;
  for (const char* kind : kKinds) {
    std::string name = std::string("ns/") + kind;
    UniqueFd space(::openat(process, name.c_str(), O_RDONLY | O_CLOEXEC));
    if (!space) continue;
    struct stat host {};
    ::stat(("/proc/self/" + name).c_str(), &host);
    spaces.push_back({kind, inode_of(space.get()), host.st_ino, owner_of(space.get())});
  }
  return spaces;
}

}  // namespace minirun
