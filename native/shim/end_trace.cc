#include "shim/end_trace.h"

#include <signal.h>

#include <algorithm>
#include <chrono>

#include "shim/report.h"

namespace minirun::shim {
namespace {

constexpr size_t kMostSent = 32;
/** A stop waits for ten minutes at most: what was sent long before that did not end the process. */
constexpr int64_t kLongestEndNs = int64_t{900} * 1'000'000'000;

bool asks_to_end(int signal) {
  return signal == SIGTERM || signal == SIGINT || signal == SIGQUIT || signal == SIGKILL;
}

void set_fault(StepRecord& step, int code, std::string call) {
  step.code = code;
  if (code != 0) step.failed_call = std::move(call);
}

}  // namespace

void EndTrace::sent(int signal, const Reach& reach, int64_t start_ns, int code) {
  std::string name = signal_name(signal);
  StepRecord step = step_of("signal " + name, reach.call, name + " → " + reach.whom, start_ns);
  set_fault(step, code, reach.call);
  keep({signal, std::move(step)});
}

void EndTrace::thawed(const std::string& group, int64_t start_ns, const Status& status) {
  StepRecord step = step_of("thaw", "write", "the processes go on → " + group, start_ns);
  if (!status) set_fault(step, status.error().code, status.error().call);
  keep({SIGTERM, std::move(step)});  // only an end that was asked for takes it, see askToEnd() of the worker
}

void EndTrace::hung_up(int64_t start_ns, const Status& status) {
  StepRecord step = step_of("hang up", "ioctl", "TIOCVHANGUP → the container's terminal", start_ns);
  if (!status) set_fault(step, status.error().code, status.error().call);
  keep({SIGTERM, std::move(step)});  // it stands in for that, see askToEnd() of the worker
}

void EndTrace::reaped(int64_t start_ns, const ExitStatus& exit) {
  std::string how =
      exit.signal != 0 ? "killed by " + signal_name(exit.signal) : "exit code " + std::to_string(exit.code);
  steps_.push_back(step_of("reap", "waitid", "P_PIDFD → " + how, start_ns));
}

void EndTrace::keep(Sent sent) {
  if (sent_.size() == kMostSent) sent_.erase(sent_.begin());
  sent_.push_back(std::move(sent));
}

void EndTrace::note(const char* name, const char* call, std::string arguments, int64_t start_ns,
                    const Status& status) {
  StepRecord step = step_of(name, call, std::move(arguments), start_ns);
  if (!status) set_fault(step, status.error().code, status.error().call);
  steps_.push_back(std::move(step));
}

StepRecord EndTrace::step_of(std::string name, std::string call, std::string arguments, int64_t start_ns) {
  StepRecord step;
  step.name = std::move(name);
  step.call = std::move(call);
  step.arguments = std::move(arguments);
  step.state = TraceRow::done;
  step.start_ns = start_ns;
  step.end_ns = monotonic_ns();
  return step;
}

/** Between what was sent and what came next the shim waits. */
std::string EndTrace::document(const ExitStatus& exit) const {
  TraceRecord trace;
  int64_t ended_ns = steps_.empty() ? monotonic_ns() : steps_.front().start_ns;
  for (const auto& [signal, step] : sent_) {
    bool matters = asks_to_end(signal) || signal == exit.signal;
    if (matters && ended_ns - step.start_ns < kLongestEndNs) trace.steps.push_back(step);
  }
  size_t count = trace.steps.size();
  for (size_t i = 0; i < count; ++i) {
    int64_t from = trace.steps[i].end_ns;
    int64_t until = i + 1 < count ? trace.steps[i + 1].start_ns : ended_ns;
    StepRecord wait = step_of("wait for the end", "epoll_wait", "pidfd of the process", from);
    wait.end_ns = std::max(from, until);
    trace.steps.push_back(std::move(wait));
  }
  trace.steps.insert(trace.steps.end(), steps_.begin(), steps_.end());
  trace.sort_by_start();
  trace.origin_ns = trace.steps.empty() ? ended_ns : trace.steps.front().start_ns;
  auto ago = std::chrono::nanoseconds(monotonic_ns() - trace.origin_ns);
  return trace_document(std::move(trace), timestamp(ago));
}

}  // namespace minirun::shim
