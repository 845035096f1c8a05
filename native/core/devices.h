#pragma once

#include "core/plan.h"
#include "core/spec.h"
#include "core/terminal.h"
#include "core/unique_fd.h"

namespace minirun {

/**
 * Plans the standard devices and links (OCI runtime specification, "Default Devices" and "Dev symbolic
 * links") into the tmpfs that the bundle mounts on /dev, and /dev/console where there is a terminal. A bundle
 * that mounts no tmpfs there brings its own /dev.
 */
void plan_devices(Plan& plan, const ContainerSpec& spec, const UniqueFd& root, const Stdio& stdio);

}  // namespace minirun
