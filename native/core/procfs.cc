#include "core/procfs.h"

#include <fcntl.h>

#include <charconv>
#include <string_view>

#include "core/file.h"

namespace minirun {
namespace {

constexpr uint64_t kForkedButNoExec =
    0x40;  // PF_FORKNOEXEC: set by fork, cleared past execve's point of no return

/** Takes the next blank-separated word off the front. */
std::string_view take_word(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \n"), text.size()));
  std::string_view word = text.substr(0, text.find_first_of(" \n"));
  text.remove_prefix(word.size());
  return word;
}

uint64_t number_in(std::string_view word) {
  uint64_t number = 0;
  std::from_chars(word.data(), word.data() + word.size(), number);
  return number;
}

std::optional<ProcessStat> parse_process_stat(const std::string& text) {
  size_t open = text.find('(');
  size_t close = text.rfind(')');  // the name before it may hold spaces and parentheses
  if (open == std::string::npos || close == std::string::npos || close < open) return std::nullopt;
  std::string_view rest = std::string_view(text).substr(close + 1);
  ProcessStat stat;
  stat.name = text.substr(open + 1, close - open - 1);
  std::string_view word;
  for (int field = 3; field <= 22; ++field) {
    word = take_word(rest);
    if (word.empty()) return std::nullopt;
    if (field == 3) stat.state = word.front();
    if (field == 9) stat.flags = number_in(word);
    if (field == 14) stat.user_ticks = number_in(word);
    if (field == 15) stat.system_ticks = number_in(word);
  }
  stat.start_time = word;
  return stat;
}

}  // namespace

bool ProcessStat::has_executed() const {
  return (flags & kForkedButNoExec) == 0;
}

std::optional<ProcessStat> read_process_stat(pid_t pid) {
  auto text = read_file("/proc/" + std::to_string(pid) + "/stat");
  return text ? parse_process_stat(*text) : std::nullopt;
}

std::optional<ProcessStat> read_process_stat_at(int process) {
  UniqueFd file(::openat(process, "stat", O_RDONLY | O_CLOEXEC));
  if (!file) return std::nullopt;
  char text[2048];  // one read gives all of it: a name and fifty numbers
  ssize_t length = ::read(file.get(), text, sizeof text);
  return length > 0 ? parse_process_stat(std::string(text, static_cast<size_t>(length))) : std::nullopt;
}

std::string boot_id() {
  auto text = read_file("/proc/sys/kernel/random/boot_id");
  return text ? text->substr(0, text->find('\n')) : "";
}

}  // namespace minirun
