#include "core/remove_tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>

#include <optional>
#include <vector>

#include "core/syscalls.h"
#include "core/unique_fd.h"

namespace minirun {
namespace {

/** Opens a directory for reading without leaving the file system that `parent` is on, and without following a
 * link. */
int open_directory(int parent, const char* name) {
  open_how how{};
  how.flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW;
  how.resolve = RESOLVE_NO_XDEV | RESOLVE_NO_SYMLINKS;
  return sys::openat2(parent, name, how);
}

std::vector<std::string> names_in(int directory) {
  std::vector<std::string> names;
  DIR* stream = ::fdopendir(::fcntl(directory, F_DUPFD_CLOEXEC, 0));
  if (stream == nullptr) return names;
  while (const dirent* entry = ::readdir(stream)) {
    std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(std::move(name));
  }
  ::closedir(stream);
  return names;
}

/** A directory that is being emptied, and what in it is still to be removed: the last is next. */
struct Level {
  std::string name;
  dev_t device = 0;
  ino_t inode = 0;
  std::vector<std::string> left;
};

bool is_same(int directory, const Level& level) {
  struct stat status {};
  return ::fstat(directory, &status) == 0 && status.st_dev == level.device && status.st_ino == level.inode;
}

/**
 * Removes an entry with all below it. Trees come from containers, which make them as deep as they like:
 * however deep one is, there is one descriptor, which walks down by name and up by "..". Whoever moves a
 * directory out of the tree meanwhile would have it walk up somewhere else, so what ".." opens has to be
 * where it came from.
 */
class Removal {
 public:
  /** `path` is what errors call the directory `parent`, with a slash, or "". */
  Removal(int parent, std::string path) : parent_(parent), path_(std::move(path)) {}

  /** The first error is kept, and the rest is removed nevertheless. */
  Status run(const std::string& name) {
    remove(name);
    while (!levels_.empty()) {
      auto& left = levels_.back().left;
      if (left.empty()) {
        if (!leave()) break;
      } else {
        std::string next = std::move(left.back());
        left.pop_back();
        remove(next);
      }
    }
    return first_ ? Status(*first_) : Status();
  }

 private:
  int here() const { return levels_.empty() ? parent_ : directory_.get(); }

  void remove(const std::string& name) {
    if (::unlinkat(here(), name.c_str(), 0) == 0 || errno == ENOENT) return;
    if (errno != EISDIR && errno != EPERM) return fail("unlinkat", name);
    // Opened before anything else: rmdir would take a mount point of another mount namespace, and its mount
    // with it.
    UniqueFd directory(open_directory(here(), name.c_str()));
    if (!directory && errno == ENOENT) return;
    if (!directory) return fail("openat2", name);
    if (::unlinkat(here(), name.c_str(), AT_REMOVEDIR) == 0 || errno == ENOENT) return;
    if (errno != ENOTEMPTY && errno != EEXIST) return fail("unlinkat", name);
    enter(name, std::move(directory));
  }

  void enter(const std::string& name, UniqueFd directory) {
    struct stat status {};
    if (::fstat(directory.get(), &status) < 0) return fail("fstat", name);
    levels_.push_back({name, status.st_dev, status.st_ino, names_in(directory.get())});
    directory_ = std::move(directory);
  }

  /** Goes up from a directory whose entries are gone, and removes it; false when there is no way up. */
  bool leave() {
    std::string name = std::move(levels_.back().name);
    levels_.pop_back();
    if (!levels_.empty()) {
      UniqueFd above(open_directory(directory_.get(), ".."));
      if (!above || !is_same(above.get(), levels_.back())) {
        note({"remove", "openat2", path_of(name), EBUSY, "was moved while it was being removed; try again"});
        return false;
      }
      directory_ = std::move(above);
    }
    if (::unlinkat(here(), name.c_str(), AT_REMOVEDIR) < 0 && errno != ENOENT) fail("unlinkat", name);
    return true;
  }

  void fail(const char* call, const std::string& name) {
    int code = errno == EXDEV ? EBUSY : errno;  // what openat2 says of a mount point
    note({"remove", call, path_of(name), code, code == EBUSY ? "is a mount point" : ""});
  }

  void note(Error error) {
    if (!first_) first_ = std::move(error);  // of the directories above, each is not empty then
  }

  /** The path of an entry of the present directory, or the beginning of a long one. */
  std::string path_of(const std::string& name) const {
    std::string path = path_;
    for (const auto& level : levels_) {
      path += level.name + "/";
      if (path.size() > PATH_MAX) return path.substr(0, PATH_MAX) + "…";
    }
    return path + name;
  }

  int parent_;
  std::string path_;
  UniqueFd directory_;  ///< the last of the levels
  std::vector<Level> levels_;
  std::optional<Error> first_;
};

}  // namespace

Status remove_tree_at(int directory, const std::string& name) {
  return Removal(directory, "").run(name);
}

Status remove_tree(const std::string& path) {
  std::string trimmed = path;
  while (trimmed.size() > 1 && trimmed.back() == '/') trimmed.pop_back();
  size_t name = trimmed.rfind('/') + 1;  // 0 where there is none
  std::string last = trimmed.substr(name);
  if (last.empty() || last == "." || last == "..")
    return Error{"remove", "openat", path, EINVAL, "names no entry"};
  std::string above = name == 0 ? "." : trimmed.substr(0, name);
  UniqueFd parent(::open(above.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!parent && errno == ENOENT) return {};
  if (!parent) return Error{"remove", "open", above, errno, ""};
  return Removal(parent.get(), trimmed.substr(0, name)).run(last);
}

}  // namespace minirun
