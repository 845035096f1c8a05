#pragma once

#include "runtime/command_line.h"

namespace minirun::runtime {

/**
 * How many descriptors behind 0, 1 and 2 --preserve-fds leaves to the program. Each has to be the caller's:
 * in the place of one that is not open comes to be one of this process's own, which a path inside the
 * container could then lead out by.
 */
Result<unsigned> read_preserved_fds(const CommandLine& line);

}  // namespace minirun::runtime
