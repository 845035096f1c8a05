#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/mount_tree.h"
#include "core/plan.h"
#include "core/spec.h"
#include "core/terminal.h"
#include "core/unique_fd.h"

namespace minirun {

/** Whether a mount is the tmpfs on /dev that the container's device nodes are made in. */
bool is_device_directory(const MountSpec& mount);

/** One device of a container, and where it comes to be. */
struct DeviceNode {
  DeviceSpec spec;
  bool in_dev = false;  ///< in the tmpfs on /dev, and not bound from elsewhere to a place of its own
  bool made = false;    ///< in the tmpfs on /dev, where the node could be made
  std::string path;     ///< below that tmpfs, or else below the root
  std::string number;   ///< its name on the shelf
};

/** The devices of a container: the default ones (OCI runtime specification, "Default Devices") but for those
 * that linux.devices gives otherwise, and linux.devices. */
std::vector<DeviceNode> list_devices(const ContainerSpec& spec);

/**
 * Plans devices, the links beside them ("Dev symbolic links") and, where there is a terminal, /dev/console.
 *
 * Nodes are made on the host's side in the tmpfs that the bundle mounts on /dev, whose tree is `dev`. A
 * device at another place is a bind of a node that is made on a small tmpfs of its own, the shelf: the root
 * filesystem itself takes no device nodes. Who may make none, because of a user namespace, binds those of the
 * host. A bundle that binds something to /dev brings its own default devices and console.
 */
void plan_devices(Plan& plan, const ContainerSpec& spec, const TreeMaker& maker, const UniqueFd& root,
                  const UniqueFd* dev, const Stdio& stdio);

}  // namespace minirun
