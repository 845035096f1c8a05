#pragma once

#include "core/plan.h"
#include "core/spec.h"
#include "core/unique_fd.h"

namespace minirun {

/**
 * A procfs that nobody else can reach, to be written through: a detached mount of its own or, where the
 * kernel grants none because the host has masked its /proc, that one, checked to be procfs. What a root
 * filesystem or another container has put in the place of /proc never gets the write, and no part of a path
 * beneath it is a link or a mount point (CVE-2019-16884, CVE-2025-52881).
 */
Fault open_procfs(UniqueFd& procfs);

/** Opens a file of procfs for writing, such as "sys/net/ipv4/ip_forward". */
Fault open_in_procfs(int procfs, const char* path, UniqueFd& file);

/** Plans the private procfs to be opened, where something needs it, by the child and before pivot_root. */
void plan_procfs(Plan& plan, const ContainerSpec& spec, UniqueFd& procfs);

/** Plans linux.sysctl, each parameter a step. */
void plan_sysctls(Plan& plan, const ContainerSpec& spec, const UniqueFd& procfs);

}  // namespace minirun
