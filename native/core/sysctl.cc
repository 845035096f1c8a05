#include "core/sysctl.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "core/syscalls.h"

namespace minirun {
namespace {

constexpr ino_t kProcfsRoot = 1;  // PROC_ROOT_INO

Fault make_procfs(UniqueFd& procfs) {
  UniqueFd context(sys::fsopen("proc"));
  if (!context) return failed("fsopen");
  if (sys::fsconfig(context.get(), FSCONFIG_CMD_CREATE, nullptr, nullptr) < 0) return failed("fsconfig");
  procfs.reset(sys::fsmount(context.get(), MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC | MOUNT_ATTR_NODEV));
  return procfs ? kNoFault : failed("fsmount");
}

Fault open_host_procfs(UniqueFd& procfs) {
  procfs.reset(::open("/proc", O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  struct statfs fs {};
  struct stat status {};
  if (!procfs || ::fstatfs(procfs.get(), &fs) < 0 || ::fstat(procfs.get(), &status) < 0)
    return failed("open");
  bool genuine = fs.f_type == PROC_SUPER_MAGIC && status.st_ino == kProcfsRoot;
  return genuine ? kNoFault : Fault{"fstatfs", ENODEV};
}

Fault write_sysctl(int procfs, const SysctlSpec& sysctl, TraceRow& row) {
  UniqueFd file;
  if (Fault fault = open_in_procfs(procfs, sysctl.path.c_str(), file)) {
    if (fault.code == ENOENT) row.annotate("this kernel has no such parameter");
    return fault;
  }
  ssize_t written = ::write(file.get(), sysctl.value.data(), sysctl.value.size());
  return written < 0 ? failed("write") : kNoFault;
}

bool needs_procfs(const ContainerSpec& spec) {
  return !spec.sysctls.empty() || !spec.process.apparmor_profile.empty() ||
         !spec.process.selinux_label.empty();
}

}  // namespace

Fault open_procfs(UniqueFd& procfs) {
  if (!make_procfs(procfs)) return kNoFault;
  return open_host_procfs(procfs);
}

Fault open_in_procfs(int procfs, const char* path, UniqueFd& file) {
  open_how how{};
  how.flags = O_WRONLY | O_CLOEXEC | O_NOFOLLOW;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_XDEV | RESOLVE_NO_MAGICLINKS;
  file.reset(sys::openat2(procfs, path, how));
  return file ? kNoFault : failed("openat2");
}

void plan_procfs(Plan& plan, const ContainerSpec& spec, UniqueFd& procfs) {
  if (!needs_procfs(spec)) return;
  auto open = [&procfs](TraceRow&) { return open_procfs(procfs); };
  plan.add({Side::child, "private procfs", "fsmount", "proc", "attached nowhere", "", open});
}

void plan_sysctls(Plan& plan, const ContainerSpec& spec, const UniqueFd& procfs) {
  for (const auto& sysctl : spec.sysctls) {
    auto write = [&sysctl, &procfs](TraceRow& row) { return write_sysctl(procfs.get(), sysctl, row); };
    plan.add({Side::child, "sysctl " + sysctl.key, "write", "/proc/" + sysctl.path, sysctl.value,
              sysctl.setting, write});
  }
}

}  // namespace minirun
