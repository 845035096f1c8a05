#pragma once

#include <string>

#include "core/command.h"

namespace minirun {

/** Why a command could not be executed, found out by looking at the files. */
struct CommandFault {
  enum class Kind {
    not_found,       ///< there is no such file, nowhere along PATH
    no_interpreter,  ///< a script is there, and what its #! line names is not
    no_loader,       ///< a program is there, and its dynamic loader (PT_INTERP) is not
    not_executable,  ///< a directory, a file without x, or one that is neither program nor script
    not_permitted,   ///< its user may not execute it, or not go through a directory on its way
    other_machine,   ///< a program for another processor
    other,
  };
  Kind kind = Kind::other;
  std::string words;
  std::string file;   ///< the path in the container, where one was found
  std::string needs;  ///< the interpreter or loader that is missing, or the machine that it is for
};

/**
 * Why execve said `code`, from a look at the files beneath `root`: ENOENT is also what the kernel says when
 * the file is there and its interpreter or loader is not (execve(2)).
 */
CommandFault explain_command(int root, const Command& command, const std::string& cwd, int code);

}  // namespace minirun
