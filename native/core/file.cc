#include "core/file.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>

namespace minirun {
namespace {

Error file_error(const char* call, const std::string& path) {
  return {"file", call, path, errno, ""};
}

bool write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    content.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

/** Puts the bytes of a new file on the disk, as far as its durability asks for it. */
bool sync_content(int fd, Durability durability) {
  return durability == Durability::none || ::fdatasync(fd) == 0;
}

/** Puts the name of a file on the disk. */
Status sync_parent(const std::string& path) {
  size_t slash = path.rfind('/');
  std::string parent = slash == std::string::npos ? "." : path.substr(0, std::max<size_t>(slash, 1));
  UniqueFd directory(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory) return file_error("open", parent);
  return ::fsync(directory.get()) < 0 ? file_error("fsync", parent) : Status{};
}

}  // namespace

Result<std::string> read_all(int fd, const std::string& path) {
  std::string content;
  char buffer[16384];
  for (;;) {
    ssize_t length = ::read(fd, buffer, sizeof buffer);
    if (length < 0 && errno == EINTR) continue;
    if (length < 0) return file_error("read", path);
    if (length == 0) return content;
    content.append(buffer, static_cast<size_t>(length));
  }
}

Result<std::string> read_file(const std::string& path) {
  UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return file_error("open", path);
  return read_all(file.get(), path);
}

Status replace_file(const std::string& path, std::string_view content, mode_t mode, Durability durability) {
  static std::atomic<unsigned> counter{0};  // threads of one process may write the same file
  std::string temporary = path + "." + std::to_string(::getpid()) + "." + std::to_string(counter++) + ".tmp";
  UniqueFd file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode));
  if (!file) return file_error("open", temporary);
  const char* call = nullptr;
  if (!write_all(file.get(), content)) {
    call = "write";
  } else if (!sync_content(file.get(), durability)) {
    call = "fdatasync";
  } else if (::rename(temporary.c_str(), path.c_str()) < 0) {
    call = "rename";
  }
  if (call == nullptr) return durability == Durability::synced ? sync_parent(path) : Status{};
  Error error = file_error(call, temporary);
  ::unlink(temporary.c_str());
  return error;
}

Status write_control(const std::string& path, std::string_view value) {
  UniqueFd file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!file) return file_error("open", path);
  if (::write(file.get(), value.data(), value.size()) < 0) return file_error("write", path);
  return {};
}

Status make_directories(const std::string& path, mode_t mode) {
  if (::mkdir(path.c_str(), mode) == 0 || errno == EEXIST) return {};
  size_t slash = path.rfind('/');
  if (errno != ENOENT || slash == std::string::npos || slash == 0) return file_error("mkdir", path);
  if (Status above = make_directories(path.substr(0, slash), mode); !above) return above;
  if (::mkdir(path.c_str(), mode) < 0 && errno != EEXIST) return file_error("mkdir", path);
  return {};
}

}  // namespace minirun
