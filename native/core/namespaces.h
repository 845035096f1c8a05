#pragma once

#include <cstdint>
#include <string>

#include "core/plan.h"
#include "core/spec.h"

namespace minirun {

/**
 * The CLONE_NEW* flags that the first process is cloned with. The cgroup namespace is not among them: its
 * root is where its creator stands, so the child makes it after it has joined its control group.
 */
uint64_t clone_flags(const NamespaceSet& namespaces);

/** The set as people write it: "pid mount uts ipc net". */
std::string describe(const NamespaceSet& namespaces);

void plan_cgroup_namespace(Plan& plan, const ContainerSpec& spec);
void plan_hostname(Plan& plan, const ContainerSpec& spec);

/** Plans the loopback interface of a new network namespace to be brought up. */
void plan_network(Plan& plan, const ContainerSpec& spec);

}  // namespace minirun
