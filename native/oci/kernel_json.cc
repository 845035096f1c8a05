#include "oci/kernel_json.h"

#include <array>

#include "core/capabilities.h"

namespace minirun::oci {
namespace {

template <class Item, class Make>
Json list(const std::vector<Item>& items, Make make) {
  std::vector<Json> values;
  values.reserve(items.size());
  for (const auto& item : items) values.push_back(make(item));
  return Json::array(values);
}

Json number_or_null(const std::optional<uint64_t>& number) {
  return number ? Json(*number) : Json();
}

/** Inodes are told as text: they may be beyond what a JavaScript number holds. */
Json inode_or_null(ino_t inode) {
  return inode == 0 ? Json() : Json(std::to_string(inode));
}

Json process_json(const ContainerProcess& process) {
  return Json::object({{"pid", process.pid},
                       {"hostPid", process.host_pid},
                       {"hostParentPid", process.host_parent},
                       {"uid", process.uid},
                       {"state", std::string(1, process.state)},
                       {"name", process.name},
                       {"command", Json::array_of(process.command)},
                       {"threads", process.threads},
                       {"cpuSeconds", process.cpu_seconds},
                       {"memoryBytes", process.resident_bytes}});
}

Json overlay_json(const std::optional<OverlayLayers>& overlay) {
  if (!overlay) return {};
  return Json::object(
      {{"lower", Json::array_of(overlay->lower)},
       {"lowerFolders", overlay->lower_folders.empty() ? Json() : Json::array_of(overlay->lower_folders)},
       {"upper", overlay->upper},
       {"work", overlay->work}});
}

Json mount_json(const KernelMount& mount) {
  return Json::object({{"id", mount.id},
                       {"parent", mount.parent},
                       {"device", mount.device},
                       {"root", mount.root},
                       {"point", mount.point},
                       {"options", Json::array_of(mount.options)},
                       {"propagation", Json::array_of(mount.propagation)},
                       {"type", mount.type},
                       {"source", mount.source},
                       {"superOptions", Json::array_of(mount.super_options)},
                       {"coveredBy", mount.covered_by == 0 ? Json() : Json(mount.covered_by)},
                       {"overlay", overlay_json(mount.overlay)}});
}

Json pressure_line(const std::optional<Pressure::Line>& line) {
  if (!line) return {};
  return Json::object({{"avg10", line->avg10},
                       {"avg60", line->avg60},
                       {"avg300", line->avg300},
                       {"totalUs", line->total_us}});
}

Json pressure_json(const Pressure& pressure) {
  if (!pressure.some && !pressure.full) return {};
  return Json::object({{"some", pressure_line(pressure.some)}, {"full", pressure_line(pressure.full)}});
}

const char* role_name(ControlRole role) {
  constexpr std::array<const char*, 5> kNames = {"limit", "use", "peak", "pressure", "events"};
  return kNames[static_cast<size_t>(role)];
}

Json resource_json(const ControlResource& resource) {
  std::vector<Json::Member> counts;
  for (const auto& [name, count] : resource.counts) counts.emplace_back(name, count);
  auto file = [](const ControlFile& one) {
    return Json::object({{"path", one.path}, {"role", role_name(one.role)}, {"text", one.text}});
  };
  return Json::object({{"name", resource.name},
                       {"use", number_or_null(resource.use)},
                       {"limit", number_or_null(resource.limit)},
                       {"peak", number_or_null(resource.peak)},
                       {"pressure", pressure_json(resource.pressure)},
                       {"counts", Json::object(counts)},
                       {"files", list(resource.files, file)}});
}

Json ranges_json(const std::vector<IdMapping>& ranges) {
  return list(ranges, [](const IdMapping& range) {
    return Json::object({{"inside", range.inside}, {"outside", range.outside}, {"count", range.count}});
  });
}

Json interface_json(const NetworkInterface& interface) {
  auto address = [](const NetworkAddress& one) {
    return Json::object({{"address", one.address}, {"prefix", one.prefix}, {"scope", one.scope}});
  };
  return Json::object({{"index", interface.index},
                       {"name", interface.name},
                       {"kind", interface.loopback ? "loopback" : interface.kind},
                       {"hardwareAddress", interface.hardware_address},
                       {"mtu", interface.mtu},
                       {"up", interface.up},
                       {"running", interface.running},
                       {"receivedBytes", interface.received_bytes},
                       {"sentBytes", interface.sent_bytes},
                       {"receivedPackets", interface.received_packets},
                       {"sentPackets", interface.sent_packets},
                       {"addresses", list(interface.addresses, address)}});
}

Json route_json(const NetworkRoute& route) {
  return Json::object({{"destination", route.destination},
                       {"gateway", route.gateway.empty() ? Json() : Json(route.gateway)},
                       {"interface", route.interface},
                       {"type", route.type},
                       {"metric", route.metric}});
}

Json descriptor_json(const KernelDescriptor& descriptor) {
  return Json::object({{"number", descriptor.number},
                       {"target", descriptor.target},
                       {"access", std::string(1, descriptor.access)},
                       {"closesOnExec", descriptor.closes_on_exec},
                       {"position", descriptor.position}});
}

}  // namespace

Json kernel_json(const std::vector<KernelNamespace>& spaces) {
  return list(spaces, [](const KernelNamespace& space) {
    return Json::object({{"kind", space.kind},
                         {"inode", inode_or_null(space.inode)},
                         {"hostInode", inode_or_null(space.host_inode)},
                         {"ownerInode", inode_or_null(space.owner_inode)},
                         {"own", space.inode != space.host_inode}});
  });
}

Json kernel_json(const ContainerProcesses& found) {
  return Json::object({{"total", found.total}, {"items", list(found.processes, process_json)}});
}

Json kernel_json(const KernelMounts& found) {
  return Json::object({{"total", found.total}, {"items", list(found.mounts, mount_json)}});
}

Json kernel_json(const KernelCgroup& group) {
  return Json::object({{"version", group.version},
                       {"path", group.path},
                       {"frozen", group.frozen},
                       {"resources", list(group.resources, resource_json)}});
}

Json kernel_json(const KernelIdMaps& maps) {
  return Json::object({{"uids", ranges_json(maps.mappings.uids)},
                       {"gids", ranges_json(maps.mappings.gids)},
                       {"setgroups", maps.setgroups}});
}

Json kernel_json(const KernelNetwork& network) {
  return Json::object({{"totalInterfaces", network.total_interfaces},
                       {"interfaces", list(network.interfaces, interface_json)},
                       {"totalRoutes", network.total_routes},
                       {"routes", list(network.routes, route_json)}});
}

Json descriptors_json(const std::vector<ProcessDescriptors>& processes, size_t total) {
  return Json::object({{"total", total}, {"processes", list(processes, [](const ProcessDescriptors& one) {
                                            return Json::object(
                                                {{"pid", one.pid},
                                                 {"hostPid", one.host_pid},
                                                 {"name", one.name},
                                                 {"total", one.found.total},
                                                 {"items", list(one.found.descriptors, descriptor_json)}});
                                          })}});
}

}  // namespace minirun::oci
