#include "core/command.h"
#include "core/gate.h"
#include "core/procfs.h"
#include "core/trace_file.h"
#include "runtime/explain.h"
#include "runtime/late_hooks.h"
#include "runtime/record.h"
#include "runtime/verb.h"

namespace minirun::runtime {
namespace {

Error not_created(const Record& record, ContainerStatus status) {
  return {"start", "", "container " + record.id, EINVAL,
          std::string("cannot start a container that is not in the state created: it is ") + name_of(status)};
}

/**
 * How far its process came before it ended, by what it has written into the trace. Where nothing is left of a
 * process but that, one that failed nowhere and came to execve has executed its program, which was a short
 * one.
 */
Status judge(const Found& container, bool reaped) {
  Error unknown{"start", "", "container " + container.record.id, ECHILD,
                "its process has ended before its program"};
  auto file = container.directory.open_file("trace");
  auto trace = file ? read_trace_file(file->get()) : Result<TraceRecord>(unknown);
  if (!trace) return unknown;
  if (const StepRecord* step = trace->child_failed())
    return explained({step->name, step->failed_call, step->subject, step->code, step->note}, nullptr);
  const StepRecord* step = trace->child_running();
  if (step != nullptr && step->name == kExecStep && reaped) return {};
  if (step != nullptr) unknown.note = "its process was killed in the step " + step->name;
  return unknown;
}

/** Whether the program runs, or has run; else why not. */
Status outcome(const Found& container) {
  const Record& record = container.record;
  auto stat = read_process_stat(record.pid);
  bool reaped = !stat || stat->start_time != record.start_time;
  return !reaped && stat->has_executed() ? Status() : judge(container, reaped);
}

Result<int> run(const Globals& globals, const CommandLine& line) {
  auto container = find_locked(globals.root, line.words().front());
  if (!container) return container.error();
  ContainerStatus status = status_of(container->record);
  if (status != ContainerStatus::created) return not_created(container->record, status);
  auto connection = knock_at_gate(container->directory.fd());
  if (!connection) return connection.error();
  if (Status opened = open_gate(connection->get()); !opened) return opened.error();
  remove_gate(container->directory.fd());
  if (Status executed = outcome(*container); !executed) return executed.error();
  if (!container->record.has_late_hooks) return 0;
  auto spec = specification_of(*container);
  if (spec) run_late_hooks(*spec, spec->hooks.poststart, container->record, "running", container->record.pid);
  return 0;
}

}  // namespace

const Verb kStart{.name = "start",
                  .words = "CONTAINER",
                  .about = "run the program of a container that was created",
                  .flags = {},
                  .fewest_words = 1,
                  .most_words = 1,
                  .options_end_at_word = false,
                  .run = run};

}  // namespace minirun::runtime
