#pragma once

#include <string>
#include <vector>

#include "core/pid_text.h"
#include "core/plan.h"
#include "core/spec.h"
#include "core/unique_fd.h"

namespace minirun {

/**
 * Runs a hook to its end, with `state` on its standard input. An Error says why it failed, with the end of
 * what it wrote to its standard error; after its timeout it is killed (ETIMEDOUT).
 */
Status run_hook(const HookSpec& hook, const std::string& state);

/** Runs all of them, whatever becomes of one; returns those that failed. For poststart and poststop. */
std::vector<Error> run_hooks(const std::vector<HookSpec>& hooks, const std::string& state);

/**
 * Plans hooks that the child runs in its own place: createContainer before it enters its root, so that their
 * paths are the host's, startContainer after it was started.
 */
void plan_child_hooks(Plan& plan, const char* point, const std::vector<HookSpec>& hooks,
                      const PidText& state);

/** Plans hooks that the host runs while the child waits: prestart and createRuntime. `pid` is the child's. */
void plan_host_hooks(Plan& plan, const char* point, const std::vector<HookSpec>& hooks, const PidText& state,
                     const pid_t& pid);

}  // namespace minirun
