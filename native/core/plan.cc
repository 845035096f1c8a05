#include "core/plan.h"

#include <algorithm>
#include <cstring>

namespace minirun {
namespace {

void keep_call(const char* call, TraceRow& row) {
  std::strncpy(row.call, call, sizeof row.call - 1);  // the rest is zero and stays so
}

/**
 * The steps of one process, one behind the other. Reading the clock is dear enough to do it once between two
 * of them: the end of one is the beginning of the next.
 */
class Run {
 public:
  explicit Run(Trace& trace) : trace_(trace) {}

  /** Whether it succeeded. */
  bool step(const Step& step, size_t index) {
    TraceTimes& times = trace_.times(index);
    times.begin(now_ns_);
    Fault fault = step.action(trace_.row(index));
    now_ns_ = monotonic_ns();
    if (fault) keep_call(fault.call, trace_.row(index));
    times.end(now_ns_, fault.code);
    return !fault;
  }

 private:
  Trace& trace_;
  int64_t now_ns_ = monotonic_ns();
};

}  // namespace

const char* side_name(Side side) {
  switch (side) {
    case Side::host:
      return "host";
    case Side::intermediate:
      return "intermediate";
    default:
      return "child";
  }
}

Status Plan::apply_host(int trace_file) {
  trace_ = std::make_unique<Trace>(steps_.size(), trace_file);
  if (!trace_->mapped()) return Error{"plan", "mmap", "the shared page of the trace", errno, ""};
  trace_->header().origin_ns = origin_ns_ != 0 ? origin_ns_ : monotonic_ns();
  Run run(*trace_);
  for (size_t i = 0; i < steps_.size(); ++i) {
    if (steps_[i].side != Side::host || run.step(steps_[i], i)) continue;
    if (auto error = child_error()) return *error;
    return error_of(i);
  }
  return {};
}

bool Plan::apply(Side side) const {
  Run run(*trace_);
  for (size_t i = 0; i < steps_.size(); ++i) {
    if (steps_[i].side == side && !run.step(steps_[i], i)) return false;
  }
  return true;
}

bool Plan::has(Side side) const {
  return std::any_of(steps_.begin(), steps_.end(), [side](const Step& step) { return step.side == side; });
}

std::optional<Error> Plan::child_error() const {
  for (size_t i = 0; i < steps_.size(); ++i) {
    bool failed = trace_->times(i).state == TraceRow::done && trace_->row(i).failed();
    if (steps_[i].side != Side::host && failed) return error_of(i);
  }
  return std::nullopt;
}

const Step* Plan::child_running() const {
  for (size_t i = 0; i < steps_.size(); ++i) {
    if (steps_[i].side == Side::child && trace_->times(i).state == TraceRow::running) return &steps_[i];
  }
  return nullptr;
}

void Plan::finish_child() {
  if (const Step* step = child_running()) {
    trace_->times(static_cast<size_t>(step - steps_.data())).end(monotonic_ns(), 0);
  }
}

Error Plan::error_of(size_t index) const {
  const Step& step = steps_[index];
  const TraceRow& row = trace_->row(index);
  return {step.name, row.call, step.subject, trace_->times(index).code, row.note};
}

}  // namespace minirun
