#include <linux/mount.h>

#include <string_view>

#include "oci/parts.h"

namespace minirun::oci {
namespace {

struct Attribute {
  std::string_view option;
  uint64_t set;
  uint64_t cleared;
};

// mount(8)'s words for the attributes of one mount (mount_setattr(2)).
constexpr Attribute kAttributes[] = {
    {"ro", MOUNT_ATTR_RDONLY, 0},
    {"rw", 0, MOUNT_ATTR_RDONLY},
    {"nosuid", MOUNT_ATTR_NOSUID, 0},
    {"suid", 0, MOUNT_ATTR_NOSUID},
    {"nodev", MOUNT_ATTR_NODEV, 0},
    {"dev", 0, MOUNT_ATTR_NODEV},
    {"noexec", MOUNT_ATTR_NOEXEC, 0},
    {"exec", 0, MOUNT_ATTR_NOEXEC},
    {"nodiratime", MOUNT_ATTR_NODIRATIME, 0},
    {"diratime", 0, MOUNT_ATTR_NODIRATIME},
    {"nosymfollow", MOUNT_ATTR_NOSYMFOLLOW, 0},
    {"symfollow", 0, MOUNT_ATTR_NOSYMFOLLOW},
    {"relatime", MOUNT_ATTR_RELATIME, MOUNT_ATTR__ATIME},
    {"noatime", MOUNT_ATTR_NOATIME, MOUNT_ATTR__ATIME},
    {"strictatime", MOUNT_ATTR_STRICTATIME, MOUNT_ATTR__ATIME},
};

struct Propagation {
  std::string_view option;
  uint64_t value;
};

constexpr Propagation kPropagations[] = {
    {"private", MS_PRIVATE}, {"rprivate", MS_PRIVATE}, {"slave", MS_SLAVE}, {"rslave", MS_SLAVE}};

// Words that change nothing for a mount that is made here.
constexpr std::string_view kIgnored[] = {"defaults", "async", "noauto", "nofail"};

bool apply_attribute(std::string_view option, MountSpec& mount) {
  for (const auto& attribute : kAttributes) {
    if (option != attribute.option) continue;
    mount.attributes_set = (mount.attributes_set & ~attribute.cleared) | attribute.set;
    mount.attributes_cleared = (mount.attributes_cleared & ~attribute.set) | attribute.cleared;
    return true;
  }
  return false;
}

bool apply_propagation(std::string_view option, MountSpec& mount) {
  for (const auto& propagation : kPropagations) {
    if (option == propagation.option) return mount.propagation = propagation.value, true;
  }
  return false;
}

bool is_ignored(std::string_view option) {
  for (auto word : kIgnored) {
    if (option == word) return true;
  }
  return false;
}

void apply_option(const Field& field, const std::string& option, MountSpec& mount) {
  if (option == "bind" || option == "rbind") {
    mount.bind = true;
    mount.recursive = option == "rbind";
    return;
  }
  if (option == "idmap" || option == "ridmap") {
    mount.id_mapped = option == "idmap" ? IdMapped::itself : IdMapped::recursive;
    return;
  }
  if (apply_attribute(option, mount) || apply_propagation(option, mount) || is_ignored(option)) return;
  bool unsupported =
      option == "remount" || option == "shared" || option == "rshared" || option == "tmpcopyup";
  if (unsupported) return field.refuse("the option " + option + " is not supported by this runtime");
  size_t equals = option.find('=');
  std::string value = equals == std::string::npos ? "" : option.substr(equals + 1);
  mount.data.emplace_back(option.substr(0, equals), value);
}

}  // namespace

MountSpec parse_mount(const Field& field, const std::string& bundle) {
  MountSpec mount;
  mount.setting = field.pointer();
  mount.mappings = parse_mappings(field);
  field["destination"].required_string();
  mount.destination = field["destination"].absolute_path();
  mount.source = field["source"].string();
  mount.type = field["type"].string();
  for (const auto& option : field["options"].items()) {
    std::string text = option.string();
    mount.options += (mount.options.empty() ? "" : ",") + text;
    apply_option(option, text, mount);
  }
  if (mount.type == "bind") mount.bind = true;
  if (!mount.mappings.empty() && mount.id_mapped == IdMapped::no) mount.id_mapped = IdMapped::itself;
  if (mount.id_mapped != IdMapped::no && !mount.bind)
    field["options"].refuse("only a bind mount can be id-mapped");
  if (mount.bind) {
    if (mount.source.empty()) field["source"].refuse("is required for a bind mount");
    if (!mount.data.empty())
      field["options"].refuse("a bind mount takes no option " + mount.data.front().first);
    if (!mount.source.empty() && mount.source.front() != '/') mount.source = bundle + "/" + mount.source;
  } else {
    field["type"].required_string();
    if (mount.source.empty()) mount.source = mount.type;
  }
  // A devpts mount of its own is what the kernel makes since Linux 4.7 whether or not it is asked to.
  std::erase_if(mount.data, [](const auto& option) { return option.first == "newinstance"; });
  return mount;
}

}  // namespace minirun::oci
