#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/trace.h"

namespace minirun {

/**
 * Where a step runs: in the process that makes the container; in one that stands between the two where the
 * child has to be born into namespaces that its parent stays out of (intermediate.h); or in the container's
 * first process, between clone and exec.
 */
enum class Side : uint8_t { host, intermediate, child };

/** "host", "intermediate", "child". */
const char* side_name(Side side);

/**
 * One thing that the kernel is asked to do. Everything that the action needs (strings, descriptors, buffers)
 * is made when the step is planned or by an earlier host step; a child's action makes system calls and
 * nothing else: no allocation, no locks, no exceptions. It returns the call that failed, and may leave a note
 * in its trace row.
 */
struct Step {
  Side side;
  std::string name;       ///< the step, as a person knows it: "overlay"
  std::string call;       ///< the system call that it is about: "mount"
  std::string subject;    ///< what it acts on, usually a path
  std::string arguments;  ///< what the call is given
  std::string setting;    ///< JSON pointer to what asked for it in config.json, or empty
  std::function<Fault(TraceRow&)> action;
};

/**
 * The ordered steps that make one container. The host's steps run in order; one of them clones, and the child
 * then runs all of its own, in order, as did the intermediate process before it where there is one. Every
 * step leaves a trace row, whatever becomes of it.
 */
class Plan {
 public:
  /** Steps can only be added before the first one has run. */
  void add(Step step) { steps_.push_back(std::move(step)); }

  /** When all this began, on CLOCK_MONOTONIC, for the trace's times; without it, with the first step. */
  void set_origin(int64_t origin_ns) { origin_ns_ = origin_ns; }

  const std::vector<Step>& steps() const { return steps_; }
  /** Null before apply_host() has been called. */
  const Trace* trace() const { return trace_.get(); }

  /** Runs the host's steps up to the first that fails. A step that fails because of the child names the
   * child's step. The trace is kept in `trace_file` where that is not -1 (see Trace). */
  Status apply_host(int trace_file = -1);

  /** Runs the steps of the child or of the intermediate process, whichever calls; returns false after the
   * first that fails. */
  bool apply(Side side) const;
  bool has(Side side) const;

  /** The failure that the child, or the intermediate process, has written down, if any. */
  std::optional<Error> child_error() const;
  /** The step that the child is in, or died in; null before its first. */
  const Step* child_running() const;
  /** Ends the row of the child's last step, execve, which can't do so itself when it succeeds. */
  void finish_child();

 private:
  Error error_of(size_t index) const;

  std::vector<Step> steps_;
  std::unique_ptr<Trace> trace_;
  int64_t origin_ns_ = 0;
};

}  // namespace minirun
