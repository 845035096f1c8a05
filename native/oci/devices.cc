#include "oci/parts.h"

namespace minirun::oci {
namespace {

constexpr int64_t kHighestId = UINT32_MAX - 1;  // the highest means "unchanged" to the kernel
constexpr mode_t kModeBits = 07777;

DeviceSpec parse_device(const Field& field) {
  DeviceSpec device;
  device.setting = field.pointer();
  field["path"].required_string();
  device.path = field["path"].absolute_path();
  if (device.path == "/" || device.path.ends_with('/')) field["path"].refuse("names no file");
  std::string type = field["type"].required_string();
  if (type != "c" && type != "b" && type != "u" && type != "p")
    field["type"].refuse("expected c, b, u or p, received \"" + type + "\"");
  device.type = type == "b" || type == "p" ? type.front() : 'c';
  for (const char* part : {"major", "minor"}) {
    if (type != "p" && !field[part].present()) field[part].refuse("is required");
  }
  device.number.major = static_cast<uint32_t>(field["major"].integer(0, UINT32_MAX));
  device.number.minor = static_cast<uint32_t>(field["minor"].integer(0, UINT32_MAX));
  // Some write down all of st_mode, with the type above the permissions.
  device.mode = static_cast<mode_t>(field["fileMode"].integer(0, UINT32_MAX, 0666)) & kModeBits;
  device.uid = static_cast<uid_t>(field["uid"].integer(0, kHighestId));
  device.gid = static_cast<gid_t>(field["gid"].integer(0, kHighestId));
  return device;
}

}  // namespace

std::vector<DeviceSpec> parse_devices(const Field& list) {
  std::vector<DeviceSpec> devices;
  for (const auto& field : list.items()) {
    DeviceSpec device = parse_device(field);
    for (const auto& earlier : devices) {
      if (earlier.path == device.path) field["path"].refuse("the path stands in the list twice");
    }
    devices.push_back(std::move(device));
  }
  return devices;
}

}  // namespace minirun::oci
