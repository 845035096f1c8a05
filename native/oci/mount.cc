#include <linux/mount.h>

#include <algorithm>
#include <span>
#include <string_view>

#include "oci/features.h"
#include "oci/parts.h"

namespace minirun::oci {
namespace {

struct Attribute {
  std::string_view option;
  uint64_t set;
  uint64_t cleared;
};

// mount(8)'s words for the attributes of one mount (mount_setattr(2)). With an "r" before them they are those
// of all mounts below too. relatime is what the kernel does where nothing else is asked for.
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
    {"noatime", MOUNT_ATTR_NOATIME, MOUNT_ATTR__ATIME},
    {"atime", MOUNT_ATTR_RELATIME, MOUNT_ATTR__ATIME},
    {"relatime", MOUNT_ATTR_RELATIME, MOUNT_ATTR__ATIME},
    {"norelatime", MOUNT_ATTR_RELATIME, MOUNT_ATTR__ATIME},
    {"strictatime", MOUNT_ATTR_STRICTATIME, MOUNT_ATTR__ATIME},
    {"nostrictatime", MOUNT_ATTR_RELATIME, MOUNT_ATTR__ATIME},
};

struct Propagation {
  std::string_view option;
  uint64_t value;
};

// With an "r" before them that of all mounts below too.
constexpr Propagation kPropagations[] = {
    {"private", MS_PRIVATE}, {"slave", MS_SLAVE}, {"shared", MS_SHARED}, {"unbindable", MS_UNBINDABLE}};

// Of a whole file system: a bind mount shows one that is there, and leaves them as they are. Clients have
// templates that give them to binds as well.
constexpr std::string_view kFileSystemWords[] = {"sync",  "dirsync", "lazytime",  "mand",
                                                 "async", "nomand",  "nolazytime"};
constexpr std::string_view kFileSystemValues[] = {"mode", "size", "uid", "gid"};

// The words that make a mount another kind of mount: apply_kind().
constexpr std::string_view kKinds[] = {"bind", "rbind", "idmap", "ridmap", "remount", "tmpcopyup"};

// Words that change nothing for a mount that is made here: fstab(5)'s; those that are the default; and what
// no file system of a kernel with fsopen takes from outside (iversion).
constexpr std::string_view kIgnored[] = {"defaults", "noauto",   "nofail",    "silent",
                                         "loud",     "iversion", "noiversion"};

template <size_t N>
bool contains(const std::string_view (&words)[N], std::string_view option) {
  return std::find(std::begin(words), std::end(words), option) != std::end(words);
}

const Attribute* find_attribute(std::string_view option) {
  for (const auto& attribute : kAttributes) {
    if (option == attribute.option) return &attribute;
  }
  return nullptr;
}

void change(AttributeChange& attributes, const Attribute& by) {
  attributes.set = (attributes.set & ~by.cleared) | by.set;
  attributes.cleared = (attributes.cleared & ~by.set) | by.cleared;
}

bool apply_attribute(std::string_view option, MountSpec& mount) {
  if (const Attribute* attribute = find_attribute(option)) return change(mount.attributes, *attribute), true;
  if (!option.starts_with('r')) return false;
  const Attribute* attribute = find_attribute(option.substr(1));
  if (attribute != nullptr) change(mount.recursive_attributes, *attribute);
  return attribute != nullptr;
}

uint64_t find_propagation(std::string_view option) {
  for (const auto& propagation : kPropagations) {
    if (option == propagation.option) return propagation.value;
  }
  return 0;
}

bool apply_propagation(std::string_view option, PropagationSpec& propagation) {
  if (uint64_t value = find_propagation(option); value != 0) return propagation = {value, false}, true;
  if (!option.starts_with('r')) return false;
  uint64_t value = find_propagation(option.substr(1));
  if (value != 0) propagation = {value, true};
  return value != 0;
}

/** One of kKinds. */
bool apply_kind(std::string_view option, MountSpec& mount) {
  if (option == "bind" || option == "rbind") {
    mount.bind = true;
    mount.recursive = option == "rbind";
  } else if (option == "idmap" || option == "ridmap") {
    mount.id_mapped = option == "idmap" ? IdMapped::itself : IdMapped::recursive;
  } else if (option == "remount") {
    mount.remount = true;
  } else if (option == "tmpcopyup") {
    mount.copy_up = true;
  } else {
    return false;
  }
  return true;
}

void apply_option(const std::string& option, MountSpec& mount) {
  if (apply_kind(option, mount) || apply_attribute(option, mount)) return;
  if (apply_propagation(option, mount.propagation)) return;
  if (contains(kIgnored, option)) return;
  size_t equals = option.find('=');
  std::string value = equals == std::string::npos ? "" : option.substr(equals + 1);
  mount.data.emplace_back(option.substr(0, equals), value);
}

void check_bind(const Field& field, const std::string& bundle, MountSpec& mount) {
  if (mount.source.empty() && !mount.remount) field["source"].refuse("is required for a bind mount");
  std::erase_if(mount.data, [](const auto& option) {
    return contains(kFileSystemWords, option.first) || contains(kFileSystemValues, option.first);
  });
  if (!mount.data.empty())
    field["options"].refuse("a bind mount takes no option " + mount.data.front().first);
  if (!mount.source.empty() && mount.source.front() != '/') mount.source = bundle + "/" + mount.source;
}

void check_file_system(const Field& field, MountSpec& mount) {
  if (!mount.remount) field["type"].required_string();
  if (mount.source.empty()) mount.source = mount.type;
  // A devpts mount of its own is what the kernel makes since Linux 4.7 whether or not it is asked to.
  std::erase_if(mount.data, [](const auto& option) { return option.first == "newinstance"; });
}

/** Words that have no meaning for the kind of mount beside which they stand. */
void check_kind(const Field& field, const MountSpec& mount) {
  if (mount.id_mapped != IdMapped::no && (!mount.bind || mount.remount))
    field["options"].refuse("only a bind mount can be id-mapped");
  if (mount.copy_up && mount.type != "tmpfs") field["options"].refuse("tmpcopyup is for a tmpfs alone");
}

}  // namespace

