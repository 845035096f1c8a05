#pragma once

#include <sys/types.h>

#include <string>

#include "core/result.h"
#include "core/spec.h"
#include "core/unique_fd.h"

namespace minirun {

/**
 * The root directory that a process sees, with the mounts of its namespace, as an O_PATH descriptor.
 * ESRCH when the process has ended, or when its number belongs to another process by now.
 */
Result<UniqueFd> open_process_root(pid_t pid, const std::string& start_time);

/**
 * The root of a container that doesn't run: its layers as a mount that stands in no mount table and goes away
 * with the descriptor and what was opened beneath it. Without `work` it is read-only: the upper layer is then
 * just the topmost lower one, so that it may be mounted while someone else writes to it. Files have the ids
 * that they have on the host while the container runs; `mappings` are its user namespace's, or empty.
 */
Result<UniqueFd> open_overlay_root(OverlaySpec overlay, const IdMappings& mappings);

/**
 * A directory with all its files, or one file, as another user namespace has them: what belongs to an id of
 * `mappings`' insides is shown as that of its outside. For copies from one container to another.
 */
Result<UniqueFd> open_mapped(const std::string& path, const IdMappings& mappings);

}  // namespace minirun
