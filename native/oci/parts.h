#pragma once

// The parts of config.json that have a file of their own. Problems go where the Field puts them.

#include "core/spec.h"
#include "oci/reader.h"

namespace minirun::oci {

/** /mounts/N. `bundle` is what relative sources of binds are relative to. */
MountSpec parse_mount(const Field& mount, const std::string& bundle);

/** A word for how mounts propagate: /linux/rootfsPropagation. */
PropagationSpec parse_propagation(const Field& field);

/** /linux/namespaces, and the mappings of a new user namespace. */
void parse_namespaces(const Field& linux, ContainerSpec& spec);

/** uidMappings and gidMappings, of /linux or of a mount: both or none of them. */
IdMappings parse_mappings(const Field& owner);

/** "0-3,7": numbers of processors or memory nodes. */
BitMask parse_numbers(const Field& field);

/** /process/scheduler, ioPriority and execCPUAffinity. */
void parse_scheduling(const Field& process, ProcessSpec& spec);

/** /linux/memoryPolicy and personality. */
void parse_memory_policy(const Field& field, ContainerSpec& spec);
void parse_personality(const Field& field, ContainerSpec& spec);

/** /linux/sysctl: those that are the container's own by its namespaces. */
void parse_sysctls(const Field& field, ContainerSpec& spec);

/** /linux/timeOffsets and netDevices. */
void parse_time_offsets(const Field& field, ContainerSpec& spec);
void parse_net_devices(const Field& field, ContainerSpec& spec);

/** /hooks. */
HookSet parse_hooks(const Field& field);

/** /process. */
ProcessSpec parse_process(const Field& process);

/** /linux/devices. */
std::vector<DeviceSpec> parse_devices(const Field& list);

/** /linux/resources, or a file with such an object alone. */
LimitSpec parse_resources(const Field& resources);

/** /linux/seccomp. */
SeccompSpec parse_seccomp(const Field& seccomp);

}  // namespace minirun::oci
