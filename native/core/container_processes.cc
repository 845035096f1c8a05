#include "core/container_processes.h"

#include <poll.h>

#include <charconv>

#include "core/process_files.h"
#include "core/procfs.h"
#include "core/syscalls.h"

namespace minirun {
namespace {

constexpr size_t kLongestCommand = 8192;
constexpr uint64_t kBytesPerKiB = 1024;

/** NSpid has the number in each pid namespace, from ours to the process's own; the container's is the second.
 */
pid_t inner_pid(const std::string& status) {
  return status_number<pid_t>(status, "NSpid", 1);
}

std::vector<std::string> split_command(const std::string& text) {
  std::vector<std::string> words;
  for (size_t start = 0; start < text.size();) {
    size_t end = std::min(text.find('\0', start), text.size());
    words.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  return words;
}

std::optional<ContainerProcess> describe(pid_t host_pid, const Cgroup& cgroup, const ProcessVisitor& visit) {
  UniqueFd directory = open_process(host_pid);
  // The number may have become another process's since the group named it.
  if (!directory || !cgroup.holds(directory.get())) return std::nullopt;
  auto stat = read_process_stat_at(directory.get());
  std::string status = read_process_status(directory.get());
  if (!stat || status.empty()) return std::nullopt;
  static const double ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
  ContainerProcess process;
  process.host_pid = host_pid;
  process.pid = inner_pid(status);
  process.host_parent = status_number<pid_t>(status, "PPid");
  process.uid = status_number<uid_t>(status, "Uid", 1);
  process.state = stat->state;
  process.name = stat->name;  // status would escape it
  process.command = split_command(read_process_file(directory.get(), "cmdline", kLongestCommand));
  process.threads = status_number<int>(status, "Threads");
  process.cpu_seconds = static_cast<double>(stat->user_ticks + stat->system_ticks) / ticks;
  process.resident_bytes = status_number<uint64_t>(status, "VmRSS") * kBytesPerKiB;
  uint64_t started = 0;
  std::from_chars(stat->start_time.data(), stat->start_time.data() + stat->start_time.size(), started);
  process.started_seconds = static_cast<double>(started) / ticks;
  if (visit) visit(directory.get(), process);
  return process;
}

bool has_ended(int pidfd) {
  pollfd end{pidfd, POLLIN, 0};
  return ::poll(&end, 1, 0) != 0;
}

Error no_such_process(pid_t pid) {
  return {"signal", "pidfd_open", "process " + std::to_string(pid), ESRCH, ""};
}

}  // namespace

ContainerProcesses list_processes(const Cgroup& cgroup, size_t limit, const ProcessVisitor& visit) {
  ContainerProcesses found;
  auto pids = cgroup.processes();
  found.total = pids.size();
  for (pid_t pid : pids) {
    if (found.processes.size() == limit) break;
    if (auto process = describe(pid, cgroup, visit)) {
      found.processes.push_back(std::move(*process));
    } else {
      --found.total;  // it has ended meanwhile
    }
  }
  return found;
}

Status signal_process(const Cgroup& cgroup, pid_t pid, int signal) {
  if (pid <= 0) return no_such_process(pid);
  for (pid_t host_pid : cgroup.processes()) {
    UniqueFd pidfd(sys::pidfd_open(host_pid));
    UniqueFd directory = open_process(host_pid);
    if (!pidfd || !directory || inner_pid(read_process_status(directory.get())) != pid) continue;
    if (!cgroup.holds(directory.get())) continue;
    // While the process of the pidfd lives, its number is no other's: the directory above was its own.
    if (has_ended(pidfd.get())) return no_such_process(pid);
    if (sys::pidfd_send_signal(pidfd.get(), signal) == 0) return {};
    return Error{"signal", "pidfd_send_signal", "process " + std::to_string(pid), errno, ""};
  }
  return no_such_process(pid);
}

}  // namespace minirun
