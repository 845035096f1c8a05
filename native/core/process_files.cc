#include "core/process_files.h"

#include <fcntl.h>

#include <algorithm>

#include "core/procfs.h"
#include "core/text.h"

namespace minirun {
namespace {

constexpr size_t kLongestFile = 16384;
constexpr size_t kLongestStatus = 8192;
constexpr std::string_view kBlanks = "\t ";

std::string_view without_blanks(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
  return text;
}

}  // namespace

UniqueFd open_process(pid_t pid) {
  return UniqueFd(::open(("/proc/" + std::to_string(pid)).c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
}

Result<UniqueFd> open_identified_process(pid_t pid, const std::string& start_time, const char* step) {
  UniqueFd process = open_process(pid);
  auto stat = process ? read_process_stat_at(process.get()) : std::nullopt;
  if (stat && stat->start_time == start_time) return process;
  return Error{step, "open", "/proc/" + std::to_string(pid), ESRCH, "the process has ended"};
}

std::string read_process_file(int process, const char* name, size_t limit) {
  UniqueFd file(::openat(process, name, O_RDONLY | O_CLOEXEC));
  char text[kLongestFile];  // on the stack, where it is not cleared first
  ssize_t length = file ? ::read(file.get(), text, std::min(limit, sizeof text)) : 0;
  return {text, length > 0 ? static_cast<size_t>(length) : 0};
}

std::string read_process_status(int process) {
  return read_process_file(process, "status", kLongestStatus);
}

std::string_view status_line(std::string_view status, std::string_view field) {
  for (; !status.empty(); take(status, '\n')) {
    if (!status.starts_with(field) || !status.substr(field.size()).starts_with(':')) continue;
    status.remove_prefix(field.size() + 1);
    return without_blanks(take(status, '\n'));
  }
  return {};
}

std::string_view status_word(std::string_view status, std::string_view field, size_t index) {
  std::string_view line = status_line(status, field);
  for (; index > 0 && !line.empty(); --index) {
    line.remove_prefix(std::min(line.find_first_of(kBlanks), line.size()));
    line = without_blanks(line);
  }
  return line.substr(0, line.find_first_of(kBlanks));
}

}  // namespace minirun
