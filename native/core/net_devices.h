#pragma once

#include "core/namespaces.h"
#include "core/plan.h"
#include "core/spec.h"

namespace minirun {

/**
 * Plans interfaces of the host's to be moved into the container's network namespace, which is the one that is
 * joined or the one that the process `pid` was born in, with their permanent addresses, and to be up there
 * (linux.netDevices). When the namespace ends, the kernel gives physical ones back to the host.
 */
void plan_net_devices(Plan& plan, const ContainerSpec& spec, const JoinedNamespaces& joined,
                      const pid_t& pid);

}  // namespace minirun
