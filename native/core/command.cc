#include "core/command.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <string_view>

#include "core/syscalls.h"

namespace minirun {
namespace {

constexpr const char* kDefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

std::string_view path_of(const std::vector<std::string>& env) {
  constexpr std::string_view kName = "PATH=";
  for (const auto& entry : env) {
    if (entry.compare(0, kName.size(), kName) == 0) return std::string_view(entry).substr(kName.size());
  }
  return kDefaultPath;
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> result;
  result.reserve(strings.size() + 1);
  for (auto& string : strings) result.push_back(string.data());
  result.push_back(nullptr);
  return result;
}

/** execvp's rules (POSIX): go on after "not there" and "may not"; the latter is what is reported if nothing
 * runs. */
Fault exec_first(const Command& command) {
  int code = ENOENT;
  for (const auto& candidate : command.candidates) {
    ::execve(candidate.c_str(), command.argv.data(), command.envp.data());
    if (errno == EACCES) code = EACCES;
    if (errno != ENOENT && errno != ENOTDIR && errno != EACCES) return failed("execve");
  }
  return {"execve", code};
}

/** Whether the file may be executed: 0, or why not. Directories can be searched, and not executed. */
int executability_of(const char* path) {
  struct stat status {};
  if (sys::faccessat2(AT_FDCWD, path, X_OK, AT_EACCESS) < 0) return errno;
  return ::stat(path, &status) == 0 && S_ISDIR(status.st_mode) ? EACCES : 0;
}

/** As execve would go through them; what it alone can tell is left to it. */
Fault find_first(const Command& command) {
  int code = ENOENT;
  for (const auto& candidate : command.candidates) {
    int reason = executability_of(candidate.c_str());
    if (reason == EACCES) code = EACCES;
    if (reason != ENOENT && reason != ENOTDIR && reason != EACCES) return kNoFault;
  }
  return {"faccessat2", code};
}

}  // namespace

Command make_command(const ProcessSpec& process) {
  Command command;
  if (process.args.empty()) return command;
  command.args = process.args;
  command.env = process.env;
  const std::string& name = process.args.front();
  if (name.find('/') != std::string::npos) {
    command.candidates.push_back(name);
  } else {
    std::string_view path = path_of(process.env);
    while (!path.empty()) {
      size_t colon = std::min(path.find(':'), path.size());
      std::string_view directory = path.substr(0, colon);
      command.candidates.push_back((directory.empty() ? "." : std::string(directory)) + "/" + name);
      path.remove_prefix(std::min(colon + 1, path.size()));
    }
  }
  command.argv = pointers(command.args);
  command.envp = pointers(command.env);
  return command;
}

void plan_find(Plan& plan, const Command& command) {
  auto action = [&command](TraceRow&) { return find_first(command); };
  plan.add({Side::child, kFindStep, "faccessat2", command.args.front(),
            std::to_string(command.candidates.size()) + " places", "/process/args", action});
}

void plan_exec(Plan& plan, const Command& command) {
  if (command.args.empty()) {
    auto fail = [](TraceRow& row) {
      row.annotate("config.json has no process to run");
      return Fault{"execve", ENOENT};
    };
    return plan.add({Side::child, "no program", "execve", "", "", "/process", fail});
  }
  auto action = [&command](TraceRow&) { return exec_first(command); };
  std::string line;
  for (const auto& arg : command.args) line += (line.empty() ? "" : " ") + arg;
  plan.add({Side::child, kExecStep, "execve", command.args.front(), line, "/process/args", action});
}

}  // namespace minirun
