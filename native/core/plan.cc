#include "core/plan.h"

#include <algorithm>

namespace minirun {
namespace {

bool run(const Step& step, TraceRow& row) {
  row.begin();
  Fault fault = step.action(row);
  row.end(fault.call, fault.code);
  return !fault;
}

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
  for (size_t i = 0; i < steps_.size(); ++i) {
    if (steps_[i].side != Side::host || run(steps_[i], trace_->row(i))) continue;
    if (auto error = child_error()) return *error;
    return error_of(i);
  }
  return {};
}

bool Plan::apply(Side side) const {
  for (size_t i = 0; i < steps_.size(); ++i) {
    if (steps_[i].side == side && !run(steps_[i], trace_->row(i))) return false;
  }
  return true;
}

bool Plan::has(Side side) const {
  return std::any_of(steps_.begin(), steps_.end(), [side](const Step& step) { return step.side == side; });
}

std::optional<Error> Plan::child_error() const {
  for (size_t i = 0; i < steps_.size(); ++i) {
    const TraceRow& row = trace_->row(i);
    if (steps_[i].side != Side::host && row.failed()) return error_of(i);
  }
  return std::nullopt;
}

const Step* Plan::child_running() const {
  for (size_t i = 0; i < steps_.size(); ++i) {
    if (steps_[i].side == Side::child && trace_->row(i).state == TraceRow::running) return &steps_[i];
  }
  return nullptr;
}

void Plan::finish_child() {
  if (const Step* step = child_running()) {
    trace_->row(static_cast<size_t>(step - steps_.data())).end(nullptr, 0);
  }
}

Error Plan::error_of(size_t index) const {
  const Step& step = steps_[index];
  const TraceRow& row = trace_->row(index);
  return {step.name, row.call, step.subject, row.code, row.note};
}

}  // namespace minirun
