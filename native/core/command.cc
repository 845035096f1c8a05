#include "core/command.h"

#include <elf.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <string_view>

#include "core/beneath.h"
#include "core/syscalls.h"
#include "core/unique_fd.h"

namespace minirun {
namespace {

constexpr const char* kDefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
constexpr size_t kHeadBytes = 4096;  // holds the program headers of every usual executable

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

/** The first bytes of a regular file beneath the root. O_PATH first: opening must not block on, or wake, a
 * device. */
std::optional<std::string> head_of(int root, const std::string& path) {
  UniqueFd place(open_beneath(root, path.c_str()));
  struct stat status {};
  if (!place || ::fstat(place.get(), &status) < 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  open_how how{};
  how.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK;
  how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
  UniqueFd file(sys::openat2(root, path.c_str(), how));
  if (!file) return std::nullopt;
  std::string head(kHeadBytes, '\0');
  ssize_t length = ::pread(file.get(), head.data(), head.size(), 0);
  head.resize(length < 0 ? 0 : static_cast<size_t>(length));
  return head;
}

/** The interpreter named by a script's first line. */
std::string script_interpreter(const std::string& head) {
  std::string line = head.substr(2, head.find('\n') - 2);
  size_t begin = line.find_first_not_of(" \t");
  if (begin == std::string::npos) return "";
  return line.substr(begin, line.find_first_of(" \t\r", begin) - begin);
}

template <class Header, class Segment>
std::string elf_loader(const std::string& head) {
  Header header{};
  if (head.size() < sizeof header) return "";
  std::memcpy(&header, head.data(), sizeof header);
  for (size_t i = 0; i < header.e_phnum; ++i) {
    Segment segment{};
    size_t at = header.e_phoff + i * sizeof segment;
    if (at > head.size() || head.size() - at < sizeof segment) return "";
    std::memcpy(&segment, head.data() + at, sizeof segment);
    if (segment.p_type != PT_INTERP) continue;
    if (segment.p_offset > head.size() || head.size() - segment.p_offset < segment.p_filesz) return "";
    std::string path = head.substr(segment.p_offset, segment.p_filesz);
    return path.substr(0, path.find('\0'));
  }
  return "";
}

std::string missing_interpreter(int root, const std::string& path) {
  auto head = head_of(root, path);
  if (!head) return "";
  bool script = head->compare(0, 2, "#!") == 0;
  bool elf = head->compare(0, SELFMAG, ELFMAG) == 0 && head->size() > EI_CLASS;
  bool wide = elf && (*head)[EI_CLASS] == ELFCLASS64;
  std::string needs = script ? script_interpreter(*head)
                      : wide ? elf_loader<Elf64_Ehdr, Elf64_Phdr>(*head)
                      : elf  ? elf_loader<Elf32_Ehdr, Elf32_Phdr>(*head)
                             : "";
  if (needs.empty() || UniqueFd(open_beneath(root, needs.c_str()))) return "";
  return path + " is there, but its " + (script ? "interpreter " : "dynamic loader ") + needs +
         " is not in the root filesystem";
}

std::string absolute(const std::string& path, const std::string& cwd) {
  return path.front() == '/' ? path : cwd + "/" + path;
}

std::string explain_missing(int root, const Command& command, const std::string& cwd) {
  for (const auto& candidate : command.candidates) {
    std::string why = missing_interpreter(root, absolute(candidate, cwd));
    if (!why.empty()) return why;
  }
  const std::string& name = command.args.front();
  if (name.find('/') != std::string::npos) return "there is no file " + name + " in the root filesystem";
  return "no directory of PATH has a file " + name;
}

std::string explain_refused(int root, const Command& command, const std::string& cwd) {
  for (const auto& candidate : command.candidates) {
    UniqueFd file(open_beneath(root, absolute(candidate, cwd).c_str()));
    struct stat status {};
    if (!file || ::fstat(file.get(), &status) < 0) continue;
    if (S_ISDIR(status.st_mode)) return candidate + " is a directory";
    if ((status.st_mode & 0111) == 0) return candidate + " is not marked executable (chmod +x)";
  }
  return "the container's user may not execute it, or it lies on a mount with noexec";
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

void plan_close(Plan& plan, unsigned preserved) {
  // All descriptors are opened close-on-exec; this holds even for one that a library forgot (Linux 5.11).
  auto action = [first = 3 + preserved](TraceRow&) {
    return sys::close_range(first, ~0U, CLOSE_RANGE_CLOEXEC) < 0 ? failed("close_range") : kNoFault;
  };
  plan.add({Side::child, "descriptors", "close_range", "all behind stderr",
            "CLOSE_RANGE_CLOEXEC, from " + std::to_string(3 + preserved), "", action});
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

std::string explain_exec(int root, const Command& command, const std::string& cwd, int code) {
  switch (code) {
    case ENOENT:
      return explain_missing(root, command, cwd);
    case EACCES:
      return explain_refused(root, command, cwd);
    case ENOEXEC:
      return "the file is neither a program for this processor nor a script with a #! line";
    case E2BIG:
      return "arguments and environment together are longer than the kernel takes";
    default:
      return errno_text(code);
  }
}

}  // namespace minirun
