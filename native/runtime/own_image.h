#pragma once

#include "core/result.h"

namespace minirun::runtime {

/**
 * Makes this process one whose executable nobody can write to, by executing it anew where it isn't yet: a
 * program in a container that executes /proc/self/exe, or a script that names it as its interpreter, runs the
 * runtime, and root in the container could open that for writing once the runtime has ended (CVE-2019-5736).
 *
 * It is executed from a read-only mount of its own that no table shows, so that it is neither copied nor kept
 * anywhere; a user who may mount nothing takes a sealed copy in memory. Returns when there is nothing to do
 * any more, or why that can't be done.
 */
Status protect_own_image(char** argv);

}  // namespace minirun::runtime
