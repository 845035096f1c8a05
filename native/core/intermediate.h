#pragma once

#include <functional>

#include "core/result.h"

namespace minirun {

/**
 * Runs `work` in a process of its own and returns what came of it once that process has ended.
 *
 * Some namespaces are only those of a process's later children (pid, time), and one can't be left again
 * (user). A process in between takes that upon itself: what it does to its namespaces, credentials and
 * resource limits is its own, while memory and descriptors are the caller's, who stands still meanwhile
 * (clone(2): CLONE_VM, CLONE_VFORK, CLONE_FILES). What it clones with CLONE_PARENT is the caller's child.
 */
Fault run_intermediate(const std::function<Fault()>& work);

}  // namespace minirun
