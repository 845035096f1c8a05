#include "core/copy_up.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/sendfile.h>
#include <sys/stat.h>

#include "core/syscalls.h"
#include "core/unique_fd.h"

namespace minirun {
namespace {

constexpr int kDeepest = 64;
constexpr size_t kChunkBytes = size_t{1} << 30;
constexpr size_t kEntriesBytes = 2048;  // one for each level, on the stack

bool is_dot(const char* name) {
  return name[0] == '.' && (name[1] == '\0' || (name[1] == '.' && name[2] == '\0'));
}

/** Owner first: a change of it takes set-user-ID away. */
Fault copy_attributes(int fd, const struct stat& status) {
  timespec times[2] = {status.st_atim, status.st_mtim};
  if (::fchown(fd, status.st_uid, status.st_gid) < 0) return failed("fchown");
  if (::fchmod(fd, status.st_mode & 07777) < 0) return failed("fchmod");
  return ::futimens(fd, times) < 0 ? failed("futimens") : kNoFault;
}

Fault copy_file(int from, const char* name, int to, const struct stat& status) {
  UniqueFd source(::openat(from, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!source) return failed("openat");
  UniqueFd target(::openat(to, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!target) return failed("openat");
  for (;;) {
    ssize_t copied = ::sendfile(target.get(), source.get(), nullptr, kChunkBytes);
    if (copied < 0 && errno != EINTR) return failed("sendfile");
    if (copied == 0) break;
  }
  return copy_attributes(target.get(), status);
}

Fault copy_link(int from, const char* name, int to, const struct stat& status) {
  char text[PATH_MAX];
  ssize_t length = ::readlinkat(from, name, text, sizeof text - 1);
  if (length < 0) return failed("readlinkat");
  text[length] = '\0';
  if (::symlinkat(text, to, name) < 0) return failed("symlinkat");
  return ::fchownat(to, name, status.st_uid, status.st_gid, AT_SYMLINK_NOFOLLOW) < 0 ? failed("fchownat")
                                                                                     : kNoFault;
}

Fault copy_directory(int from, int to, int depth);

Fault copy_subdirectory(int from, const char* name, int to, const struct stat& status, int depth) {
  UniqueFd source(::openat(from, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!source) return failed("openat");
  if (::mkdirat(to, name, 0700) < 0) return failed("mkdirat");
  UniqueFd target(::openat(to, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!target) return failed("openat");
  if (Fault fault = copy_directory(source.get(), target.get(), depth + 1)) return fault;
  return copy_attributes(target.get(), status);
}

Fault copy_entry(int from, const char* name, int to, int depth) {
  struct stat status {};
  if (::fstatat(from, name, &status, AT_SYMLINK_NOFOLLOW) < 0) return failed("fstatat");
  switch (status.st_mode & S_IFMT) {
    case S_IFDIR:
      return copy_subdirectory(from, name, to, status, depth);
    case S_IFREG:
      return copy_file(from, name, to, status);
    case S_IFLNK:
      return copy_link(from, name, to, status);
    default:
      return kNoFault;
  }
}

Fault copy_directory(int from, int to, int depth) {
  if (depth > kDeepest) return {"openat", ELOOP};
  alignas(dirent64) char entries[kEntriesBytes];
  for (;;) {
    long length = ::syscall(SYS_getdents64, from, entries, sizeof entries);
    if (length < 0) return failed("getdents64");
    if (length == 0) return kNoFault;
    for (long at = 0; at < length;) {
      const auto* entry = reinterpret_cast<const dirent64*>(entries + at);
      at += entry->d_reclen;
      if (is_dot(entry->d_name)) continue;
      if (Fault fault = copy_entry(from, entry->d_name, to, depth)) return fault;
    }
  }
}

}  // namespace

Fault copy_up(int from, int to) {
  UniqueFd source(::openat(from, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  UniqueFd target(::openat(to, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!source || !target) return failed("openat");
  return copy_directory(source.get(), target.get(), 0);
}

}  // namespace minirun
