#pragma once

#include <string>

#include "core/pid_text.h"
#include "core/spec.h"

namespace minirun::oci {

/**
 * What hooks are told of a container: OCI's state document (runtime.md, "State") with its id, its bundle's
 * absolute path and its annotations.
 */
DescribeState describe_state(const ContainerSpec& spec, std::string id, std::string bundle);

/** What a seccomp listener is told of a process of the container ("The Container Process State"). */
DescribeState describe_process(const ContainerSpec& spec, std::string id, std::string bundle);

}  // namespace minirun::oci
