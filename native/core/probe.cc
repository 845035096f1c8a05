#include "core/probe.h"

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/utsname.h>

#include "core/syscalls.h"
#include "core/unique_fd.h"

namespace minirun {
namespace {

constexpr const char* kNamespaces[] = {"pid", "mnt", "uts", "ipc", "net", "cgroup", "user", "time"};

/** A call with arguments that can't succeed says ENOSYS only where the kernel doesn't have it. */
template <class Call>
bool exists(Call call) {
  errno = 0;
  call();
  return errno != ENOSYS;
}

bool has_new_mount_api() {
  mount_attr attributes{};
  return exists([] { sys::fsopen(""); }) && exists([] { sys::open_tree(-1, "", 0); }) &&
         exists([] { sys::move_mount(-1, -1); }) &&
         exists([&attributes] { sys::mount_setattr(-1, "", 0, attributes); });
}

bool has_file_system(const char* type) {
  return static_cast<bool>(UniqueFd(sys::fsopen(type)));
}

bool has_seccomp_filter() {
  uint32_t action = SECCOMP_RET_ERRNO;
  return ::syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}

void list_missing(Probe& probe) {
  auto require = [&probe](bool there, const std::string& what) {
    if (!there) probe.missing.push_back(what);
  };
  std::string kernel = "Linux ";
  kernel.append(kMinimumKernel).append(" or later");
  require(probe.new_mount_api, "mount by descriptor (mount_setattr): needs " + kernel);
  require(probe.openat2, "openat2: needs " + kernel);
  require(probe.clone3, "clone3: needs " + kernel);
  require(probe.pidfd, "pidfd_open: needs " + kernel);
  require(probe.overlayfs, "overlayfs: build the kernel with CONFIG_OVERLAY_FS, or load the module overlay");
  require(probe.seccomp, "seccomp filters: build the kernel with CONFIG_SECCOMP_FILTER");
  require(probe.cgroup.version != 0, "control groups: mount cgroup2 on /sys/fs/cgroup");
  for (const auto& one : probe.namespaces) {
    bool needed = one.name != "user" && one.name != "time";
    require(one.available || !needed, one.name + " namespaces: build the kernel with CONFIG_NAMESPACES");
  }
}

}  // namespace

Probe probe_kernel() {
  Probe probe;
  utsname names{};
  ::uname(&names);
  probe.kernel = names.release;
  probe.architecture = names.machine;
  for (const char* name : kNamespaces)
    probe.namespaces.push_back({name, ::access((std::string("/proc/self/ns/") + name).c_str(), F_OK) == 0});
  probe.cgroup = find_cgroups();
  probe.overlayfs = has_file_system("overlay");
  probe.seccomp = has_seccomp_filter();
  probe.new_mount_api = has_new_mount_api();
  probe.openat2 = exists([] { sys::openat2(-1, "", open_how{}); });
  probe.clone3 = exists([] { ::syscall(SYS_clone3, nullptr, 0); });
  probe.pidfd = exists([] { sys::pidfd_open(-1); });
  probe.swap_accounting = counts_swap(probe.cgroup);
  list_missing(probe);
  return probe;
}

}  // namespace minirun
