#include "runtime/ps.h"

#include <cstdio>

#include "oci/json.h"
#include "runtime/record.h"
#include "runtime/verb.h"

namespace minirun::runtime {
namespace {

constexpr auto kFlags = std::to_array<Flag>(
    {{"format", 'f', "FORMAT", "table (as it is without this option), or json: the process numbers"}});

constexpr uint64_t kBytesPerKiB = 1024;

void print_json(const Cgroup& cgroup) {
  auto pids = cgroup.processes();
  std::puts(oci::Json::array_of(std::vector<pid_t>(pids.begin(), pids.end())).text().c_str());
}

void print_table(const Cgroup& cgroup) {
  std::printf("%8s %8s %8s %8s %1s %10s %10s  %s\n", "PID", "PPID", "INSIDE", "UID", "S", "TIME", "RSS",
              "COMMAND");
  for (const auto& process : list_processes(cgroup, SIZE_MAX).processes) {
    std::printf("%8d %8d %8d %8u %c %9.2fs %7luKiB  %s\n", process.host_pid, process.host_parent, process.pid,
                process.uid, process.state, process.cpu_seconds,
                static_cast<unsigned long>(process.resident_bytes / kBytesPerKiB),
                command_of(process).c_str());
  }
}

Result<int> run(const Globals& globals, const CommandLine& line) {
  std::string format = line.value("format", "table");
  if (format != "table" && format != "json")
    return usage_error("--format", "expected table or json, received \"" + format + "\"");
  auto container = find(globals.root, line.words().front());
  if (!container) return container.error();
  auto cgroup = cgroup_of(container->record);
  if (format == "json") {
    print_json(*cgroup);
  } else {
    print_table(*cgroup);
  }
  return 0;
}

}  // namespace

std::string command_of(const ContainerProcess& process) {
  std::string line;
  for (const auto& word : process.command) line += (line.empty() ? "" : " ") + word;
  if (process.command.empty()) line = "[" + process.name + "]";
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  }
  return line;
}

const Verb kPs{.name = "ps",
               .words = "CONTAINER",
               .about = "list the processes of a container",
               .flags = kFlags,
               .fewest_words = 1,
               .most_words = 1,
               .options_end_at_word = false,
               .run = run};

}  // namespace minirun::runtime
