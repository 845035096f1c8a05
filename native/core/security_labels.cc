#include "core/security_labels.h"

#include <linux/magic.h>
#include <sys/vfs.h>

#include "core/file.h"
#include "core/sysctl.h"

namespace minirun {
namespace {

constexpr const char* kAppArmorSwitch = "/sys/module/apparmor/parameters/enabled";
constexpr const char* kSelinuxMount = "/sys/fs/selinux";

bool has_apparmor() {
  auto text = read_file(kAppArmorSwitch);
  return text && text->starts_with('Y');
}

bool has_selinux() {
  struct statfs fs {};
  return ::statfs(kSelinuxMount, &fs) == 0 && fs.f_type == SELINUX_MAGIC;
}

Error absent(const char* what, const char* setting, const char* where) {
  return {what, "open", setting, EOPNOTSUPP,
          std::string("this kernel doesn't enforce ") + what + " (" + where + " says so); remove the field"};
}

/** AppArmor has files of its own since Linux 5.8; before, the one file is that of whichever is there. */
Fault change_on_exec(int procfs, const char* const* paths, std::string_view value) {
  Fault fault = {"openat2", ENOENT};
  for (; *paths != nullptr; ++paths) {
    UniqueFd file;
    fault = open_in_procfs(procfs, *paths, file);
    if (fault) continue;
    return ::write(file.get(), value.data(), value.size()) < 0 ? failed("write") : kNoFault;
  }
  return fault;
}

void plan_label(Plan& plan, const char* name, const char* const* paths, const std::string& value,
                const char* setting, const UniqueFd& procfs) {
  auto action = [paths, value, &procfs](TraceRow&) { return change_on_exec(procfs.get(), paths, value); };
  plan.add({Side::child, name, "write", std::string("/proc/") + *paths, value, setting, action});
}

}  // namespace

Status check_security_labels(const ContainerSpec& spec, std::vector<Missing>& missing) {
  if (!spec.process.apparmor_profile.empty() && !has_apparmor())
    return absent("AppArmor", "/process/apparmorProfile", kAppArmorSwitch);
  if (!spec.process.selinux_label.empty() && !has_selinux())
    return absent("SELinux", "/process/selinuxLabel", kSelinuxMount);
  // A label confines nobody where there is no policy; a profile of a process is asked for to confine it.
  if (!spec.mount_label.empty() && !has_selinux())
    missing.push_back({"mount label", "this kernel doesn't enforce SELinux"});
  return {};
}

void label_mounts(ContainerSpec& spec) {
  if (spec.mount_label.empty() || !has_selinux()) return;
  for (auto& mount : spec.mounts) {
    bool made = !mount.bind && !mount.remount && (mount.type == "tmpfs" || mount.type == "devpts");
    if (made) mount.data.emplace_back("context", spec.mount_label);
  }
}

void plan_security_labels(Plan& plan, const ProcessSpec& process, const UniqueFd& procfs) {
  static constexpr const char* kAppArmor[] = {"self/attr/apparmor/exec", "self/attr/exec", nullptr};
  static constexpr const char* kSelinux[] = {"self/attr/exec", nullptr};
  if (!process.apparmor_profile.empty())
    plan_label(plan, "AppArmor profile", kAppArmor, "exec " + process.apparmor_profile,
               "/process/apparmorProfile", procfs);
  if (!process.selinux_label.empty())
    plan_label(plan, "SELinux label", kSelinux, process.selinux_label, "/process/selinuxLabel", procfs);
}

}  // namespace minirun
