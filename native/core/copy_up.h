#pragma once

#include "core/result.h"

namespace minirun {

/**
 * Copies what is in the directory `from` to the directory `to`: directories, files and symbolic links with
 * their owners, modes and times. Devices, pipes and sockets are left out. Nothing in `from` leads out of it.
 * ELOOP: it is nested too deeply. Allocates nothing.
 */
Fault copy_up(int from, int to);

}  // namespace minirun
