#include <algorithm>
#include <array>

#include "shim/report.h"

namespace minirun::shim {
namespace {

std::string bytes_in_words(uint64_t bytes) {
  if (bytes >= 1 << 20 && bytes % (1 << 20) == 0) return std::to_string(bytes >> 20) + " MiB";
  if (bytes >= 1 << 10 && bytes % (1 << 10) == 0) return std::to_string(bytes >> 10) + " KiB";
  return std::to_string(bytes) + " bytes";
}

/** `call(subject) failed in step: ERRNO (meaning): note` */
std::string in_words(const Error& error) {
  std::string text = error.step + ": " + error.call + " on " + error.subject + " failed with " +
                     errno_name(error.code) + " (" + errno_text(error.code) + ")";
  return error.note.empty() ? text : text + ": " + error.note;
}

bool is_limit_write(const Error& error) {
  return error.call == "write" &&
         (error.step == "memory limit" || error.step == "swap limit" || error.step == "cpu period" ||
          error.step == "cpu quota" || error.step == "pids limit");
}

/** Whether the limits themselves are why the container could not start, as the kernel's own counters tell. */
bool limits_too_small(const Error& error, const ContainedProcess& container, const CgroupStats& stats) {
  const LimitSpec& limits = container.spec().limits;
  if (is_limit_write(error)) return error.code == EBUSY || error.code == EINVAL || error.code == ERANGE;
  bool pids_full = stats.pids_limit && stats.pids_current.value_or(0) >= *stats.pids_limit;
  if (error.code == EAGAIN && limits.pids && pids_full) return true;
  if (!limits.memory.limit) return false;
  return stats.oom_kills.value_or(0) > 0 || error.code == ENOMEM;
}

std::string limit_message(const Error& error, const CgroupStats& stats) {
  if (is_limit_write(error)) return "the kernel refuses the " + error.step + ": " + in_words(error);
  if (error.code == EAGAIN)
    return "the pids limit of " + std::to_string(stats.pids_limit.value_or(0)) +
           " leaves no room for another process";
  std::string text = "the memory limit is too small to start the program";
  if (stats.memory_limit) text += ": limit " + bytes_in_words(*stats.memory_limit);
  if (stats.memory_peak) text += ", peak " + bytes_in_words(*stats.memory_peak);
  return text + ", " + std::to_string(stats.oom_kills.value_or(0)) + " killed for want of memory, in step " +
         error.step;
}

std::string remedy_for(const Error& error) {
  if (error.step == "enter directory")
    return "name a working directory that the container has and its user may enter";
  if (error.code == EPERM)
    return "run the worker as root with all capabilities; `minirun status` shows what this host offers";
  if (error.code == ENOSYS) return "use a kernel of version 5.12 or later";
  if (error.code == ELOOP) return "make the mount point a directory in the root filesystem, not a link";
  if (error.code == ENOSPC) return "free space, or raise the kernel's limit that the call ran into";
  return "look at the trace of this start: it shows every call and what it was given";
}

/** What each fault of a command is called, and what to do about it; `{}` stands for what it needs. */
struct CommandWords {
  CommandFault::Kind kind;
  const char* code;
  const char* remedy;
};
constexpr auto kCommandWords = std::to_array<CommandWords>(
    {{CommandFault::Kind::not_found, "command-not-found",
      "check the command and PATH, or use an image that has the program"},
     {CommandFault::Kind::no_interpreter, "interpreter-not-found",
      "put {} into the image, or name an interpreter in the script's first line that the image has"},
     {CommandFault::Kind::no_loader, "loader-not-found",
      "put {} into the image (it belongs to the C library that the program was built for), or link the "
      "program statically"},
     {CommandFault::Kind::not_executable, "command-not-executable",
      "make the file executable for the container's user, or name another program"},
     {CommandFault::Kind::not_permitted, "permission-denied",
      "let the container's user through (chmod o+x), or start the container as another user"},
     {CommandFault::Kind::other_machine, "wrong-architecture",
      "use an image that was built for this machine's processor"}});

std::string with(std::string text, const std::string& needs) {
  size_t place = text.find("{}");
  return place == std::string::npos ? text : text.replace(place, 2, needs);
}

Failure explain_command_failure(Failure failure, const ContainedProcess& container) {
  const Error& error = failure.error;
  CommandFault fault = container.explain_command(error.code);
  failure.code = "command-not-executable";
  for (const auto& words : kCommandWords) {
    if (words.kind != fault.kind) continue;
    failure.code = words.code;
    failure.remedy = with(words.remedy, fault.needs);
  }
  failure.message =
      "can't execute " + error.subject + ": " + fault.words + " (" + errno_name(error.code) + ")";
  failure.file = fault.file;
  failure.needs = fault.needs;
  return failure;
}

bool is_mount_call(const std::string& call) {
  constexpr std::array kCalls = {"mount",      "fsopen",    "fsconfig",      "fsmount",
                                 "move_mount", "open_tree", "mount_setattr", "pivot_root"};
  return std::find(kCalls.begin(), kCalls.end(), call) != kCalls.end();
}

/** A mount: by its call, or by its step where its target could not be found or made. */
bool is_mount(const Error& error) {
  return is_mount_call(error.call) || error.step.rfind("mount ", 0) == 0 ||
         error.step.rfind("remount ", 0) == 0;
}

/**
 * Only who sees all of the host's procfs may mount another from inside a user namespace (Linux 4.2,
 * fs/namespace.c, mount_too_revealing()): a host that is a container itself often has parts of it masked.
 */
bool is_masked_view(const Error& error) {
  return error.code == EPERM && (error.step == "mount /proc" || error.step == "mount /sys");
}

/** Gives what failed for a reason of its own its code and its remedy; any other stays start-failed. */
void classify(Failure& failure) {
  const Error& error = failure.error;
  if (error.code == EOPNOTSUPP && error.call == "cgroup") {
    failure.code = "limit-not-enforceable";
    failure.message = "this host can't enforce the " + error.step + " (" + error.subject + "): " + error.note;
    failure.remedy = "mount the control group tree with this controller, or leave the limit out";
  } else if (is_masked_view(error)) {
    failure.code = "proc-masked";
    failure.remedy =
        "parts of the host's own view are mounted over, so the kernel lets no user namespace have a whole "
        "one: take "
        "these mounts away (`findmnt -R /proc /sys` lists them), or start without a user namespace";
  } else if (is_mount(error)) {
    failure.code = "mount-refused";
    if (error.code == ENOTDIR || error.code == EISDIR || error.code == EEXIST)
      failure.remedy = "mount a directory on a directory, and a file on a file: name another target";
    if (error.code == ENOENT) failure.remedy = "check that what is to be mounted is still there";
  } else if (error.code == EACCES) {
    failure.code = "permission-denied";
    if (error.step == "enter directory")
      failure.remedy =
          "let the container's user through (chmod o+x), name another working directory, or start the "
          "container as "
          "another user";
  }
}

}  // namespace

Failure explain(const Error& error, const ContainedProcess* container) {
  Failure failure{error, "start-failed", in_words(error), remedy_for(error), "", "", {}};
  if (error.step == "config.json" || error.step == "process.json") {
    failure.code = "invalid-bundle";
    failure.message =
        error.note.empty() ? in_words(error) : error.step + ": " + error.subject + " " + error.note;
    failure.remedy = "correct the bundle's " + error.step + " at " + error.subject;
    return failure;
  }
  if (error.step == "container" && error.code == ESRCH) {
    failure.code = "container-not-running";
    failure.message = "the container has ended";
    failure.remedy = "start it first";
    return failure;
  }
  if (container == nullptr) return failure;
  failure.stats = container->cgroup().stats();
  if (limits_too_small(error, *container, failure.stats)) {
    failure.code = "limit-too-small";
    failure.message = limit_message(error, failure.stats);
    failure.remedy = "raise the limit";
    return failure;
  }
  bool command = (error.step == kExecStep || error.step == kFindStep) &&
                 (error.code == ENOENT || error.code == ENOTDIR || error.code == EACCES ||
                  error.code == ENOEXEC || error.code == EISDIR);
  if (command) return explain_command_failure(std::move(failure), *container);
  classify(failure);
  return failure;
}

}  // namespace minirun::shim
