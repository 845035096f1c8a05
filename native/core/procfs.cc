#include "core/procfs.h"

#include <fcntl.h>

#include <sstream>

#include "core/file.h"

namespace minirun {
namespace {

constexpr uint64_t kForkedButNoExec =
    0x40;  // PF_FORKNOEXEC: set by fork, cleared past execve's point of no return

std::optional<ProcessStat> parse_process_stat(const std::string& text) {
  size_t close = text.rfind(')');  // the name before it may hold spaces and parentheses
  if (close == std::string::npos) return std::nullopt;
  std::istringstream fields(text.substr(close + 1));
  ProcessStat stat;
  std::string skipped;
  fields >> stat.state;
  for (int field = 4; field <= 8; ++field) fields >> skipped;
  fields >> stat.flags;
  for (int field = 10; field <= 13; ++field) fields >> skipped;
  fields >> stat.user_ticks >> stat.system_ticks;
  for (int field = 16; field <= 21; ++field) fields >> skipped;
  fields >> stat.start_time;
  return fields ? std::optional(stat) : std::nullopt;
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
  auto text = read_all(file.get(), "stat");
  return text ? parse_process_stat(*text) : std::nullopt;
}

std::string boot_id() {
  auto text = read_file("/proc/sys/kernel/random/boot_id");
  return text ? text->substr(0, text->find('\n')) : "";
}

}  // namespace minirun
