#pragma once

// What the kernel holds for a container as JSON: the parts of the contract's kernel view
// (lib/contract/kernel.ts).

#include "core/container_processes.h"
#include "core/kernel_cgroup.h"
#include "core/kernel_descriptors.h"
#include "core/kernel_mounts.h"
#include "core/kernel_namespaces.h"
#include "core/kernel_network.h"
#include "core/kernel_privileges.h"
#include "core/seccomp_answers.h"
#include "oci/json.h"

namespace minirun::oci {

/** The descriptors of one of several processes. */
struct ProcessDescriptors {
  pid_t pid = 0;
  pid_t host_pid = 0;
  std::string name;
  KernelDescriptors found;
};

Json kernel_json(const std::vector<KernelNamespace>& spaces);
Json kernel_json(const ContainerProcesses& found);
Json kernel_json(const KernelMounts& found);
Json kernel_json(const KernelCgroup& group);
Json kernel_json(const KernelIdMaps& maps);
Json kernel_json(const KernelNetwork& network);
Json capabilities_json(const KernelPrivileges& privileges);
/** With an empty program, which is that of a process without a filter, or of one whose filter isn't known. */
Json seccomp_json(const KernelPrivileges& privileges, const std::vector<sock_filter>& program);
/** `total` counts the descriptors of all processes, also of those that are left out. */
Json descriptors_json(const std::vector<ProcessDescriptors>& processes, size_t total);

}  // namespace minirun::oci
