#pragma once

#include <sys/types.h>

#include "core/plan.h"
#include "core/spec.h"

namespace minirun {

/** A set for people: "0,1,7". */
std::string describe(const BitMask& mask);

/**
 * Plans the scheduling policy and the io priority of the process `pid`, which stands at its gate. The host
 * sets them: what is above the usual takes CAP_SYS_NICE outside of every user namespace.
 */
void plan_scheduling(Plan& plan, const ProcessSpec& process, const pid_t& pid);

/** Plans the processors that a further process may run on before it is in its control group, and from then
 * on. */
void plan_initial_cpus(Plan& plan, const ProcessSpec& process, Side side);
void plan_final_cpus(Plan& plan, const ProcessSpec& process);

/** Plans what the process itself says to the kernel: which personality and which memory nodes it wants. */
void plan_memory_policy(Plan& plan, const ContainerSpec& spec);
void plan_personality(Plan& plan, const ContainerSpec& spec);

}  // namespace minirun
