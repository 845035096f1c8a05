// minirun-shim: the parent of one container, or of a further process in one. It sets that up, reports to who
// asked for it, and then stays with it: keeps its output, lets clients watch and type, and writes down how it
// ended. It outlives the worker.

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>

#include <cstring>
#include <optional>

#include "core/container.h"
#include "core/exec_process.h"
#include "core/file.h"
#include "core/hooks.h"
#include "core/map_ahead.h"
#include "core/syscalls.h"
#include "oci/config.h"
#include "oci/state.h"
#include "shim/end_trace.h"
#include "shim/event_loop.h"
#include "shim/options.h"
#include "shim/output_log.h"
#include "shim/report.h"
#include "shim/session.h"

namespace minirun::shim {
namespace {

constexpr int kReportFd = 3;
constexpr int64_t kFarewellNs = 5'000'000'000;
constexpr int64_t kHangUpNs = 1'000'000'000;

// Below this, programs die in their loader more often than not: wait a moment before calling it started.
constexpr int64_t kDoubtfulMemory = int64_t{8} << 20;
constexpr int kProbationMs = 100;

constexpr int kForwarded[] = {SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGUSR1, SIGUSR2, SIGWINCH};

/** Makes ps say what this process is and whose: "minirun-shim 1a2b3c4d". */
void rename_process(int argc, char** argv, const std::string& id) {
  ::prctl(PR_SET_NAME, "minirun-shim");
  std::string title = "minirun-shim " + id.substr(0, 8);
  size_t room = static_cast<size_t>(argv[argc - 1] + std::strlen(argv[argc - 1]) - argv[0]);
  std::memset(argv[0], 0, room);
  std::memcpy(argv[0], title.data(), std::min(title.size(), room));
}

/** Blocks the signals that are forwarded, and SIGPIPE, whose news come as errno. Returns where to read them.
 */
UniqueFd block_signals() {
  sigset_t set;
  ::sigemptyset(&set);
  for (int signal : kForwarded) ::sigaddset(&set, signal);
  UniqueFd fd(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  ::sigaddset(&set, SIGPIPE);
  ::sigprocmask(SIG_SETMASK, &set, nullptr);
  return fd;
}

/** One container, or one process in a container, from its bundle to its end. */
class Shim {
 public:
  explicit Shim(Options options)
      : options_(std::move(options)),
        log_(options_.state + "/output.log", options_.log_max_bytes, options_.log_files) {}

  int run() {
    if (Status started = start(); !started) return fail(started.error());
    write_trace();
    report(success_report(*process_, started_at_));
    while (!exit_) loop_.run_once(-1);
    finish();
    return 0;
  }

 private:
  Status start() {
    signals_ = block_signals();
    if (Status specified = specify(); !specified) return specified;
    if (Status opened = log_.open(); !opened) return opened;
    session_ = std::make_unique<Session>(loop_, *process_, log_, end_);
    if (Status listening = session_->listen(socket_path()); !listening) return listening;
    if (Status created = process_->create(); !created) return created;
    if (Status started = process_->start(); !started) return started;
    if (Status alive = survive_probation(); !alive) return alive;
    for (const auto& error : run_hooks(hooks_.poststart, hook_state("running", process_->pid())))
      process_->note_missing({"hook " + error.subject, error.note});
    session_->start();
    loop_.add(process_->pidfd(), EPOLLIN, [this](uint32_t) { reap(); });
    loop_.add(signals_.get(), EPOLLIN, [this](uint32_t) { forward_signal(); });
    return replace_file(options_.run + "/pid.json", pid_document(*process_), 0644, Durability::synced);
  }

  void reap() {
    int64_t start_ns = monotonic_ns();
    exit_ = process_->wait(false);
    if (exit_) end_.reaped(start_ns, *exit_);
  }

  /** Reads what is to be started: a container, or a further process in one. */
  Status specify() {
    auto spec = oci::read_bundle(options_.bundle, options_.cache);
    if (!spec) return spec.error();
    if (spec->cgroup_path.empty()) spec->cgroup_path = options_.id;
    if (options_.process.empty()) {
      hooks_ = spec->hooks;
      LaunchOptions options = launch_options(*spec);
      options.describe_state = describe_state_ = oci::describe_state(*spec, options_.id, options_.bundle);
      process_ = std::make_unique<Container>(std::move(*spec), std::move(options));
      return {};
    }
    auto process = oci::read_process(options_.process);
    if (!process) return process.error();
    spec->process = std::move(*process);
    ExecTarget target{options_.target_pid, options_.target_start_time};
    LaunchOptions options = launch_options(*spec);
    process_ = std::make_unique<ExecProcess>(std::move(*spec), std::move(options), std::move(target));
    return {};
  }

  std::string hook_state(std::string_view status, pid_t pid) const {
    return describe_state_ ? describe_state_(status).with(pid) : "";
  }

  /** What becomes of them changes nothing any more. */
  void run_last_hooks() {
    if (hooks_.poststop.empty()) return;
    end_.run("poststop hooks", "execve", hooks_.poststop.front().path,
             [this] { return run_hooks(hooks_.poststop, hook_state("stopped", 0)); });
  }

  LaunchOptions launch_options(const ContainerSpec& spec) const {
    LaunchOptions options;
    options.describe_process = oci::describe_process(spec, options_.id, options_.bundle);
    options.cache_directory = options_.cache;
    options.origin_ns = origin_ns_;
    return options;
  }

  /** A program that is killed for want of memory at once was not started: its limit is too small. */
  Status survive_probation() {
    auto limit = process_->spec().limits.memory.limit;
    if (!limit || *limit < 0 || *limit >= kDoubtfulMemory) return {};
    pollfd ended{process_->pidfd(), POLLIN, 0};
    if (::poll(&ended, 1, kProbationMs) != 1) return {};
    if (process_->oom_kills({128 + SIGKILL, SIGKILL}) == 0) return {};
    return Error{"exec", "execve", process_->spec().process.args.front(), ENOMEM, ""};
  }

  int fail(const Error& error) {
    Failure failure = explain(error, process_.get());
    write_trace();
    if (process_) (void)static_cast<bool>(process_->destroy());
    if (process_ && process_->pid() > 0) run_last_hooks();
    ::unlink(socket_path().c_str());
    report(failure_report(failure));
    return 1;
  }

  void write_trace() {
    TraceRecord trace = process_ ? record_of(process_->plan()) : TraceRecord();
    // Not synced: a trace explains, and no one depends on it after a power failure.
    std::string document = trace_document(std::move(trace), started_at_);
    (void)static_cast<bool>(replace_file(options_.state + "/trace.json", document, 0644, Durability::none));
  }

  void report(const std::string& text) {
    size_t written = 0;
    while (written < text.size()) {
      ssize_t length = ::write(kReportFd, text.data() + written, text.size() - written);
      if (length < 0 && errno != EINTR) break;  // no one listens any more; the container goes on
      if (length > 0) written += static_cast<size_t>(length);
    }
    ::close(kReportFd);
  }

  void forward_signal() {
    signalfd_siginfo info{};
    if (::read(signals_.get(), &info, sizeof info) == sizeof info)
      session_->signal_first(static_cast<int>(info.ssi_signo));
  }

  /** After the process has ended; with a container's first one the kernel ended every other of its pid
   * namespace. */
  void finish() {
    bool is_first = options_.process.empty();
    Reach rest = process_->reach_of_all(SIGKILL);
    if (is_first)
      end_.run("end the rest", rest.call, "SIGKILL → " + rest.whom, [this] { return process_->end_rest(); });
    end_.run("last output", "read", "what they left behind", [this] { return session_->drain(), Status(); });
    ExitReport exit{*exit_, process_->oom_kills(*exit_), log_.end()};
    loop_.remove(process_->pidfd());
    std::string file = options_.run + "/exit.json";
    end_.run("exit status", "renameat", file + ", synced",
             [&] { return replace_file(file, exit_document(exit), 0644, Durability::synced); });
    if (is_first)
      end_.run("remove cgroup", "rmdir", process_->cgroup().path(), [this] { return process_->destroy(); });
    run_last_hooks();
    // Not synced, as the start's.
    (void)static_cast<bool>(
        replace_file(options_.state + "/end-trace.json", end_.document(*exit_), 0644, Durability::none));
    session_->announce_exit(exit_message(exit));
    loop_.run_once(0);  // who has connected already, but was not accepted yet, hears of the exit too
    run_until(kFarewellNs, [this] { return session_->everyone_knows(); });
    ::unlink(socket_path().c_str());
    // A client that still writes, an acknowledgement for instance, to a socket that is closed altogether is
    // reset, and what it has not read yet is lost to it: it closes first.
    session_->hang_up();
    run_until(kHangUpNs, [this] { return session_->is_alone(); });
  }

  template <class Predicate>
  void run_until(int64_t patience_ns, Predicate holds) {
    for (int64_t end = monotonic_ns() + patience_ns; !holds();) {
      int64_t left = end - monotonic_ns();
      if (left <= 0) break;
      loop_.run_once(static_cast<int>(left / 1'000'000) + 1);
    }
  }

  std::string socket_path() const { return options_.run + "/shim.sock"; }

  int64_t origin_ns_ = monotonic_ns();
  std::string started_at_ = timestamp();
  Options options_;
  EventLoop loop_;
  OutputLog log_;
  EndTrace end_;
  UniqueFd signals_;
  HookSet hooks_;  ///< of a container
  DescribeState describe_state_;
  std::unique_ptr<ContainedProcess> process_;
  std::unique_ptr<Session> session_;
  std::optional<ExitStatus> exit_;
};

int run(int argc, char** argv) {
  auto options = parse_options(argc, argv);
  if (!options) {
    std::string text = "minirun-shim: " + options.error().subject + " " + options.error().note + "\n";
    return ::write(STDERR_FILENO, text.data(), text.size()) < 0 ? 1 : 2;
  }
  sys::close_range(kReportFd + 1, ~0U,
                   0);  // what a parent forgot to close would live as long as the container
  ::fcntl(kReportFd, F_SETFD, FD_CLOEXEC);
  rename_process(argc, argv, options->id);
  return Shim(std::move(*options)).run();
}

}  // namespace
}  // namespace minirun::shim

int main(int argc, char** argv) {
  minirun::map_code_ahead();
  minirun::map_stack_ahead();
  minirun::map_heap_ahead();
  return minirun::shim::run(argc, argv);
}
