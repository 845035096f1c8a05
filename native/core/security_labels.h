#pragma once

#include <vector>

#include "core/plan.h"
#include "core/process.h"
#include "core/spec.h"
#include "core/unique_fd.h"

namespace minirun {

/** The Error for an AppArmor profile or an SELinux label where the kernel doesn't enforce such things. Mounts
 * go without a label there, which is noted. */
Status check_security_labels(const ContainerSpec& spec, std::vector<Missing>& missing);

/** Gives the file systems that are made for the container the SELinux label of linux.mountLabel. */
void label_mounts(ContainerSpec& spec);

/** Plans what the next execve changes to: process.apparmorProfile and process.selinuxLabel. */
void plan_security_labels(Plan& plan, const ProcessSpec& process, const UniqueFd& procfs);

}  // namespace minirun
