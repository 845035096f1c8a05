#include "core/entry.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>

#include <algorithm>
#include <array>

#include "core/beneath.h"
#include "core/capabilities.h"
#include "core/syscalls.h"

namespace minirun {
namespace {

constexpr long kMqueueMagic = 0x19800202;  // ipc/mqueue.c; <linux/magic.h> has no name for it
constexpr long kFuseControlMagic = 0x65735543;

constexpr std::array<long, 15> kKernelViews = {
    PROC_SUPER_MAGIC, SYSFS_MAGIC,    CGROUP_SUPER_MAGIC, CGROUP2_SUPER_MAGIC, DEVPTS_SUPER_MAGIC,
    DEBUGFS_MAGIC,    TRACEFS_MAGIC,  SECURITYFS_MAGIC,   BPF_FS_MAGIC,        PSTOREFS_MAGIC,
    EFIVARFS_MAGIC,   BINFMTFS_MAGIC, NSFS_MAGIC,         kMqueueMagic,        kFuseControlMagic};

bool is_kernel_view(int fd) {
  struct statfs status {};
  if (::fstatfs(fd, &status) < 0) return true;
  return std::find(kKernelViews.begin(), kKernelViews.end(), static_cast<long>(status.f_type)) !=
         kKernelViews.end();
}

bool is_read_only(int fd) {
  struct statvfs status {};
  return ::fstatvfs(fd, &status) == 0 && (status.f_flag & ST_RDONLY) != 0;
}

uint64_t mount_of(int fd) {
  struct statx status {};
  return ::statx(fd, "", AT_EMPTY_PATH, STATX_MNT_ID, &status) == 0 ? status.stx_mnt_id : 0;
}

std::string link_text(int directory, const char* name) {
  char text[PATH_MAX];
  ssize_t length = ::readlinkat(directory, name, text, sizeof text);
  return length < 0 ? "" : std::string(text, static_cast<size_t>(length));
}

/** `name` in `directory`, or the directory's descriptor itself where the name is empty. */
bool describe(int directory, const char* name, Entry& entry) {
  struct stat status {};
  if (::fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH | AT_NO_AUTOMOUNT) < 0)
    return false;
  entry.mode = status.st_mode;
  entry.uid = status.st_uid;
  entry.gid = status.st_gid;
  entry.size = static_cast<uint64_t>(status.st_size);
  entry.links = status.st_nlink;
  entry.modified = status.st_mtim;
  entry.device = status.st_dev;
  entry.inode = status.st_ino;
  if (S_ISLNK(status.st_mode)) entry.target = link_text(directory, name);
  return true;
}

/** As long as it lives, the thread makes files that are another user's, with its own rights. */
class FileOwner {
 public:
  explicit FileOwner(const FileIds& ids) {
    ::syscall(SYS_setfsgid, ids.gid);
    ::syscall(SYS_setfsuid, ids.uid);
    // With root's id the kernel has taken its rights on files away, and gives them back with it.
    fault_ = raise_permitted();
  }
  FileOwner(const FileOwner&) = delete;
  FileOwner& operator=(const FileOwner&) = delete;
  ~FileOwner() {
    ::syscall(SYS_setfsuid, ::geteuid());
    ::syscall(SYS_setfsgid, ::getegid());
  }

  const Fault& fault() const { return fault_; }

