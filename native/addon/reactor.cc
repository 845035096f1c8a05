#include "addon/reactor.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/wait.h>

#include "core/procfs.h"
#include "core/syscalls.h"

namespace minirun::addon {
namespace {

constexpr int kReportFd = 3;

/** A session of its own, no signal blocked or ignored, /dev/null as stdio, and the report pipe. */
class SpawnSettings {
 public:
  explicit SpawnSettings(int report) {
    ::posix_spawnattr_init(&attributes_);
    ::posix_spawn_file_actions_init(&actions_);
    sigset_t none;
    sigset_t all;
    ::sigemptyset(&none);
    ::sigfillset(&all);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setsigdefault(&attributes_, &all);
    ::posix_spawnattr_setflags(&attributes_,
                               POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    for (int fd = 0; fd < kReportFd; ++fd)
      ::posix_spawn_file_actions_addopen(&actions_, fd, "/dev/null", O_RDWR, 0);
    ::posix_spawn_file_actions_adddup2(&actions_, report, kReportFd);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;
  ~SpawnSettings() {
    ::posix_spawn_file_actions_destroy(&actions_);
    ::posix_spawnattr_destroy(&attributes_);
  }

  /** The new process, or -1 with errno set. */
  pid_t spawn(const std::string& path, std::vector<std::string> args) {
    std::vector<char*> argv;
    for (auto& arg : args) argv.push_back(arg.data());
    argv.push_back(nullptr);
    char* empty[] = {nullptr};
    pid_t pid = -1;
    errno = ::posix_spawn(&pid, path.c_str(), &actions_, &attributes_, argv.data(), empty);
    return errno == 0 ? pid : -1;
  }

 private:
  posix_spawnattr_t attributes_;
  posix_spawn_file_actions_t actions_;
};

}  // namespace

Reactor::Reactor(Napi::Env env)
    : env_(env), epoll_(::epoll_create1(EPOLL_CLOEXEC)), wakeup_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  auto nothing = Napi::Function::New(env, [](const Napi::CallbackInfo&) {});
  to_js_ = Napi::ThreadSafeFunction::New(env, nothing, "minirun", 0, 1);
  to_js_.Unref(env);
  add(wakeup_.get());
  thread_ = std::thread([this] { loop(); });
}

Reactor::~Reactor() {
  enqueue([this] { stopping_ = true; });
  thread_.join();
  to_js_.Abort();
}

void Reactor::spawn(SpawnRequest request, SpawnDone done) {
  begin();
  enqueue([this, request = std::move(request), done = std::move(done)] { spawn_now(request, done); });
}

void Reactor::watch(pid_t pid, UniqueFd pidfd, Completion done) {
  begin();
  auto shared = std::make_shared<UniqueFd>(std::move(pidfd));
  enqueue([this, pid, shared, done = std::move(done)] { watch_now(pid, std::move(*shared), done); });
}

void Reactor::run(std::function<Status()> work, std::function<void(Napi::Env, Status)> done) {
  begin();
  std::thread([this, work = std::move(work), done = std::move(done)] {
    Status status = work();
    complete([done, status](Napi::Env env) { done(env, status); });
  }).detach();
}

void Reactor::begin() {
  if (pending_++ == 0) to_js_.Ref(env_);
}

void Reactor::enqueue(std::function<void()> task) {
  {
    std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  ::eventfd_write(wakeup_.get(), 1);
}

void Reactor::complete(Completion completion) {
  auto* carried = new Completion(std::move(completion));
  auto deliver = [this](Napi::Env env, Napi::Function, Completion* done) {
    if (env != nullptr) {
      if (--pending_ == 0) to_js_.Unref(env);
      (*done)(env);
    }
    delete done;
  };
  if (to_js_.NonBlockingCall(carried, deliver) != napi_ok)
    delete carried;  // the environment is being torn down
}

void Reactor::loop() {
  while (!stopping_) {
    epoll_event events[64];
    int count = ::epoll_wait(epoll_.get(), events, 64, -1);
    for (int i = 0; i < count; ++i) {
      int fd = events[i].data.fd;
      if (fd == wakeup_.get()) {
        run_tasks();
      } else if (reports_.count(fd) != 0) {
        read_report(fd);
      } else if (processes_.count(fd) != 0) {
        on_exit(fd);
      }
    }
  }
}

void Reactor::run_tasks() {
  eventfd_t count = 0;
  ::eventfd_read(wakeup_.get(), &count);
  std::vector<std::function<void()>> tasks;
  {
    std::lock_guard lock(mutex_);
    tasks.swap(tasks_);
  }
  for (auto& task : tasks) task();
}

void Reactor::spawn_now(const SpawnRequest& request, SpawnDone done) {
  auto fail = [&](const char* call) {
    Error error{"spawn", call, request.binary, errno, ""};
    complete([done, error](Napi::Env env) { done(env, error); });
  };
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) < 0) return fail("pipe2");
  UniqueFd read_end(ends[0]);
  UniqueFd write_end(ends[1]);
  std::vector<std::string> args{request.binary};
  args.insert(args.end(), request.args.begin(), request.args.end());
  pid_t pid = SpawnSettings(write_end.get()).spawn("/proc/self/fd/" + std::to_string(request.image), args);
  if (pid < 0) return fail("posix_spawn");
  write_end.reset();
  auto stat = read_process_stat(pid);
  // A child's number can't be taken by another before it has been reaped.
  Process process{UniqueFd(sys::pidfd_open(pid)), true, {}};
  int pidfd = process.pidfd.get();
  add(pidfd);
  by_pid_[pid] = pidfd;
  processes_[pidfd] = std::move(process);
  int fd = read_end.get();
  add(fd);
  reports_[fd] = {std::move(read_end), {pid, stat ? stat->start_time : "", ""}, std::move(done)};
}

void Reactor::watch_now(pid_t pid, UniqueFd pidfd, Completion done) {
  auto child = by_pid_.find(pid);
  if (child != by_pid_.end()) {
    processes_[child->second].waiters.push_back(std::move(done));
    return;
  }
  int fd = pidfd.get();
  add(fd);
  Process& process = processes_[fd];
  process.pidfd = std::move(pidfd);
  process.waiters.push_back(std::move(done));
}

void Reactor::read_report(int fd) {
  Report& report = reports_[fd];
  char buffer[16384];
  ssize_t length = ::read(fd, buffer, sizeof buffer);
  if (length < 0 && errno == EINTR) return;
  if (length > 0) {
    report.spawned.report.append(buffer, static_cast<size_t>(length));
    return;
  }
  complete([done = std::move(report.done), spawned = std::move(report.spawned)](Napi::Env env) {
    done(env, spawned);
  });
  reports_.erase(fd);
}

void Reactor::on_exit(int fd) {
  Process process = std::move(processes_[fd]);
  processes_.erase(fd);
  if (process.child) {
    siginfo_t info{};
    ::waitid(P_PIDFD, static_cast<id_t>(fd), &info, WEXITED | WNOHANG);
    by_pid_.erase(info.si_pid);
  }
  for (auto& waiter : process.waiters) complete(std::move(waiter));
}

bool Reactor::add(int fd) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = fd;
  return ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) == 0;
}

}  // namespace minirun::addon
