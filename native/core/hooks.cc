#include "core/hooks.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include <algorithm>
#include <charconv>
#include <memory>

#include "core/syscalls.h"
#include "core/trace.h"

namespace minirun {
namespace {

constexpr size_t kMostHeard = 400;
constexpr size_t kPipeBytes = 65536;  // pipe(7)
constexpr int64_t kMillisecond = 1'000'000;

std::vector<char*> pointers(const std::vector<std::string>& strings) {
  std::vector<char*> result;
  for (const auto& string : strings)
    result.push_back(const_cast<char*>(string.c_str()));  // execve only reads
  result.push_back(nullptr);
  return result;
}

/** A hook as execve takes it, ready before the clone. */
struct HookCommand {
  explicit HookCommand(const HookSpec& hook)
      : path(hook.path.c_str()), argv(pointers(hook.args)), envp(pointers(hook.env)) {
    if (hook.timeout_seconds) timeout_ns = *hook.timeout_seconds * 1000 * kMillisecond;
  }
  const char* path;
  std::vector<char*> argv;
  std::vector<char*> envp;
  int64_t timeout_ns = -1;
};

/** The state as a file of its own: a hook that doesn't read it keeps nobody waiting. */
Fault open_state(UniqueFd& file) {
  file.reset(::memfd_create("state", MFD_CLOEXEC));
  return file ? kNoFault : failed("memfd_create");
}

Fault write_part(int file, std::string_view part) {
  return ::write(file, part.data(), part.size()) != static_cast<ssize_t>(part.size()) ? failed("write")
                                                                                      : kNoFault;
}

Fault rewind(int file) {
  return ::lseek(file, 0, SEEK_SET) < 0 ? failed("lseek") : kNoFault;
}

/** The same with the caller's own number, as it sees it. Allocates nothing. */
Fault write_own_state(UniqueFd& file, const PidText& state) {
  if (Fault fault = open_state(file)) return fault;
  char digits[16];
  auto written = std::to_chars(digits, digits + sizeof digits, ::getpid());
  std::string_view number(digits, static_cast<size_t>(written.ptr - digits));
  for (size_t i = 0; i < state.parts.size(); ++i) {
    if (i > 0) {
      if (Fault fault = write_part(file.get(), number)) return fault;
    }
    if (Fault fault = write_part(file.get(), state.parts[i])) return fault;
  }
  return rewind(file.get());
}

/** The pipe `failure` closes when the hook is executed, or gets the errno. */
[[noreturn]] void become_hook(const HookCommand& hook, int state, int errors, int failure) {
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  bool ready =
      ::dup2(state, STDIN_FILENO) == STDIN_FILENO && (errors < 0 || ::dup2(errors, STDERR_FILENO) >= 0);
  if (ready && sys::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC) == 0)
    ::execve(hook.path, hook.argv.data(), hook.envp.data());
  int code = errno;
  ::_exit(::write(failure, &code, sizeof code) < 0 ? 1 : 0);
}

/** A hook that runs. */
struct RunningHook {
  pid_t pid = -1;
  UniqueFd pidfd;
};

/** Starts the hook; `errors` becomes its standard error, -1 leaves it its parent's. */
Fault spawn(const HookCommand& hook, int state, int errors, RunningHook& running) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) < 0) return failed("pipe2");
  UniqueFd reader(ends[0]);
  UniqueFd writer(ends[1]);
  int fd = -1;
  clone_args args{};
  args.flags = CLONE_PIDFD;
  args.pidfd = reinterpret_cast<uint64_t>(&fd);
  args.exit_signal = SIGCHLD;
  running.pid = sys::clone3(args);
  if (running.pid < 0) return failed("clone3");
  if (running.pid == 0) become_hook(hook, state, errors, writer.get());
  running.pidfd.reset(fd);
  writer.reset();
  int code = 0;
  if (::read(reader.get(), &code, sizeof code) != sizeof code) return kNoFault;
  while (::waitpid(running.pid, nullptr, 0) < 0 && errno == EINTR) continue;
  return {"execve", code};
}

/** Waits until `ready` can be read or the time is over; 0 then. */
int wait_for(pollfd* ready, nfds_t count, int64_t end_ns) {
  for (;;) {
    int64_t left = end_ns < 0 ? -1 : (end_ns - monotonic_ns()) / kMillisecond;
    if (end_ns >= 0 && left < 0) return 0;
    int found = ::poll(ready, count, static_cast<int>(left));
    if (found >= 0 || errno != EINTR) return found;
  }
}

/** Reaps a hook that has ended, or kills it first. */
Fault reap(const RunningHook& running, bool in_time) {
  if (!in_time) sys::pidfd_send_signal(running.pidfd.get(), SIGKILL);
  int status = 0;
  while (::waitpid(running.pid, &status, 0) < 0 && errno == EINTR) continue;
  if (!in_time) return {"hook", ETIMEDOUT};
  return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? kNoFault : Fault{"hook", ECANCELED};
}

