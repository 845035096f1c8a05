#include "shim/report.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "core/procfs.h"
#include "oci/json.h"

namespace minirun::shim {
namespace {

using oci::Json;

Json text_or_null(const std::string& text) {
  return text.empty() ? Json() : Json(text);
}

Json errno_or_null(int code) {
  return code == 0 ? Json() : Json(errno_name(code));
}

Json signal_or_null(int signal) {
  return signal == 0 ? Json() : Json(signal_name(signal));
}

Json cgroup_json(const Cgroup& cgroup) {
  return Json::object({{"version", cgroup.version()}, {"path", cgroup.path()}});
}

std::string start_time_of(pid_t pid) {
  auto stat = read_process_stat(pid);
  return stat ? stat->start_time : "";
}

Json details_of(const Failure& failure) {
  const CgroupStats& stats = failure.stats;
  std::vector<Json::Member> details;
  if (!failure.file.empty()) details.emplace_back("file", failure.file);
  if (!failure.needs.empty()) details.emplace_back("needs", failure.needs);
  auto add = [&details](const char* name, const std::optional<uint64_t>& number) {
    if (number) details.emplace_back(name, *number);
  };
  add("memoryLimit", stats.memory_limit);
  add("memoryPeak", stats.memory_peak);
  add("oomKills", stats.oom_kills);
  add("pidsLimit", stats.pids_limit);
  add("pidsCurrent", stats.pids_current);
  return Json::object(details);
}

Json step_json(const StepRecord& step, int64_t origin_ns) {
  bool done = step.state == TraceRow::done;
  return Json::object({{"name", step.name},
                       {"side", side_name(step.side)},
                       {"call", step.failed_call.empty() ? step.call : step.failed_call},
                       {"arguments", step.arguments},
                       {"setting", text_or_null(step.setting)},
                       {"startNs", step.start_ns - origin_ns},
                       {"durationNs", done ? step.end_ns - step.start_ns : 0},
                       {"errno", step.code},
                       {"errnoName", errno_or_null(step.code)}});
}

const char* reason_of(const ExitReport& exit) {
  if (exit.oom_kills > 0 && exit.status.code != 0) return "out-of-memory";
  return exit.status.signal != 0 ? "signaled" : "exited";
}

std::vector<Json::Member> exit_members(const ExitReport& exit) {
  return {{"exitCode", exit.status.code},
          {"signal", signal_or_null(exit.status.signal)},
          {"reason", reason_of(exit)},
          {"oomKills", exit.oom_kills}};
}

}  // namespace

std::string timestamp(std::chrono::nanoseconds ago) {
  auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now() - ago);
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
  std::vector<Json> missing;
  for (const auto& one : container.missing())
    missing.push_back(Json::object({{"feature", one.feature}, {"reason", one.reason}}));
  return Json::object({{"ok", true},
                       {"pid", container.pid()},
                       {"startTime", start_time_of(container.pid())},
                       {"startedAt", started_at},
                       {"cgroup", cgroup_json(container.cgroup())},
                       {"missing", Json::array(missing)}})
      .text();
}

std::string failure_report(const Failure& failure) {
  const Error& error = failure.error;
  return Json::object({{"ok", false},
                       {"step", error.step},
                       {"call", error.call},
                       {"subject", error.subject},
                       {"errno", error.code},
                       {"errnoName", errno_or_null(error.code)},
                       {"message", failure.message},
                       {"remedy", failure.remedy},
                       {"code", failure.code},
                       {"details", details_of(failure)}})
      .text();
}

std::string trace_document(TraceRecord trace, const std::string& started_at) {
  trace.sort_by_start();
  int64_t last_ns = trace.origin_ns;
  std::vector<Json> steps;
  for (const StepRecord& step : trace.steps) {
    if (step.state == TraceRow::pending) continue;
    steps.push_back(step_json(step, trace.origin_ns));
    last_ns = std::max({last_ns, step.start_ns, step.end_ns});
  }
  return Json::object({{"version", 1},
                       {"startedAt", started_at},
                       {"totalNs", last_ns - trace.origin_ns},
                       {"steps", Json::array(steps)}})
      .text();
}

std::string pid_document(const ContainedProcess& container) {
  return Json::object({{"pid", container.pid()},
                       {"startTime", start_time_of(container.pid())},
                       {"shimPid", ::getpid()},
                       {"shimStartTime", start_time_of(::getpid())},
                       {"bootId", boot_id()},
                       {"cgroup", cgroup_json(container.cgroup())}})
      .text();
}

std::string ready_message(bool tty, uint64_t offset, uint64_t end, TerminalSize size) {
  return Json::object(
             {{"tty", tty}, {"offset", offset}, {"end", end}, {"cols", size.cols}, {"rows", size.rows}})
      .text();
}

std::string resized_message(TerminalSize size) {
  return Json::object({{"cols", size.cols}, {"rows", size.rows}}).text();
}

std::string problem_message(const std::string& code, const std::string& title, const std::string& detail) {
  return Json::object({{"code", code}, {"title", title}, {"detail", detail}}).text();
}

std::string signalled_message(int code) {
  if (code == 0) return Json::object({{"ok", true}}).text();
  return Json::object({{"ok", false}, {"errnoName", errno_name(code)}}).text();
}

std::string exit_document(const ExitReport& exit) {
  auto members = exit_members(exit);
  members.emplace_back("finishedAt", timestamp());
  members.emplace_back("offset", exit.offset);
  return Json::object(members).text();
}

std::string exit_message(const ExitReport& exit) {
  return Json::object(exit_members(exit)).text();
}

}  // namespace minirun::shim