 private:
  Fault fault_;
};

UniqueFd make_file(int directory, const NewEntry& entry) {
  int flags = O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC | O_WRONLY;
  return UniqueFd(::openat(directory, entry.name.c_str(), flags, 0600));
}

UniqueFd make_directory(int directory, const NewEntry& entry) {
  if (::mkdirat(directory, entry.name.c_str(), 0700) < 0) return {};
  return UniqueFd(::openat(directory, entry.name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

}  // namespace

std::string Entry::etag() const {
  char text[80];
  ::snprintf(text, sizeof text, "%llx-%llx.%lx-%llx", static_cast<unsigned long long>(inode),
             static_cast<unsigned long long>(modified.tv_sec), static_cast<unsigned long>(modified.tv_nsec),
             static_cast<unsigned long long>(size));
  return text;
}

Result<OpenEntry> open_entry(int root, const std::string& path, LastLink last) {
  OpenEntry open;
  open.fd.reset(last == LastLink::follow ? open_beneath(root, path.c_str())
                                         : open_link_beneath(root, path.c_str()));
  if (!open.fd) return Error{"open", "openat2", path, errno, ""};
  if (!describe(open.fd.get(), "", open.entry)) return Error{"open", "fstatat", path, errno, ""};
  open.entry.name = path.substr(path.rfind('/') + 1);
  open.mount = mount_of(open.fd.get());
  open.read_only = is_read_only(open.fd.get());
  open.kernel = is_kernel_view(open.fd.get());
  return open;
}

Result<DirectoryEntries> list_directory(int directory, size_t limit) {
  // The same directory, whatever happens to its name; of one that can be read from the same place in it, too.
  UniqueFd readable((::fcntl(directory, F_GETFL) & O_PATH) != 0
                        ? ::openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
                        : ::fcntl(directory, F_DUPFD_CLOEXEC, 0));
  if (!readable) return Error{"list", "openat", ".", errno, ""};
  DIR* stream = ::fdopendir(readable.get());
  if (stream == nullptr) return Error{"list", "fdopendir", ".", errno, ""};
  int fd = readable.release();
  DirectoryEntries found;
  for (;;) {
    long place = ::telldir(stream);
    const dirent* item = ::readdir(stream);
    if (item == nullptr) break;
    std::string name = item->d_name;
    if (name == "." || name == "..") continue;
    found.truncated = found.entries.size() == limit;
    if (found.truncated) {
      ::seekdir(stream, place);
      break;
    }
    Entry entry;
    entry.name = std::move(name);
    if (describe(fd, entry.name.c_str(), entry)) found.entries.push_back(std::move(entry));
  }
  ::closedir(stream);
  return found;
}

Result<UniqueFd> make_entry(int directory, const NewEntry& entry) {
  FileOwner owner(entry.ids);
  if (owner.fault()) return Error{"make", owner.fault().call, entry.name, owner.fault().code, ""};
  if (entry.kind == EntryKind::symlink) {
    if (::symlinkat(entry.target.c_str(), directory, entry.name.c_str()) == 0) return UniqueFd();
    return Error{"make", "symlinkat", entry.name, errno, ""};
  }
  bool file = entry.kind == EntryKind::file;
  UniqueFd made = file ? make_file(directory, entry) : make_directory(directory, entry);
  if (!made) return Error{"make", file ? "openat" : "mkdirat", entry.name, errno, ""};
  // In a directory with the set-group-ID bit it has that one's group (inode(7)).
  if (::fchown(made.get(), entry.ids.uid, entry.ids.gid) < 0)
    return Error{"make", "fchown", entry.name, errno, ""};
  if (::fchmod(made.get(), entry.mode) < 0) return Error{"make", "fchmod", entry.name, errno, ""};
  return made;
}

Status move_entry(int from, const std::string& name, int to, const std::string& new_name, TakenName taken,
                  const FileIds& ids) {
  FileOwner owner(ids);
  if (owner.fault()) return Error{"move", owner.fault().call, name, owner.fault().code, ""};
  unsigned flags = taken == TakenName::refuse ? RENAME_NOREPLACE : 0;
  if (::renameat2(from, name.c_str(), to, new_name.c_str(), flags) == 0) return {};
  return Error{"move", "renameat2", name, errno, ""};
}

Status link_entry(int from, const std::string& name, int to, const std::string& new_name,
                  const FileIds& ids) {
  FileOwner owner(ids);
  if (owner.fault()) return Error{"link", owner.fault().call, name, owner.fault().code, ""};
  if (::linkat(from, name.c_str(), to, new_name.c_str(), 0) == 0) return {};
  return Error{"link", "linkat", name, errno, ""};
}

}  // namespace minirun
