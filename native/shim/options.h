#pragma once

#include <cstdint>
#include <string>

#include "core/result.h"

namespace minirun::shim {

/** The command line of minirun-shim. With `process` it executes that in a container that runs. */
struct Options {
  std::string id;
  std::string bundle;
  std::string state;  ///< where trace.json and output.log go; survives a reboot
  std::string run;    ///< where shim.sock, pid.json and exit.json go; doesn't
  std::string cache;
  std::string process;            ///< path of a process.json, or empty
  int target_pid = -1;            ///< the container's first process
  std::string target_start_time;  ///< and when it was started, in clock ticks since boot
  uint64_t log_max_bytes = 16 * 1024 * 1024;
  unsigned log_files = 4;
};

/** Reads the command line; the Error's note says which option is wrong and what it should be. */
Result<Options> parse_options(int argc, char** argv);

}  // namespace minirun::shim
