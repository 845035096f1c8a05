#include <cstdio>

#include "core/trace_file.h"
#include "runtime/record.h"
#include "runtime/verb.h"
#include "shim/report.h"

namespace minirun::runtime {
namespace {

constexpr auto kFlags =
    std::to_array<Flag>({{"format", 'f', "FORMAT", "table (as it is without this option), or json"}});

constexpr double kNsPerUs = 1000;

void print_table(const TraceRecord& trace) {
  std::printf("%10s %10s  %-5s  %-28s %-22s %s\n", "AT us", "TOOK us", "SIDE", "STEP", "CALL", "GIVEN");
  for (const auto& step : trace.steps) {
    if (step.state == TraceRow::pending) continue;
    double at = static_cast<double>(step.start_ns - trace.origin_ns) / kNsPerUs;
    double took = static_cast<double>(step.end_ns - step.start_ns) / kNsPerUs;
    std::string call = step.failed_call.empty() ? step.call : step.failed_call + " " + errno_name(step.code);
    std::printf("%10.1f %10.1f  %-5s  %-28s %-22s %s\n", at, step.state == TraceRow::done ? took : 0.0,
                side_name(step.side), step.name.c_str(), call.c_str(), step.arguments.c_str());
  }
}

Result<int> run(const Globals& globals, const CommandLine& line) {
  std::string format = line.value("format", "table");
  if (format != "table" && format != "json")
    return usage_error("--format", "expected table or json, received \"" + format + "\"");
  auto container = find(globals.root, line.words().front());
  if (!container) return container.error();
  auto file = container->directory.open_file("trace");
  if (!file) return file.error();
  auto trace = read_trace_file(file->get());
  if (!trace) return trace.error();
  trace->sort_by_start();
  if (format == "json") {
    std::puts(shim::trace_document(std::move(*trace), container->record.created).c_str());
  } else {
    print_table(*trace);
  }
  return 0;
}

}  // namespace

const Verb kTrace{.name = "trace",
                  .words = "CONTAINER",
                  .about = "show the kernel calls that made a container, with their times",
                  .flags = kFlags,
                  .fewest_words = 1,
                  .most_words = 1,
                  .options_end_at_word = false,
                  .run = run};

}  // namespace minirun::runtime
