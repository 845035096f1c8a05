#include "core/beneath.h"

#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "core/syscalls.h"
#include "core/unique_fd.h"

namespace minirun {
namespace {

// openat2 gives up with EAGAIN when a directory above a ".." is renamed meanwhile; each attempt is
// independent.
constexpr int kAttempts = 64;

int open_in_root(int root, const char* path, uint64_t flags, uint64_t resolve) {
  open_how how{};
  how.flags = O_PATH | O_CLOEXEC | flags;
  how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS | resolve;
  int fd = -1;
  for (int i = 0; i < kAttempts; ++i) {
    fd = sys::openat2(root, path, how);
    if (fd >= 0 || errno != EAGAIN) break;
  }
  return fd;
}

int open_dir_beneath(int root, const char* path, uint64_t also) {
  return *path == '\0' ? open_beneath(root, ".", also) : open_beneath(root, path, also);
}

/** Creates the last component of `path` in its parent, which is there; `path` is changed and put back. */
int create_last(int root, char* path, MountPoint kind, uint64_t also) {
  char* slash = std::strrchr(path, '/');
  const char* name = slash == nullptr ? path : slash + 1;
  if (slash != nullptr) *slash = '\0';
  UniqueFd parent(open_dir_beneath(root, slash == nullptr ? "" : path, also));
  if (slash != nullptr) *slash = '/';
  if (!parent) return -1;
  if (kind == MountPoint::directory) return ::mkdirat(parent.get(), name, 0755);
  UniqueFd file(::openat(parent.get(), name, O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC | O_WRONLY, 0644));
  return file ? 0 : -1;
}

}  // namespace

int open_beneath(int root, const char* path, uint64_t also) {
  return open_in_root(root, path, 0, also);
}

int open_link_beneath(int root, const char* path) {
  return open_in_root(root, path, O_NOFOLLOW, 0);
}

int make_beneath(int root, const char* path, MountPoint kind, uint64_t also) {
  int found = open_beneath(root, path, also);
  if (found >= 0 || errno != ENOENT) return found;

  char buffer[PATH_MAX];
  while (*path == '/') ++path;
  size_t length = std::strlen(path);
  while (length > 0 && path[length - 1] == '/') --length;
  if (length >= sizeof buffer) return errno = ENAMETOOLONG, -1;
  std::memcpy(buffer, path, length);
  buffer[length] = '\0';

  for (char* end = buffer; end < buffer + length;) {
    end = std::strchr(end, '/');
    if (end == nullptr) end = buffer + length;
    bool last = end == buffer + length;
    *end = '\0';
    UniqueFd there(open_beneath(root, buffer, also));
    if (!there) {
      if (errno != ENOENT) return -1;
      if (create_last(root, buffer, last ? kind : MountPoint::directory, also) < 0) return -1;
    }
    if (!last) *end++ = '/';
  }
  return open_beneath(root, buffer, also);
}

bool same_file(int a, int b) {
  struct stat first {};
  struct stat second {};
  if (::fstat(a, &first) < 0 || ::fstat(b, &second) < 0) return false;
  return first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

}  // namespace minirun
