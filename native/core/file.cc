#include "core/file.h"

#include <fcntl.h>
#include <sys/stat.h>

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
  std::string temporary = path + ".tmp." + std::to_string(::getpid());
  UniqueFd file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode));
  if (!file) return file_error("open", temporary);
  const char* call = nullptr;
  if (!write_all(file.get(), content)) {
    call = "write";
  } else if (durability == Durability::synced && ::fsync(file.get()) < 0) {
    call = "fsync";
  } else if (::rename(temporary.c_str(), path.c_str()) < 0) {
    call = "rename";
  }
  if (call == nullptr) return {};
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
