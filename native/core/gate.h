#pragma once

#include "core/result.h"
#include "core/unique_fd.h"

namespace minirun {

// The gate between create and start of a container whose creator is gone: a unix socket in the container's
// state directory, which only the runtime's user may enter. The container's first process listens, and who
// sends a byte over a connection starts it. Nobody inside can: the socket lies outside of the container's
// root, and the listening descriptor can neither be opened through /proc/PID/fd (ENXIO) nor does it survive
// execve. The connection is closed by execve or by death, which tells the starter that one of them has
// happened.

/** Makes the gate in `directory`; nobody finds it there yet. */
Result<UniqueFd> make_gate(int directory);

/** Lets the gate be found: its process has set itself up, and stands there. */
Status show_gate(int directory);

/** Whether the gate can be found. */
bool has_gate(int directory);

/** Connects to the gate. ECONNREFUSED: its process has ended; ENOENT: it was started before, or isn't shown
 * yet. */
Result<UniqueFd> knock_at_gate(int directory);

/** Starts the process; returns when it has executed its program, or ended without. */
Status open_gate(int connection);

/** Takes the gate away once it has been passed. */
void remove_gate(int directory);

}  // namespace minirun
