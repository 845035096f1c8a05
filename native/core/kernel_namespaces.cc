#include "core/kernel_namespaces.h"

#include <fcntl.h>
#include <linux/nsfs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include <array>

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

/** This process's own, which it never leaves: those of its threads that do have ended by then. */
const std::array<ino_t, std::size(kKinds)>& host_inodes() {
  static const auto all = [] {
    std::array<ino_t, std::size(kKinds)> inodes{};
    for (size_t i = 0; i < inodes.size(); ++i) {
      struct stat status {};
      if (::stat((std::string("/proc/self/ns/") + kKinds[i]).c_str(), &status) == 0)
        inodes[i] = status.st_ino;
    }
    return inodes;
  }();
  return all;
}

}  // namespace

std::vector<KernelNamespace> read_kernel_namespaces(int process) {
  std::vector<KernelNamespace> spaces;
  UniqueFd directory(::openat(process, "ns", O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!directory) return spaces;
  for (size_t i = 0; i < std::size(kKinds); ++i) {
    UniqueFd space(::openat(directory.get(), kKinds[i], O_RDONLY | O_CLOEXEC));
    if (!space) continue;
    spaces.push_back({kKinds[i], inode_of(space.get()), host_inodes()[i], owner_of(space.get())});
  }
  return spaces;
}

}  // namespace minirun
