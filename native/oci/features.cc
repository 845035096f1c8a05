#include "oci/features.h"

#include "core/capabilities.h"

namespace minirun::oci {
namespace {

Json enabled(bool whether) {
  return Json::object({{"enabled", whether}});
}

Json control_groups() {
  return Json::object(
      {{"v1", true}, {"v2", true}, {"systemd", false}, {"systemdUser", false}, {"rdma", true}});
}

Json linux_features() {
  return Json::object({{"namespaces", namespace_types()},
                       {"capabilities", Json::array_of(capability_names(~uint64_t{0}))},
                       {"cgroup", control_groups()},
                       {"seccomp", seccomp_features()},
                       {"apparmor", enabled(true)},
                       {"selinux", enabled(true)},
                       {"intelRdt", enabled(false)},
                       {"mountExtensions", Json::object({{"idmap", enabled(true)}})}});
}

}  // namespace

Json features() {
  return Json::object({{"ociVersionMin", kOldestVersion},
                       {"ociVersionMax", kNewestVersion},
                       {"hooks", hook_names()},
                       {"mountOptions", mount_option_names()},
                       {"linux", linux_features()}});
}

}  // namespace minirun::oci
