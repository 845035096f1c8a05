#pragma once

#include <string>

#include "core/container_processes.h"

namespace minirun::runtime {

/** A process's command line, or else its name, for people. It may call itself anything, and a terminal would
 * obey: control characters become "?". */
std::string command_of(const ContainerProcess& process);

}  // namespace minirun::runtime
