#include "runtime/state_directory.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>

#include "core/file.h"
#include "core/trace.h"

namespace minirun::runtime {
namespace {

constexpr const char* kFiles[] = {"gate", "trace", "config.json", "state.json"};
constexpr const char* kNewSuffix = ".new";  // of a file that is being written
constexpr int kLockPauseMs = 5;
constexpr size_t kLongestId = 255;  // NAME_MAX

Error state_error(const char* call, const std::string& subject, std::string note = "") {
  return {"state", call, subject, errno, std::move(note)};
}

bool is_id_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("_+-.").find(c) != std::string_view::npos;
}

Error no_such(const std::string& root, const std::string& id) {
  return {"state", "", "container " + id, ENOENT, "container does not exist in " + root};
}

bool is_removed(int directory) {
  struct stat status {};
  return ::fstat(directory, &status) == 0 && status.st_nlink == 0;
}

Status make_root(const std::string& root) {
  if (::access(root.c_str(), F_OK) == 0) return {};
  return make_directories(root, 0700);
}

}  // namespace

std::string default_root() {
  const char* own = std::getenv("XDG_RUNTIME_DIR");
  if (::geteuid() != 0 && own != nullptr && *own == '/') return std::string(own) + "/minirun-oci";
  return "/run/minirun-oci";
}

Status check_id(const std::string& id) {
  bool sound = !id.empty() && id.size() <= kLongestId && id.front() != '.' &&
               std::all_of(id.begin(), id.end(), is_id_letter);
  if (sound) return {};
  return Error{"command line", "", "the container's name", EINVAL,
               "expected 1 to 255 letters, digits or _ + - . and no . in front, received \"" + id + "\""};
}

Result<std::vector<std::string>> list_ids(const std::string& root) {
  std::vector<std::string> ids;
  DIR* stream = ::opendir(root.c_str());
  if (stream == nullptr) {
    if (errno == ENOENT) return ids;
    return state_error("opendir", root);
  }
  while (const dirent* entry = ::readdir(stream)) {
    std::string name = entry->d_name;
    if (entry->d_type == DT_DIR && check_id(name)) ids.push_back(std::move(name));
  }
  ::closedir(stream);
  std::sort(ids.begin(), ids.end());
  return ids;
}

Result<StateDirectory> StateDirectory::create(const std::string& root, const std::string& id) {
  if (Status sound = check_id(id); !sound) return sound.error();
  std::string path = root + "/" + id;
  int made = ::mkdir(path.c_str(), 0700);
  if (made < 0 && errno == ENOENT) {
    if (Status rooted = make_root(root); !rooted) return rooted.error();
    made = ::mkdir(path.c_str(), 0700);
  }
  if (made < 0 && errno == EEXIST)
    return Error{"state", "", "container " + id, EEXIST,
                 "there is one of this name already; delete it first, or choose another name"};
  if (made < 0) return state_error("mkdir", path);
  auto directory = open(root, id);
  if (!directory) return directory;
  if (Status locked = directory->lock(); !locked) return locked.error();
  return directory;
}

Result<StateDirectory> StateDirectory::open(const std::string& root, const std::string& id) {
  if (Status sound = check_id(id); !sound) return sound.error();
  std::string path = root + "/" + id;
  UniqueFd directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (directory) return StateDirectory(root, id, std::move(directory));
  if (errno == ENOENT) return no_such(root, id);
  return state_error("open", path);
}

bool StateDirectory::has(const char* name) const {
  return ::faccessat(fd(), name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

Result<std::string> StateDirectory::read(const char* name) const {
  auto file = open_file(name);
  if (!file) return file.error();
  return read_all(file->get(), id_ + "/" + name);
}

Result<UniqueFd> StateDirectory::open_file(const char* name) const {
  UniqueFd file(::openat(fd(), name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  if (!file) return state_error("open", id_ + "/" + name);
  return file;
}

Status StateDirectory::write(const char* name, std::string_view content) const {
  std::string temporary = std::string(name) + kNewSuffix;
  UniqueFd file(
      ::openat(fd(), temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file) return state_error("open", id_ + "/" + temporary);
  ssize_t written = ::write(file.get(), content.data(), content.size());
  bool whole = written == static_cast<ssize_t>(content.size());
  if (whole && ::renameat(fd(), temporary.c_str(), fd(), name) == 0) return {};
  if (!whole && written >= 0) errno = ENOSPC;  // a part of it had room
  Error error = state_error(whole ? "rename" : "write", id_ + "/" + temporary);
  ::unlinkat(fd(), temporary.c_str(), 0);
  return error;
}

Result<UniqueFd> StateDirectory::make_file(const char* name) const {
  UniqueFd file(::openat(fd(), name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file) return state_error("open", id_ + "/" + name);
  return file;
}

Status StateDirectory::lock(int patience_ms) const {
  for (int64_t deadline = monotonic_ns() + int64_t{patience_ms} * 1'000'000;;) {
    if (::flock(fd(), LOCK_EX | LOCK_NB) == 0) return is_removed(fd()) ? no_such(root_, id_) : Status();
    if (errno != EWOULDBLOCK && errno != EINTR) return state_error("flock", id_);
    if (monotonic_ns() >= deadline)
      return Error{"state", "", "container " + id_, EBUSY,
                   "another minirun-oci is changing it; try again when that has ended"};
    ::poll(nullptr, 0, kLockPauseMs);
  }
}

void StateDirectory::unlock() const {
  ::flock(fd(), LOCK_UN);
}

Status StateDirectory::remove() const {
  for (std::string name : kFiles) {
    ::unlinkat(fd(), name.c_str(), 0);
    ::unlinkat(fd(), (name + kNewSuffix).c_str(), 0);
  }
  std::string path = root_ + "/" + id_;
  if (::rmdir(path.c_str()) < 0 && errno != ENOENT) return state_error("rmdir", path);
  return {};
}

}  // namespace minirun::runtime
