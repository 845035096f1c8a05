#include "core/remove_tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

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
  DIR* stream = ::fdopendir(::dup(directory));
  if (stream == nullptr) return names;
  ::rewinddir(stream);
  while (const dirent* entry = ::readdir(stream)) {
    std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(std::move(name));
  }
  ::closedir(stream);
  return names;
}

Error removal_error(const char* call, const std::string& path) {
  int code = errno == EXDEV ? EBUSY : errno;  // what openat2 says of a mount point
  return {"remove", call, path, code, code == EBUSY ? "is a mount point" : ""};
}

/** Removes what `name` is in `parent`. The first error is kept, and the rest is removed nevertheless. */
Status remove_entry(int parent, const std::string& name, const std::string& path) {
  if (::unlinkat(parent, name.c_str(), 0) == 0 || errno == ENOENT) return {};
  if (errno != EISDIR && errno != EPERM) return removal_error("unlinkat", path);
  // Opened before anything else: rmdir would take a mount point of another mount namespace, and its mount
  // with it.
  UniqueFd directory(open_directory(parent, name.c_str()));
  if (!directory) return errno == ENOENT ? Status{} : removal_error("openat2", path);
  if (::unlinkat(parent, name.c_str(), AT_REMOVEDIR) == 0 || errno == ENOENT) return {};
  if (errno != ENOTEMPTY && errno != EEXIST) return removal_error("unlinkat", path);
  Status first;
  for (const auto& child : names_in(directory.get())) {
    Status removed = remove_entry(directory.get(), child, path + "/" + child);
    if (first && !removed) first = removed;
  }
  if (!first) return first;
  if (::unlinkat(parent, name.c_str(), AT_REMOVEDIR) < 0 && errno != ENOENT)
    return removal_error("unlinkat", path);
  return {};
}

}  // namespace

Status remove_tree_at(int directory, const std::string& name) {
  return remove_entry(directory, name, name);
}

Status remove_tree(const std::string& path) {
  std::string trimmed = path;
  while (trimmed.size() > 1 && trimmed.back() == '/') trimmed.pop_back();
  size_t slash = trimmed.rfind('/');
  std::string name = trimmed.substr(slash == std::string::npos ? 0 : slash + 1);
  if (name.empty() || name == "." || name == "..")
    return Error{"remove", "openat", path, EINVAL, "names no entry"};
  std::string above = slash == std::string::npos ? "." : slash == 0 ? "/" : trimmed.substr(0, slash);
  UniqueFd parent(::open(above.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!parent) return errno == ENOENT ? Status{} : removal_error("open", above);
  return remove_entry(parent.get(), name, trimmed);
}

}  // namespace minirun
