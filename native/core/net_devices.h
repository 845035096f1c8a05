#pragma once

#include "core/plan.h"
#include "core/spec.h"

namespace minirun {

/**
 * Plans interfaces of the host's to be moved into the network namespace of the process `pid`, with their
 * permanent addresses, and to be up there (linux.netDevices). When the namespace ends, the kernel gives
 * physical ones back to the host.
 */
void plan_net_devices(Plan& plan, const ContainerSpec& spec, const pid_t& pid);

}  // namespace minirun