/**
 * Keeps the end of what the hook says, for as long as it runs. What it leaves behind may go on talking: once
 * it has ended, no more is read than may have waited in the pipe by then.
 */
bool hear_to_the_end(int pidfd, int errors, int64_t end_ns, std::string& heard) {
  for (size_t left = kPipeBytes; left > 0;) {
    pollfd ready[] = {{pidfd, POLLIN, 0}, {errors, POLLIN, 0}};
    if (wait_for(ready, 2, end_ns) <= 0) return false;
    char buffer[4096];
    ssize_t length = (ready[1].revents & POLLIN) != 0 ? ::read(errors, buffer, sizeof buffer) : 0;
    if (length > 0) heard.append(buffer, static_cast<size_t>(length));
    if (heard.size() > kMostHeard) heard.erase(0, heard.size() - kMostHeard);
    bool ended = (ready[0].revents & POLLIN) != 0;
    if (ended && length > 0) left -= std::min(left, static_cast<size_t>(length));
    if (length > 0) continue;
    if (ended) return true;
    if (ready[1].revents != 0) {  // it has closed its standard error
      pollfd end{pidfd, POLLIN, 0};
      return wait_for(&end, 1, end_ns) > 0;
    }
  }
  return true;
}

Fault run_on_host(const HookCommand& hook, const std::string& state, std::string& heard) {
  UniqueFd input;
  if (Fault fault = open_state(input)) return fault;
  if (Fault fault = write_part(input.get(), state)) return fault;
  if (Fault fault = rewind(input.get())) return fault;
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) < 0) return failed("pipe2");
  UniqueFd reader(ends[0]);
  UniqueFd writer(ends[1]);
  RunningHook running;
  if (Fault fault = spawn(hook, input.get(), writer.get(), running)) return fault;
  writer.reset();
  int64_t end_ns = hook.timeout_ns < 0 ? -1 : monotonic_ns() + hook.timeout_ns;
  return reap(running, hear_to_the_end(running.pidfd.get(), reader.get(), end_ns, heard));
}

/** Allocates nothing. */
Fault run_in_child(const HookCommand& hook, const PidText& state) {
  UniqueFd input;
  if (Fault fault = write_own_state(input, state)) return fault;
  RunningHook running;
  if (Fault fault = spawn(hook, input.get(), -1, running)) return fault;
  pollfd end{running.pidfd.get(), POLLIN, 0};
  int64_t end_ns = hook.timeout_ns < 0 ? -1 : monotonic_ns() + hook.timeout_ns;
  return reap(running, wait_for(&end, 1, end_ns) > 0);
}

const char* in_words(const Fault& fault) {
  if (fault.code == ETIMEDOUT) return "it did not end within its timeout and was killed";
  return fault.code == ECANCELED ? "it failed" : "";
}

/** What came of a hook, with the last that it said. */
void explain(const Fault& fault, std::string_view heard, TraceRow& row) {
  std::string text = in_words(fault);
  while (!heard.empty() && heard.back() == '\n') heard.remove_suffix(1);
  if (!heard.empty()) text += std::string(": ").append(heard);
  row.annotate(text);
}

Step step_of(Side side, const char* point, const HookSpec& hook) {
  std::string arguments = hook.timeout_seconds ? std::to_string(*hook.timeout_seconds) + " s" : "no timeout";
  return {side, std::string("hook ") + point, "execve", hook.path, arguments, hook.setting, nullptr};
}

}  // namespace

Status run_hook(const HookSpec& hook, const std::string& state) {
  HookCommand command(hook);
  std::string heard;
  Fault fault = run_on_host(command, state, heard);
  if (!fault) return {};
  TraceRow row{};
  explain(fault, heard, row);
  return Error{"hook", fault.call, hook.path, fault.code, row.note};
}

std::vector<Error> run_hooks(const std::vector<HookSpec>& hooks, const std::string& state) {
  std::vector<Error> failures;
  for (const auto& hook : hooks) {
    if (Status status = run_hook(hook, state); !status) failures.push_back(status.error());
  }
  return failures;
}

void plan_child_hooks(Plan& plan, const char* point, const std::vector<HookSpec>& hooks,
                      const PidText& state) {
  for (const auto& hook : hooks) {
    Step step = step_of(Side::child, point, hook);
    step.action = [command = std::make_shared<HookCommand>(hook), &state](TraceRow& row) {
      Fault fault = run_in_child(*command, state);
      if (fault) row.annotate(in_words(fault));
      return fault;
    };
    plan.add(std::move(step));
  }
}

void plan_host_hooks(Plan& plan, const char* point, const std::vector<HookSpec>& hooks, const PidText& state,
                     const pid_t& pid) {
  for (const auto& hook : hooks) {
    Step step = step_of(Side::host, point, hook);
    step.action = [command = std::make_shared<HookCommand>(hook), &state, &pid](TraceRow& row) {
      std::string heard;
      Fault fault = run_on_host(*command, state.with(pid), heard);
      if (fault) explain(fault, heard, row);
      return fault;
    };
    plan.add(std::move(step));
  }
}

}  // namespace minirun
