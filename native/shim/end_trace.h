#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/contained_process.h"
#include "core/trace_file.h"

namespace minirun::shim {

/**
 * How a process came to its end, as steps of a trace: what was sent to it, how long that took, and what was
 * taken away after it. Times are of CLOCK_MONOTONIC.
 */
class EndTrace {
 public:
  /** Notes what was sent; `code` is the errno, 0 when it was sent. */
  void sent(int signal, const Reach& reach, int64_t start_ns, int code);
  /** Notes that the processes of a control group, which were frozen, go on. */
  void thawed(const std::string& group, int64_t start_ns, const Status& status);
  /** Notes that the terminal was hung up. */
  void hung_up(int64_t start_ns, const Status& status);

  /** Notes that the process was reaped; it had ended before `start_ns`. */
  void reaped(int64_t start_ns, const ExitStatus& exit);

  /** Does something and notes what that comes to. */
  template <class Work>
  void run(const char* name, const char* call, std::string arguments, Work work) {
    int64_t start_ns = monotonic_ns();
    auto outcome = work();
    note(name, call, std::move(arguments), start_ns, outcome);
  }

  /** end-trace.json, of a process that ended like this. */
  std::string document(const ExitStatus& exit) const;

 private:
  /** What was sent while the process ran. Whether it had to do with the end is known by then alone. */
  struct Sent {
    int signal;
    StepRecord step;
  };

  template <class Outcome>
  void note(const char* name, const char* call, std::string arguments, int64_t start_ns, const Outcome&) {
    steps_.push_back(step_of(name, call, std::move(arguments), start_ns));
  }
  void note(const char* name, const char* call, std::string arguments, int64_t start_ns, const Status&);
  static StepRecord step_of(std::string name, std::string call, std::string arguments, int64_t start_ns);
  void keep(Sent sent);

  std::vector<Sent> sent_;
  std::vector<StepRecord> steps_;
};

}  // namespace minirun::shim
