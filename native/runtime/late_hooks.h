#pragma once

#include <string>

#include "core/spec.h"
#include "runtime/record.h"

namespace minirun::runtime {

/**
 * Runs hooks that can't stop anything any more, poststart or poststop: what fails is a warning, and the
 * others run all the same (OCI runtime specification, "Lifecycle"). `pid` is 0 once the process has ended.
 */
void run_late_hooks(const ContainerSpec& spec, const std::vector<HookSpec>& hooks, const Record& record,
                    const char* status, pid_t pid);

}  // namespace minirun::runtime
