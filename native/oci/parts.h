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

/** /process. */
ProcessSpec parse_process(const Field& process);

/** /linux/devices. */
std::vector<DeviceSpec> parse_devices(const Field& list);

/** /linux/resources, or a file with such an object alone. */
LimitSpec parse_resources(const Field& resources);

/** /linux/seccomp. */
SeccompSpec parse_seccomp(const Field& seccomp);

}  // namespace minirun::oci
