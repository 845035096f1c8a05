#include "runtime/log.h"

#include <fcntl.h>

#include "core/unique_fd.h"
#include "oci/json.h"
#include "shim/report.h"

namespace minirun::runtime {
namespace {

void write_line(int fd, const std::string& line) {
  // Lines of several processes in one file stay whole: each is one write to a descriptor in append mode.
  if (::write(fd, line.data(), line.size()) < 0) return;  // where nobody listens there is nobody to tell
}

std::string quoted(const std::string& text) {
  return oci::Json(text).text();
}

}  // namespace

Status Log::open(const std::string& path, Format format) {
  path_ = path;
  format_ = format;
  if (path.empty()) return {};
  // Opened for a try, and again for each line: a descriptor that stays open could come to the container.
  UniqueFd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0644));
  if (!file) return Error{"log", "open", path, errno, ""};
  return {};
}

void Log::error(const std::string& message) const {
  write("error", message);
}

void Log::warning(const std::string& message) const {
  write("warning", message);
}

void Log::write(const char* level, const std::string& message) const {
  std::string time = shim::timestamp();
  std::string line = format_ == Format::json
                         ? oci::Json::object({{"level", level}, {"msg", message}, {"time", time}}).text()
                         : "time=" + quoted(time) + " level=" + level + " msg=" + quoted(message);
  if (!path_.empty()) {
    UniqueFd file(::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0644));
    if (file) write_line(file.get(), line + "\n");
  }
  bool bare = path_.empty() && format_ == Format::json;
  write_line(STDERR_FILENO, bare ? line + "\n" : "minirun-oci: " + message + "\n");
}

Log& log() {
  static Log instance;
  return instance;
}

}  // namespace minirun::runtime
