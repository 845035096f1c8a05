#include <algorithm>
#include <array>
#include <string_view>

#include "oci/parts.h"

namespace minirun::oci {
namespace {

constexpr auto kIpcSysctls = std::to_array<std::string_view>(
    {"kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.sem", "kernel.shmall", "kernel.shmmax",
     "kernel.shmmni", "kernel.shm_rmid_forced", "kernel.sem_next_id", "kernel.msg_next_id",
     "kernel.shm_next_id"});

/** sysctl(8): names are divided by dots or by slashes, whichever comes first; the other is a part of a name.
 */
std::string to_path(std::string key) {
  size_t separator = key.find_first_of("./");
  if (separator != std::string::npos && key[separator] == '/') return key;
  for (char& c : key) c = c == '.' ? '/' : c == '/' ? '.' : c;
  return key;
}

std::string to_dots(std::string path) {
  for (char& c : path) c = c == '/' ? '.' : c == '.' ? '/' : c;
  return path;
}

/** Which namespace of the container a parameter is of; null for one that is the whole machine's. */
const NamespaceSpec* owner_of(const std::string& key, const NamespaceSet& set, const char*& name) {
  bool ipc = key.starts_with("fs.mqueue.") ||
             std::find(kIpcSysctls.begin(), kIpcSysctls.end(), key) != kIpcSysctls.end();
  if (ipc) return name = "ipc", &set.ipc;
  if (key.starts_with("net.")) return name = "network", &set.network;
  if (key == "kernel.domainname") return name = "uts", &set.uts;
  if (key.starts_with("user.")) return name = "user", &set.user;
  return nullptr;
}

void check(const Field& field, const std::string& key, const NamespaceSet& set) {
  const char* name = "";
  const NamespaceSpec* owner = owner_of(key, set, name);
  if (key == "kernel.hostname") {
    field.refuse("is what \"hostname\" is for");
  } else if (owner == nullptr) {
    field.refuse("belongs to no namespace: it would change the host");
  } else if (!*owner) {
    field.refuse(std::string("needs a ") + name + " namespace: without one it would change the host");
  }
}

}  // namespace

void parse_sysctls(const Field& field, ContainerSpec& spec) {
  for (const auto& key : field.keys()) {
    std::string path = to_path(key);
    if (("/" + path + "/").find("/../") != std::string::npos) field[key].refuse("is no name of a parameter");
    check(field[key], to_dots(path), spec.namespaces);
    spec.sysctls.push_back({key, "sys/" + path, field[key].string(), field[key].pointer()});
  }
}

}  // namespace minirun::oci
