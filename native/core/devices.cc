#include "core/devices.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>

#include "core/beneath.h"
#include "core/device_nodes.h"
#include "core/syscalls.h"

namespace minirun {
namespace {

constexpr struct {
  const char* path;
  DeviceNumber number;
} kDefaultDevices[] = {{"/dev/null", {1, 3}},   {"/dev/zero", {1, 5}},    {"/dev/full", {1, 7}},
                       {"/dev/random", {1, 8}}, {"/dev/urandom", {1, 9}}, {"/dev/tty", {5, 0}}};

constexpr struct {
  const char* name;
  const char* target;
} kLinks[] = {{"fd", "/proc/self/fd"},
              {"stdin", "/proc/self/fd/0"},
              {"stdout", "/proc/self/fd/1"},
              {"stderr", "/proc/self/fd/2"},
              {"ptmx", "pts/ptmx"}};

// The shelf hangs over the old root's /sys and goes away with it: before Linux 6.15 binds can only be taken
// from an attached mount. In the host's mount namespace it hangs nowhere.
constexpr const char* kParkingPlace = "/sys";

/** What the steps share. */
struct Devices {
  explicit Devices(const TreeMaker& maker) : owners(maker.side == Side::host ? maker.user : same_ids) {}

  std::vector<DeviceNode> nodes;
  UserNamespace same_ids;       ///< the child is in the user namespace already, and counts as it does
  const UserNamespace& owners;  ///< what makes of the owners' ids those that the maker calls them by
  MountSpec shelf_mount;
  UniqueFd shelf;
  bool attaches_shelf = true;
};

bool is_below(const std::string& path, const std::string& directory) {
  return path.starts_with(directory == "/" ? directory : directory + "/");
}

/** The mount that a path of the container is on: the longest that it is below, and of two the later. */
const MountSpec* mount_of(const ContainerSpec& spec, const std::string& path) {
  const MountSpec* found = nullptr;
  for (const auto& mount : spec.mounts) {
    bool longest = found == nullptr || mount.destination.size() >= found->destination.size();
    if (longest && is_below(path, mount.destination)) found = &mount;
  }
  return found;
}

DeviceNode place(const ContainerSpec& spec, DeviceSpec device, size_t number) {
  DeviceNode node{std::move(device), false, false, "", std::to_string(number)};
  const MountSpec* mount = mount_of(spec, node.spec.path);
  node.in_dev = mount != nullptr && is_device_directory(*mount);
  node.path = node.spec.path.substr(node.in_dev ? mount->destination.size() + 1 : 1);
  return node;
}

bool brings_own_devices(const ContainerSpec& spec) {
  return std::any_of(spec.mounts.begin(), spec.mounts.end(),
                     [](const MountSpec& mount) { return mount.destination == "/dev" && mount.bind; });
}

std::string paths_of(const std::vector<DeviceNode>& nodes, bool in_dev) {
  std::string all;
  for (const auto& node : nodes) {
    if (node.in_dev == in_dev) all += (all.empty() ? "" : " ") + node.spec.path;
  }
  return all;
}

/** EPERM leaves a node to be bound: in a user namespace nobody makes any. */
Fault make_in_dev(int dev, DeviceNode& node, const UserNamespace& user) {
  if (Fault fault = make_parents(dev, node.path, user)) return fault;
  Fault fault = make_node(dev, node.path.c_str(), node.spec, user);
  node.made = !fault;
  return fault.code == EPERM ? kNoFault : fault;
}

/** Makes a tmpfs with the nodes that belong to other places. Without the right to, it stays empty. */
Fault fill_shelf(Devices& devices, TraceRow& row) {
  if (Fault fault = make_file_system(devices.shelf_mount, devices.shelf, row)) return fault;
  for (const auto& node : devices.nodes) {
    if (node.in_dev) continue;
    Fault fault = make_node(devices.shelf.get(), node.number.c_str(), node.spec, devices.owners);
    if (!fault) continue;
    devices.shelf.reset();
    return fault.code == EPERM ? kNoFault : fault;
  }
  return kNoFault;
}

Fault bind_nodes(int root, const Devices& devices, TraceRow& row) {
  if (devices.shelf && devices.attaches_shelf) {
    UniqueFd parking(::open(kParkingPlace, O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!parking) return failed("open");
    if (sys::move_mount(devices.shelf.get(), parking.get()) < 0) return failed("move_mount");
  }
  for (const auto& node : devices.nodes) {
    if (node.made) continue;
    if (Fault fault = bind_node(root, node, node.in_dev ? -1 : devices.shelf.get(), row)) {
      if (row.note[0] == '\0') row.annotate(node.spec.path);
      return fault;
    }
  }
  return kNoFault;
}

/** Links that the root filesystem has already stay; in a tmpfs of our own there are none. */
Fault make_links(int dev) {
  for (const auto& link : kLinks) {
    if (::symlinkat(link.target, dev, link.name) < 0 && errno != EEXIST) return failed("symlinkat");
  }
  return kNoFault;
}

Fault make_links_beneath(int root) {
  UniqueFd dev(make_beneath(root, "dev", MountPoint::directory, RESOLVE_NO_SYMLINKS));
  return dev ? make_links(dev.get()) : failed("openat2");
}

/** Binds the container's own terminal to /dev/console, which init systems write to. */
Fault bind_console(int root, const char* terminal_path) {
  UniqueFd terminal(open_beneath(root, terminal_path, RESOLVE_NO_SYMLINKS));
  if (!terminal) return failed("openat2");
  UniqueFd tree(sys::open_tree(terminal.get(), "", OPEN_TREE_CLONE | AT_EMPTY_PATH));
  if (!tree) return failed("open_tree");
  UniqueFd console(make_beneath(root, "dev/console", MountPoint::file, RESOLVE_NO_SYMLINKS));
  if (!console) return failed("openat2");
  return sys::move_mount(tree.get(), console.get()) < 0 ? failed("move_mount") : kNoFault;
}

/** Those of the tmpfs on /dev: linux.devices each with a step of its own, the default ones together. */
void plan_in_dev(Plan& plan, const std::shared_ptr<Devices>& devices, const TreeMaker& maker,
                 const UniqueFd& dev) {
  auto make_defaults = [devices, &dev](TraceRow&) {
    for (auto& node : devices->nodes) {
      if (!node.in_dev || !node.spec.setting.empty()) continue;
      if (Fault fault = make_in_dev(dev.get(), node, devices->owners)) return fault;
    }
    return make_links(dev.get());
  };
  plan.add({maker.side, "devices", "mknodat", "/dev", paths_of(devices->nodes, true), "", make_defaults});
  for (auto& node : devices->nodes) {
    if (!node.in_dev || node.spec.setting.empty()) continue;
    auto make = [devices, &node, &dev](TraceRow&) { return make_in_dev(dev.get(), node, devices->owners); };
    std::string number = std::string(1, node.spec.type) + " " + to_string(node.spec.number);
    plan.add(
        {maker.side, "device " + node.spec.path, "mknodat", node.spec.path, number, node.spec.setting, make});
  }
}

}  // namespace

bool is_device_directory(const MountSpec& mount) {
  return mount.destination == "/dev" && mount.type == "tmpfs" && !mount.bind && !mount.remount;
}

std::vector<DeviceNode> list_devices(const ContainerSpec& spec) {
  std::vector<DeviceNode> nodes;
  for (const auto& device : spec.devices) nodes.push_back(place(spec, device, nodes.size()));
  if (brings_own_devices(spec)) return nodes;
  for (const auto& known : kDefaultDevices) {
    bool given = std::any_of(spec.devices.begin(), spec.devices.end(),
                             [&known](const DeviceSpec& device) { return device.path == known.path; });
    if (given) continue;
    nodes.push_back(place(spec, {known.path, 'c', known.number, 0666, 0, 0, ""}, nodes.size()));
  }
  return nodes;
}

void plan_devices(Plan& plan, const ContainerSpec& spec, const TreeMaker& maker, const UniqueFd& root,
                  const UniqueFd* dev, const Stdio& stdio) {
  auto devices = std::make_shared<Devices>(maker);
  devices->nodes = list_devices(spec);
  devices->shelf_mount.type = "tmpfs";
  devices->shelf_mount.source = "minirun-devices";
  devices->shelf_mount.data = {{"mode", "0755"}};
  devices->attaches_shelf = static_cast<bool>(spec.namespaces.mount);
  bool elsewhere = std::any_of(devices->nodes.begin(), devices->nodes.end(),
                               [](const DeviceNode& node) { return !node.in_dev; });
  if (dev != nullptr) plan_in_dev(plan, devices, maker, *dev);
  if (elsewhere) {
    auto fill = [devices](TraceRow& row) { return fill_shelf(*devices, row); };
    plan.add({maker.side, "device shelf", "fsmount", "minirun-devices", paths_of(devices->nodes, false), "",
              fill});
  }
  if (elsewhere || maker.side == Side::child || !in_first_user_namespace()) {
    auto bind = [devices, &root](TraceRow& row) { return bind_nodes(root.get(), *devices, row); };
    plan.add(
        {Side::child, "bind devices", "move_mount", "/dev", "what could not be made in place", "", bind});
  }
  if (brings_own_devices(spec)) return;
  if (dev == nullptr) {
    auto links = [&root](TraceRow&) { return make_links_beneath(root.get()); };
    plan.add({Side::child, "device links", "symlinkat", "/dev", "fd stdin stdout stderr ptmx", "", links});
  }
  if (!spec.process.terminal) return;
  auto console = [&root, &stdio](TraceRow&) { return bind_console(root.get(), stdio.terminal_path); };
  plan.add({Side::child, "console", "move_mount", "/dev/console", "the terminal → /dev/console",
            "/process/terminal", console});
}

}  // namespace minirun
