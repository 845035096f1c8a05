#include "runtime/own_image.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>

#include "core/syscalls.h"
#include "core/unique_fd.h"

namespace minirun::runtime {
namespace {

constexpr const char* kSelf = "/proc/self/exe";
constexpr const char* kName = "minirun-oci";
constexpr int kSeals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;

Error image_error(const char* call) {
  return {"own executable", call, kSelf, errno, ""};
}

/** On a read-only mount, or sealed. */
bool is_protected() {
  UniqueFd self(::open(kSelf, O_RDONLY | O_CLOEXEC));
  struct statvfs fs {};
  if (!self || ::fstatvfs(self.get(), &fs) < 0) return false;
  if ((fs.f_flag & ST_RDONLY) != 0) return true;
  int seals = ::fcntl(self.get(), F_GET_SEALS);
  return seals >= 0 && (seals & kSeals) == kSeals;  // -1: no file in memory
}

UniqueFd read_only_mount() {
  UniqueFd tree(sys::open_tree(AT_FDCWD, kSelf, OPEN_TREE_CLONE));
  mount_attr read_only{};
  read_only.attr_set = MOUNT_ATTR_RDONLY;
  if (!tree || sys::mount_setattr(tree.get(), "", AT_EMPTY_PATH, read_only) < 0) return {};
  return tree;
}

Result<UniqueFd> sealed_copy() {
  UniqueFd self(::open(kSelf, O_RDONLY | O_CLOEXEC));
  if (!self) return image_error("open");
  UniqueFd copy(::memfd_create(kName, MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!copy) return image_error("memfd_create");
  struct stat status {};
  if (::fstat(self.get(), &status) < 0) return image_error("fstat");
  for (off_t left = status.st_size; left > 0;) {
    ssize_t copied = ::sendfile(copy.get(), self.get(), nullptr, static_cast<size_t>(left));
    if (copied < 0 && errno != EINTR) return image_error("sendfile");
    if (copied == 0) break;
    if (copied > 0) left -= copied;
  }
  if (::fcntl(copy.get(), F_ADD_SEALS, kSeals) < 0) return image_error("fcntl(F_ADD_SEALS)");
  return copy;
}

Error execute(const UniqueFd& image, char** argv) {
  ::syscall(SYS_execveat, image.get(), "", argv, environ, AT_EMPTY_PATH);
  return image_error("execveat");
}

}  // namespace

Status protect_own_image(char** argv) {
  ::prctl(PR_SET_NAME, kName);  // the kernel calls what was executed by a descriptor after its number
  if (is_protected()) return {};
  if (UniqueFd mount = read_only_mount()) return execute(mount, argv);
  auto copy = sealed_copy();
  return copy ? execute(*copy, argv) : copy.error();
}

}  // namespace minirun::runtime
