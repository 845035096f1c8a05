#include <string_view>

#include "oci/features.h"
#include "oci/named.h"
#include "oci/parts.h"

namespace minirun::oci {
namespace {

constexpr Named<NamespaceSpec NamespaceSet::*> kTypes[] = {
    {"pid", &NamespaceSet::pid},   {"mount", &NamespaceSet::mount},     {"uts", &NamespaceSet::uts},
    {"ipc", &NamespaceSet::ipc},   {"network", &NamespaceSet::network}, {"cgroup", &NamespaceSet::cgroup},
    {"user", &NamespaceSet::user}, {"time", &NamespaceSet::time}};

NamespaceSpec* find_namespace(NamespaceSet& set, const std::string& type) {
  for (const auto& [name, which] : kTypes) {
    if (name == type) return &(set.*which);
  }
  return nullptr;
}

void parse_namespace(const Field& field, NamespaceSet& set) {
  std::string type = field["type"].required_string();
  NamespaceSpec* found = find_namespace(set, type);
  if (found == nullptr) return field["type"].refuse("the kernel has no namespace \"" + type + "\"");
  if (*found) return field["type"].refuse("stands in the list twice");
  found->path = field["path"].absolute_path();
  found->origin = found->path.empty() ? NamespaceSpec::created : NamespaceSpec::joined;
  found->setting = field.pointer();
}

std::vector<IdMapping> parse_id_mappings(const Field& list) {
  constexpr int64_t kHighest = UINT32_MAX;
  std::vector<IdMapping> mappings;
  for (const auto& field : list.items()) {
    IdMapping one;
    one.inside = static_cast<uint32_t>(field["containerID"].integer(0, kHighest));
    one.outside = static_cast<uint32_t>(field["hostID"].integer(0, kHighest));
    one.count = static_cast<uint32_t>(field["size"].integer(1, kHighest));
    if (one.count == 0) field["size"].refuse("is required");
    mappings.push_back(one);
  }
  return mappings;
}

}  // namespace

Json namespace_types() {
  return names_of(kTypes);
}

IdMappings parse_mappings(const Field& owner) {
  IdMappings mappings{parse_id_mappings(owner["uidMappings"]), parse_id_mappings(owner["gidMappings"])};
  if (mappings.uids.empty() && !mappings.gids.empty())
    owner["uidMappings"].refuse("is required beside gidMappings");
  if (mappings.gids.empty() && !mappings.uids.empty())
    owner["gidMappings"].refuse("is required beside uidMappings");
  return mappings;
}

void parse_time_offsets(const Field& field, ContainerSpec& spec) {
  constexpr int64_t kBillion = 1'000'000'000;
  for (const auto& clock : field.keys()) {
    if (clock != "monotonic" && clock != "boottime") field[clock].refuse("the kernel shifts no such clock");
    spec.time_offsets.push_back({clock,
                                 field[clock]["secs"].integer(INT64_MIN / kBillion, INT64_MAX / kBillion),
                                 static_cast<uint32_t>(field[clock]["nanosecs"].integer(0, kBillion - 1))});
  }
  if (!spec.time_offsets.empty() && spec.namespaces.time.origin != NamespaceSpec::created)
    field.refuse("needs a new time namespace");
}

void parse_net_devices(const Field& field, ContainerSpec& spec) {
  constexpr size_t kLongest = 15;  // IFNAMSIZ without the NUL
  for (const auto& name : field.keys()) {
    NetDeviceSpec device{name, field[name]["name"].string(name), field[name].pointer()};
    if (device.new_name.empty()) device.new_name = name;
    for (const auto& one : {device.name, device.new_name}) {
      bool usable = !one.empty() && one.size() <= kLongest && one.find_first_of("/ :") == std::string::npos;
      if (!usable || one == "." || one == "..")
        field[name].refuse("\"" + one + "\" is no name of an interface");
    }
    spec.net_devices.push_back(std::move(device));
  }
  if (!spec.net_devices.empty() && !spec.namespaces.network)
    field.refuse("needs a network namespace: without one there is nowhere to move interfaces to");
}

void parse_namespaces(const Field& linux, ContainerSpec& spec) {
  for (const auto& field : linux["namespaces"].items()) parse_namespace(field, spec.namespaces);
  spec.mappings = parse_mappings(linux);
  const NamespaceSet& set = spec.namespaces;
  if (set.user.origin == NamespaceSpec::created && spec.mappings.empty())
    linux["uidMappings"].refuse("is required for a new user namespace");
  if (!set.user && !spec.mappings.empty()) linux["uidMappings"].refuse("needs a user namespace");
  if (!set.mount && set.user)
    linux["namespaces"].refuse(
        "a user namespace needs a mount namespace: nobody in it may mount in the host's");
  if (!set.mount && linux["rootfsPropagation"].present())
    linux["rootfsPropagation"].refuse("needs a mount namespace: without one the root is mounted nowhere");
}

}  // namespace minirun::oci
