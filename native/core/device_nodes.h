#pragma once

#include "core/devices.h"
#include "core/user_namespace.h"

namespace minirun {

/** Whether `file` is the device that is asked for. */
bool is_device(int file, const DeviceSpec& device);

/** Makes the directories above `path` in a file system that has nothing but what was made for the container,
 * and gives them to the container's root. */
Fault make_parents(int directory, const std::string& path, const UserNamespace& user);

/**
 * Makes a node in a directory, whatever the process's umask is, with owners as the user namespace maps them.
 * EPERM: in a user namespace nobody may, and who has no mapping for the owner can't.
 */
Fault make_node(int directory, const char* name, const DeviceSpec& device, const UserNamespace& user);

/** Binds a node of the directory `shelf`, or of the host where that is -1, to the device's path below `root`.
 */
Fault bind_node(int root, const DeviceNode& node, int shelf, TraceRow& row);

}  // namespace minirun
