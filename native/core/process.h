#pragma once

#include <string>
#include <vector>

#include "core/plan.h"
#include "core/spec.h"
#include "core/unique_fd.h"

namespace minirun {

/** Something asked for that this host can't give and that a container may run without: said, never silent. */
struct Missing {
  std::string feature;
  std::string reason;
};

/**
 * Fits what the process asks for to what this host can give, and says what was taken away: hard limits above
 * the host's (raising them takes CAP_SYS_RESOURCE) and capabilities that the host itself doesn't have (in a
 * user namespace there are all), or that can't be in the set that they are asked for in.
 */
std::vector<Missing> fit_to_host(ProcessSpec& process, bool in_user_namespace);

/** Plans the shim's death to be the child's: PR_SET_PDEATHSIG. A change of credentials clears it, so it comes
 * twice. */
void plan_death_signal(Plan& plan);

/**
 * Plans the process, and what it clones, not to be dumpable before it executes its program: nobody in a pid
 * namespace that it comes to be seen in may trace it, or reach the host by the descriptors in its /proc/PID
 * (CVE-2016-9962).
 */
void plan_not_dumpable(Plan& plan, Side side);

/** Plans a session keyring of the container's own. */
void plan_session_keyring(Plan& plan);

/**
 * Plans what takes the host's privileges, before a user namespace is entered and through the host's /proc:
 * the OOM score and, in an intermediate process, hard limits above the present ones.
 */
void plan_privileges(Plan& plan, const ProcessSpec& process, Side side);

/** Plans the resource limits, once descriptors and memory are no longer needed beyond them. */
void plan_resource_limits(Plan& plan, const ProcessSpec& process);

/** Plans the working directory to be there; made beneath the root, as mount points are. */
void plan_working_directory(Plan& plan, const ProcessSpec& process, const UniqueFd& root);

/** Plans who the process is: user, groups, capabilities, umask, working directory, no_new_privs. `rootless`:
 * its privileges are those of a user namespace that was made without any. The capabilities `kept` it keeps as
 * well, until the step of plan_last_capabilities(). */
void plan_credentials(Plan& plan, const ProcessSpec& process, bool rootless, uint64_t kept);

/** Plans the process to have no more capabilities than it is to have. */
void plan_last_capabilities(Plan& plan, const ProcessSpec& process);

}  // namespace minirun
