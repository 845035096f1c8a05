#pragma once

#include <string>
#include <vector>

#include "core/plan.h"
#include "core/spec.h"

namespace minirun {

/** The command as execve takes it; every string is owned here, so that the child only passes pointers. */
struct Command {
  std::vector<std::string>
      candidates;  ///< the paths to try, in order: args[0] itself, or its places along PATH
  std::vector<std::string> args;
  std::vector<std::string> env;
  std::vector<char*> argv;
  std::vector<char*> envp;
};

Command make_command(const ProcessSpec& process);

/** The steps that fail because of the command itself. */
inline constexpr const char* kFindStep = "find program";
inline constexpr const char* kExecStep = "exec";

/** Plans a look whether one of the candidates can be executed by who the child is by then: so create says
 * what would else come out at start. */
void plan_find(Plan& plan, const Command& command);

/** Plans the end of the child: execve. */
void plan_exec(Plan& plan, const Command& command);

}  // namespace minirun
