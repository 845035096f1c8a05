#pragma once

#include <sys/types.h>

#include <string>

#include "core/result.h"

namespace minirun::runtime {

// What a client that lets a container go on without this process gets from it.

/** Sends a terminal's master over the unix socket (SOCK_STREAM) that the client listens at: one message with
 * the descriptor (SCM_RIGHTS), as containerd, conmon and docker take it. The descriptor is made to block
 * again. */
Status hand_over_terminal(const std::string& socket_path, int master);

/** Replaces the file whole; it has the number in decimal, without a line end. No path, no file. */
Status write_pid_file(const std::string& path, pid_t pid);

}  // namespace minirun::runtime