PropagationSpec parse_propagation(const Field& field) {
  PropagationSpec propagation;
  std::string word = field.string();
  if (!word.empty() && !apply_propagation(word, propagation))
    field.refuse("expected private, slave, shared or unbindable, received \"" + word + "\"");
  return propagation;
}

MountSpec parse_mount(const Field& field, const std::string& bundle) {
  MountSpec mount;
  mount.setting = field.pointer();
  field["destination"].required_string();
  // A relative path is relative to the root, whatever the working directory is (OCI runtime specification).
  mount.destination = field["destination"].path_beneath("/");
  mount.source = field["source"].string();
  mount.type = field["type"].string();
  for (const auto& option : field["options"].strings()) {
    mount.options += (mount.options.empty() ? "" : ",") + option;
    apply_option(option, mount);
  }
  mount.mappings = parse_mappings(field);
  if (!mount.mappings.empty() && mount.id_mapped == IdMapped::no) mount.id_mapped = IdMapped::itself;
  if (mount.type == "bind") mount.bind = true;
  if (mount.bind) {
    check_bind(field, bundle, mount);
  } else {
    check_file_system(field, mount);
  }
  check_kind(field, mount);
  return mount;
}

Json mount_option_names() {
  std::vector<std::string> names;
  auto add = [&](std::string_view name) { names.emplace_back(name); };
  auto add_with_recursive = [&](std::string_view name) {
    add(name);
    add("r" + std::string(name));
  };
  for (const auto& attribute : kAttributes) add_with_recursive(attribute.option);
  for (const auto& propagation : kPropagations) add_with_recursive(propagation.option);
  for (const auto& words : {std::span<const std::string_view>(kKinds), {kFileSystemWords}, {kIgnored}})
    std::for_each(words.begin(), words.end(), add);
  std::sort(names.begin(), names.end());
  return Json::array_of(names);
}

}  // namespace minirun::oci
