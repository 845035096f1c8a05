#pragma once

#include <string>

#include "core/pid_text.h"
#include "core/plan.h"
#include "core/spec.h"
#include "core/unique_fd.h"

namespace minirun {

/**
 * The way to the server that is asked about system calls (SCMP_ACT_NOTIFY, seccomp_unotify(2)). It gets the
 * filter's descriptor and the container's process state (OCI runtime specification, "The Container Process
 * State"), over a connection that is made before the process is.
 */
struct SeccompListener {
  UniqueFd connection;
  PidText message;
  char pid[16] = "";  ///< the child's number, as the host sees it
};

/** Plans the host to connect to the server, and the child to learn its number while it sees the host's /proc.
 */
void plan_listener(Plan& plan, const ContainerSpec& spec, SeccompListener& listener);

/**
 * Installs a filter with `install`, which returns its descriptor or -1, and sends that to the server. Behind
 * the filter the caller makes no call, for none may be let through, and the server doesn't answer yet: a
 * thread that was cloned before sends, without the filter, and ends.
 */
Fault install_with_listener(const SeccompListener& listener, int (*install)(const void*),
                            const void* argument);

}  // namespace minirun
