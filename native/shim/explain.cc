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
  if (error.code == EOPNOTSUPP) return "remove the limit, or mount a cgroup tree that has the controller";
  if (error.code == ELOOP) return "make the mount point a directory in the root filesystem, not a link";
  if (error.code == ENOSPC) return "free space, or raise the kernel's limit that the call ran into";
  return "look at the trace of this start: it shows every call and what it was given";
}

Failure explain_command_failure(Failure failure, const ContainedProcess& container) {
  const Error& error = failure.error;
  bool missing = error.code == ENOENT || error.code == ENOTDIR;
  failure.code = missing ? "command-not-found" : "command-not-executable";
  failure.message = "can't execute " + error.subject + ": " + container.explain_command(error.code) + " (" +
                    errno_name(error.code) + ")";
  failure.remedy = missing ? "check the command and PATH, or use an image that has the program"
                           : "make the file executable for the container's user, or name another program";
  return failure;
}

}  // namespace

Failure explain(const Error& error, const ContainedProcess* container) {
  Failure failure{error, "start-failed", in_words(error), remedy_for(error), {}};
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
  return command ? explain_command_failure(std::move(failure), *container) : failure;
}

}  // namespace minirun::shim
