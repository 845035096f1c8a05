#include "shim/report.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "core/procfs.h"

namespace minirun::shim {
namespace {

using nlohmann::ordered_json;

std::string dump(const ordered_json& document) {
  return document.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

ordered_json text_or_null(const std::string& text) {
  return text.empty() ? ordered_json() : ordered_json(text);
}

ordered_json errno_or_null(int code) {
  return code == 0 ? ordered_json() : ordered_json(errno_name(code));
}

ordered_json signal_or_null(int signal) {
  return signal == 0 ? ordered_json() : ordered_json(signal_name(signal));
}

ordered_json cgroup_json(const Cgroup& cgroup) {
  return {{"version", cgroup.version()}, {"path", cgroup.path()}};
}

std::string start_time_of(pid_t pid) {
  auto stat = read_process_stat(pid);
  return stat ? stat->start_time : "";
}

ordered_json details_of(const CgroupStats& stats) {
  ordered_json details = ordered_json::object();
  auto add = [&details](const char* name, const std::optional<uint64_t>& number) {
    if (number) details[name] = *number;
  };
  add("memoryLimit", stats.memory_limit);
  add("memoryPeak", stats.memory_peak);
  add("oomKills", stats.oom_kills);
  add("pidsLimit", stats.pids_limit);
  add("pidsCurrent", stats.pids_current);
  return details;
}

ordered_json step_json(const Step& step, const TraceRow& row, int64_t origin_ns) {
  bool done = row.state == TraceRow::done;
  return {{"name", step.name},
          {"side", step.side == Side::host ? "host" : "child"},
          {"call", row.failed() ? row.call : step.call},
          {"arguments", step.arguments},
          {"setting", text_or_null(step.setting)},
          {"startNs", row.start_ns - origin_ns},
          {"durationNs", done ? row.end_ns - row.start_ns : 0},
          {"errno", row.code},
          {"errnoName", errno_or_null(row.code)}};
}

const char* reason_of(const ExitReport& exit) {
  if (exit.oom_kills > 0 && exit.status.code != 0) return "out-of-memory";
  return exit.status.signal != 0 ? "signaled" : "exited";
}

ordered_json exit_json(const ExitReport& exit) {
  return {{"exitCode", exit.status.code},
          {"signal", signal_or_null(exit.status.signal)},
          {"reason", reason_of(exit)},
          {"oomKills", exit.oom_kills}};
}

}  // namespace

std::string timestamp() {
  auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  auto day = std::chrono::floor<std::chrono::days>(now);
  std::chrono::year_month_day date(day);
  std::chrono::hh_mm_ss time(now - day);
  char text[40];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()), static_cast<int>(time.subseconds().count()));
  return text;
}

std::string success_report(const ContainedProcess& container, const std::string& started_at) {
  ordered_json missing = ordered_json::array();
  for (const auto& one : container.missing())
    missing.push_back({{"feature", one.feature}, {"reason", one.reason}});
  return dump({{"ok", true},
               {"pid", container.pid()},
               {"startTime", start_time_of(container.pid())},
               {"startedAt", started_at},
               {"cgroup", cgroup_json(container.cgroup())},
               {"missing", missing}});
}

std::string failure_report(const Failure& failure) {
  const Error& error = failure.error;
  return dump({{"ok", false},
               {"step", error.step},
               {"call", error.call},
               {"subject", error.subject},
               {"errno", error.code},
               {"errnoName", errno_or_null(error.code)},
               {"message", failure.message},
               {"remedy", failure.remedy},
               {"code", failure.code},
               {"details", details_of(failure.stats)}});
}

std::string trace_document(const Plan* plan, const std::string& started_at, int64_t origin_ns) {
  ordered_json steps = ordered_json::array();
  int64_t last_ns = origin_ns;
  if (plan != nullptr && plan->trace() != nullptr) {
    for (size_t i = 0; i < plan->steps().size(); ++i) {
      const TraceRow& row = plan->trace()->row(i);
      if (row.state == TraceRow::pending) continue;
      steps.push_back(step_json(plan->steps()[i], row, origin_ns));
      last_ns = std::max({last_ns, row.start_ns, row.end_ns});
    }
  }
  std::stable_sort(steps.begin(), steps.end(),
                   [](const auto& a, const auto& b) { return a["startNs"] < b["startNs"]; });
  return dump(
      {{"version", 1}, {"startedAt", started_at}, {"totalNs", last_ns - origin_ns}, {"steps", steps}});
}

std::string pid_document(const ContainedProcess& container) {
  return dump({{"pid", container.pid()},
               {"startTime", start_time_of(container.pid())},
               {"shimPid", ::getpid()},
               {"shimStartTime", start_time_of(::getpid())},
               {"bootId", boot_id()},
               {"cgroup", cgroup_json(container.cgroup())}});
}

std::string ready_message(bool tty, uint64_t offset, uint64_t end, TerminalSize size) {
  return dump({{"tty", tty}, {"offset", offset}, {"end", end}, {"cols", size.cols}, {"rows", size.rows}});
}

std::string problem_message(const std::string& code, const std::string& title, const std::string& detail) {
  return dump({{"code", code}, {"title", title}, {"detail", detail}});
}

std::string signalled_message(int code) {
  if (code == 0) return dump({{"ok", true}});
  return dump({{"ok", false}, {"errnoName", errno_name(code)}});
}

std::string exit_document(const ExitReport& exit) {
  ordered_json document = exit_json(exit);
  document["finishedAt"] = timestamp();
  document["offset"] = exit.offset;
  return dump(document);
}

std::string exit_message(const ExitReport& exit) {
  return dump(exit_json(exit));
}

}  // namespace minirun::shim
