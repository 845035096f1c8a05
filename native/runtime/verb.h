#pragma once

#include <span>
#include <string>

#include "core/result.h"
#include "runtime/command_line.h"

namespace minirun::runtime {

/** What stands before the verb on the command line. */
struct Globals {
  std::string root;       ///< where the state of containers lies
  int64_t origin_ns = 0;  ///< when this process began (CLOCK_MONOTONIC)
};

/**
 * What one can ask minirun-oci for. Each verb has a file of its own.
 */
struct Verb {
  const char* name;
  const char* words;  ///< what comes behind the options: "CONTAINER"
  const char* about;
  std::span<const Flag> flags;
  size_t fewest_words;
  size_t most_words;
  bool options_end_at_word;
  /** The exit code, or why there is none. */
  Result<int> (*run)(const Globals& globals, const CommandLine& line);
};

extern const Verb kCreate, kDelete, kDoctor, kEvents, kExec, kFeatures, kKill, kList, kPause, kPs, kResume,
    kRun, kSpec, kStart, kState, kTrace, kUpdate;

/** Ends this process at once; the kernel gives back everything in one go. */
[[noreturn]] void leave(int code);

inline constexpr size_t kAnyNumber = SIZE_MAX;

}  // namespace minirun::runtime
