#pragma once

#include <string>

#include "core/contained_process.h"
#include "core/result.h"

namespace minirun::runtime {

// Clients read the text of a failure: docker and podman tell a missing program (exit code 127) from one that
// may not be executed (126) by the words that Go's os/exec has for them.

/** An Error that says by itself, in its note, all that is to be said. `container` is null when none was made.
 */
Error explained(const Error& error, const ContainedProcess* container);

/** What is told of an Error. */
std::string message_of(const Error& error);

/** The exit code for it: 127, 126, or 1. */
int exit_code_of(const Error& error);

}  // namespace minirun::runtime
