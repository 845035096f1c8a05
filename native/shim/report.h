#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "core/cgroup.h"
#include "core/contained_process.h"
#include "core/trace_file.h"

namespace minirun::shim {

/** A moment as RFC 3339 with milliseconds, in UTC: now, or so long ago. */
std::string timestamp(std::chrono::nanoseconds ago = {});

/** What a person and a program need to know of a start that failed. */
struct Failure {
  Error error;
  std::string code;  ///< stable: one of ProblemCode in lib/contract/problem.ts
  std::string message;
  std::string remedy;
  std::string file;   ///< of a command: the path that was found, and
  std::string needs;  ///< what it needs and does not have; both may be empty
  CgroupStats stats;  ///< the kernel's numbers at that moment
};

/** Puts a failure into words. `container` is null when the bundle itself could not be read. */
Failure explain(const Error& error, const ContainedProcess* container);

/** The start report for the worker (one JSON object), as a success and as a failure. */
std::string success_report(const ContainedProcess& container, const std::string& started_at);
std::string failure_report(const Failure& failure);

/** trace.json: every step that was begun, with its times relative to the trace's origin. */
std::string trace_document(TraceRecord trace, const std::string& started_at);

/** pid.json: who the container's first process and the shim are, beyond reuse of pids. */
std::string pid_document(const ContainedProcess& container);

// What clients on shim.sock are told, as JSON.
/** `offset` is where the output begins that follows, `end` how far it went when the client attached. */
std::string ready_message(bool tty, uint64_t offset, uint64_t end, TerminalSize size);
std::string resized_message(TerminalSize size);
std::string problem_message(const std::string& code, const std::string& title, const std::string& detail);
/** The answer to a signal; `code` is the errno, 0 when it was sent. */
std::string signalled_message(int code);

/** How a container ended, for exit.json and for clients. */
struct ExitReport {
  ExitStatus status;
  uint64_t oom_kills = 0;
  uint64_t offset = 0;
};
std::string exit_document(const ExitReport& exit);
std::string exit_message(const ExitReport& exit);

}  // namespace minirun::shim
