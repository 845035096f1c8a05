#include "core/explain_command.h"

#include <elf.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <array>
#include <cstdio>
#include <cstring>
#include <optional>

#include "core/beneath.h"
#include "core/result.h"
#include "core/syscalls.h"
#include "core/unique_fd.h"

namespace minirun {
namespace {

using Kind = CommandFault::Kind;

constexpr size_t kHeadBytes = 4096;   // holds the program headers of every usual executable
constexpr int kMostInterpreters = 5;  // the kernel goes no deeper, either: fs/exec.c, exec_binprm()

#if defined(__x86_64__)
constexpr unsigned kOwnMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr unsigned kOwnMachine = EM_AARCH64;
#else
constexpr unsigned kOwnMachine = EM_NONE;
#endif

struct Machine {
  unsigned number;
  const char* name;
};
constexpr auto kMachines = std::to_array<Machine>({{EM_386, "x86, 32 bit"},
                                                   {EM_X86_64, "x86-64"},
                                                   {EM_ARM, "ARM, 32 bit"},
                                                   {EM_AARCH64, "ARM64"},
                                                   {EM_RISCV, "RISC-V"},
                                                   {EM_PPC64, "PowerPC, 64 bit"},
                                                   {EM_S390, "IBM Z"},
                                                   {EM_MIPS, "MIPS"}});

std::string machine_name(unsigned number) {
  for (const auto& machine : kMachines) {
    if (machine.number == number) return machine.name;
  }
  return "machine " + std::to_string(number) + " of elf(5)";
}

/** What the first bytes of a file say. */
struct Head {
  bool script = false;
  bool elf = false;
  unsigned machine = EM_NONE;
  std::string needs;  ///< interpreter or loader
};

/** The interpreter named by a script's first line, with the carriage return that the kernel takes for a part
 * of it. */
std::string script_interpreter(const std::string& text) {
  std::string line = text.substr(2, text.find('\n') - 2);
  size_t begin = line.find_first_not_of(" \t");
  if (begin == std::string::npos) return "";
  return line.substr(begin, line.find_first_of(" \t", begin) - begin);
}

template <class Header, class Segment>
void read_elf(const std::string& text, Head& head) {
  Header header{};
  if (text.size() < sizeof header) return;
  std::memcpy(&header, text.data(), sizeof header);
  head.machine = header.e_machine;
  for (size_t i = 0; i < header.e_phnum; ++i) {
    Segment segment{};
    size_t at = header.e_phoff + i * sizeof segment;
    if (at > text.size() || text.size() - at < sizeof segment) return;
    std::memcpy(&segment, text.data() + at, sizeof segment);
    if (segment.p_type != PT_INTERP) continue;
    if (segment.p_offset > text.size() || text.size() - segment.p_offset < segment.p_filesz) return;
    std::string path = text.substr(segment.p_offset, segment.p_filesz);
    head.needs = path.substr(0, path.find('\0'));
    return;
  }
}

/** Reads a regular file beneath the root. O_PATH first: opening must not block on, or wake, a device. */
std::optional<Head> head_of(int root, const std::string& path) {
  UniqueFd place(open_beneath(root, path.c_str()));
  struct stat status {};
  if (!place || ::fstat(place.get(), &status) < 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  open_how how{};
  how.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK;
  how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
  UniqueFd file(sys::openat2(root, path.c_str(), how));
  if (!file) return std::nullopt;
  std::string text(kHeadBytes, '\0');
  ssize_t length = ::pread(file.get(), text.data(), text.size(), 0);
  text.resize(length < 0 ? 0 : static_cast<size_t>(length));
  Head head;
  head.script = text.compare(0, 2, "#!") == 0;
  head.elf = text.compare(0, SELFMAG, ELFMAG) == 0 && text.size() > EI_CLASS;
  if (head.script) head.needs = script_interpreter(text);
  if (head.elf && text[EI_CLASS] == ELFCLASS64) read_elf<Elf64_Ehdr, Elf64_Phdr>(text, head);
  if (head.elf && text[EI_CLASS] == ELFCLASS32) read_elf<Elf32_Ehdr, Elf32_Phdr>(text, head);
  return head;
}

/** What a file needs to be executed and does not find; an interpreter may need one of its own. */
std::optional<CommandFault> missing_need(int root, const std::string& path, int depth = 0) {
  auto head = head_of(root, path);
  if (!head || head->needs.empty() || depth == kMostInterpreters) return std::nullopt;
  const std::string& needs = head->needs;
  if (needs.back() == '\r')
    return CommandFault{Kind::no_interpreter,
                        path + " has Windows' ends of lines: the kernel looks for an interpreter " +
                            needs.substr(0, needs.size() - 1) + "\\r",
                        path, needs.substr(0, needs.size() - 1) + "\\r"};
  if (UniqueFd(open_beneath(root, needs.c_str()))) return missing_need(root, needs, depth + 1);
  return CommandFault{head->script ? Kind::no_interpreter : Kind::no_loader,
                      path + " is there, but its " + (head->script ? "interpreter " : "dynamic loader ") +
                          needs + " is not in the root filesystem",
                      path, needs};
}

std::string absolute(const std::string& path, const std::string& cwd) {
  return path.front() == '/' ? path : cwd + "/" + path;
}

CommandFault explain_missing(int root, const Command& command, const std::string& cwd) {
  for (const auto& candidate : command.candidates) {
    if (auto fault = missing_need(root, absolute(candidate, cwd))) return *fault;
  }
  const std::string& name = command.args.front();
  bool is_path = name.find('/') != std::string::npos;
  return {Kind::not_found,
          is_path ? "there is no file " + name + " in the root filesystem"
                  : "no directory of PATH has a file " + name,
          "", ""};
}

std::string octal(mode_t mode) {
  char text[8];
  std::snprintf(text, sizeof text, "%04o", static_cast<unsigned>(mode & 07777));
  return text;
}

/** The first directory above a file that not everyone may go through, with its mode; empty when there is
 * none. */
std::string closed_directory(int root, const std::string& path) {
  for (size_t slash = path.find('/', 1); slash != std::string::npos; slash = path.find('/', slash + 1)) {
    std::string directory = path.substr(0, slash);
    UniqueFd place(open_beneath(root, directory.c_str()));
    struct stat status {};
    if (!place || ::fstat(place.get(), &status) < 0) return "";
    if (S_ISDIR(status.st_mode) && (status.st_mode & S_IXOTH) == 0)
      return directory + " (mode " + octal(status.st_mode) + ")";
  }
  return "";
}

CommandFault explain_refused(int root, const Command& command, const std::string& cwd) {
  for (const auto& candidate : command.candidates) {
    std::string path = absolute(candidate, cwd);
    UniqueFd file(open_beneath(root, path.c_str()));
    struct stat status {};
    if (!file || ::fstat(file.get(), &status) < 0) continue;
    if (S_ISDIR(status.st_mode)) return {Kind::not_executable, candidate + " is a directory", path, ""};
    if ((status.st_mode & 0111) == 0)
      return {Kind::not_executable, candidate + " is not marked executable (chmod +x)", path, ""};
    std::string directory = closed_directory(root, path);
    if (!directory.empty())
      return {Kind::not_permitted, "the container's user may not go through " + directory, path, ""};
    if ((status.st_mode & S_IXOTH) == 0)
      return {Kind::not_permitted,
              "the container's user may not execute " + candidate + " (mode " + octal(status.st_mode) + ")",
              path, ""};
  }
  return {Kind::not_permitted, "the container's user may not execute it, or it lies on a mount with noexec",
          "", ""};
}

CommandFault explain_format(int root, const Command& command, const std::string& cwd) {
  for (const auto& candidate : command.candidates) {
    std::string path = absolute(candidate, cwd);
    auto head = head_of(root, path);
    if (!head) continue;
    if (head->elf && head->machine != kOwnMachine)
      return {Kind::other_machine,
              candidate + " is a program for " + machine_name(head->machine) + ", and this machine is " +
                  machine_name(kOwnMachine),
              path, machine_name(head->machine)};
    if (head->elf)
      return {Kind::not_executable,
              candidate + " is a program, but damaged: the kernel can't read its headers", path, ""};
    break;
  }
  return {Kind::not_executable,
          "the file is neither a program for this processor nor a script with a #! line", "", ""};
}

}  // namespace

CommandFault explain_command(int root, const Command& command, const std::string& cwd, int code) {
  switch (code) {
    case ENOENT:
      return explain_missing(root, command, cwd);
    case EACCES:
      return explain_refused(root, command, cwd);
    case ENOEXEC:
      return explain_format(root, command, cwd);
    case E2BIG:
      return {Kind::other, "arguments and environment together are longer than the kernel takes", "", ""};
    default:
      return {Kind::other, errno_text(code), "", ""};
  }
}

}  // namespace minirun
