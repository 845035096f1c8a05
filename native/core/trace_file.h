#pragma once

#include <string>
#include <vector>

#include "core/plan.h"
#include "core/result.h"

namespace minirun {

/** What became of one step, for who looks at it afterwards. */
struct StepRecord {
  Side side = Side::host;
  std::string name;
  std::string call;
  std::string subject;
  std::string arguments;
  std::string setting;
  TraceRow::State state = TraceRow::pending;
  int code = 0;  ///< errno, 0 for a step that succeeded
  int64_t start_ns = 0;
  int64_t end_ns = 0;
  std::string failed_call;  ///< empty as long as none has
  std::string note;
};

/** The steps of a plan, in their order, as far as they have come. */
struct TraceRecord {
  int64_t origin_ns = 0;
  std::vector<StepRecord> steps;

  /** Puts the steps into the order in which they began; a plan has them in the order in which each side runs
   * its own. */
  void sort_by_start();
  /** The step of the child that failed, or in which it is or was killed; null when there is none. */
  const StepRecord* child_failed() const;
  const StepRecord* child_running() const;
};

/** A plan that this process carries out. */
TraceRecord record_of(const Plan& plan);

/** Writes what the rows in `file` are about behind them, so that read_trace_file() understands them. */
Status write_trace_text(int file, const Plan& plan);

/** A plan that any process carries out, from the file that its rows are in. EINVAL: it is no trace. */
Result<TraceRecord> read_trace_file(int file);

}  // namespace minirun
