#pragma once

#include <napi.h>
#include <sys/types.h>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/result.h"
#include "core/unique_fd.h"

namespace minirun::addon {

/** What happens on the JavaScript thread once something is done elsewhere. */
using Completion = std::function<void(Napi::Env)>;

/** What a shim is spawned with. */
struct SpawnRequest {
  int image;  ///< descriptor of the executable
  std::string binary;
  std::vector<std::string> args;
};

struct Spawned {
  pid_t pid = -1;
  std::string start_time;
  std::string report;
};

/**
 * The addon's own thread: spawns shims, reads their reports and waits for the end of processes, by epoll over
 * report pipes and pidfds. libuv's pool is bounded and Node itself must not wait, so neither is used. One for
 * each environment; public calls are made on the JavaScript thread.
 */
class Reactor {
 public:
  explicit Reactor(Napi::Env env);
  Reactor(const Reactor&) = delete;
  Reactor& operator=(const Reactor&) = delete;
  ~Reactor();

  /** Spawns a shim; `done` gets it, with its report, when the report pipe has been closed. */
  void spawn(SpawnRequest request, std::function<void(Napi::Env, Result<Spawned>)> done);
  /** Calls `done` when the process has ended; one that spawn() made has then been reaped. */
  void watch(pid_t pid, UniqueFd pidfd, Completion done);
  /** Runs something long on a thread of its own, and then `done`. */
  void run(std::function<Status()> work, std::function<void(Napi::Env, Status)> done);

 private:
  using SpawnDone = std::function<void(Napi::Env, Result<Spawned>)>;

  struct Process {
    UniqueFd pidfd;
    bool child = false;
    std::vector<Completion> waiters;
  };
  struct Report {
    UniqueFd pipe;
    Spawned spawned;
    SpawnDone done;
  };

  // On the JavaScript thread.
  void begin();
  void enqueue(std::function<void()> task);

  // On any thread: `completion` is handed to the JavaScript thread.
  void complete(Completion completion);

  // On the reactor's thread.
  void loop();
  void run_tasks();
  void spawn_now(const SpawnRequest& request, SpawnDone done);
  void watch_now(pid_t pid, UniqueFd pidfd, Completion done);
  void read_report(int fd);
  void on_exit(int fd);
  bool add(int fd);

  Napi::Env env_;
  Napi::ThreadSafeFunction to_js_;
  size_t pending_ = 0;  ///< calls not yet completed; while there are any, Node stays alive
  UniqueFd epoll_;
  UniqueFd wakeup_;
  std::mutex mutex_;
  std::vector<std::function<void()>> tasks_;
  bool stopping_ = false;
  std::map<int, Report> reports_;     ///< by descriptor
  std::map<int, Process> processes_;  ///< by pidfd
  std::map<pid_t, int> by_pid_;       ///< pidfd of those that spawn() made
  std::thread thread_;
};

}  // namespace minirun::addon
