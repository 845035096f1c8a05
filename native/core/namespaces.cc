#include "core/namespaces.h"

#include <sched.h>
#include <unistd.h>

namespace minirun {

uint64_t clone_flags(const NamespaceSet& namespaces) {
  uint64_t flags = 0;
  if (namespaces.pid) flags |= CLONE_NEWPID;
  if (namespaces.mount) flags |= CLONE_NEWNS;
  if (namespaces.uts) flags |= CLONE_NEWUTS;
  if (namespaces.ipc) flags |= CLONE_NEWIPC;
  if (namespaces.network) flags |= CLONE_NEWNET;
  return flags;
}

std::string describe(const NamespaceSet& namespaces) {
  std::string text;
  auto add = [&text](bool present, const char* name) {
    if (present) text += (text.empty() ? "" : " ") + std::string(name);
  };
  add(namespaces.pid, "pid");
  add(namespaces.mount, "mount");
  add(namespaces.uts, "uts");
  add(namespaces.ipc, "ipc");
  add(namespaces.network, "net");
  return text;
}

void plan_cgroup_namespace(Plan& plan, const ContainerSpec& spec) {
  if (!spec.namespaces.cgroup) return;
  auto action = [](TraceRow&) { return ::unshare(CLONE_NEWCGROUP) < 0 ? failed("unshare") : kNoFault; };
  plan.add({Side::child, "cgroup namespace", "unshare", spec.cgroup_path, "CLONE_NEWCGROUP",
            "/linux/namespaces", action});
}

void plan_hostname(Plan& plan, const ContainerSpec& spec) {
  if (!spec.hostname.empty()) {
    auto action = [&name = spec.hostname](TraceRow&) {
      return ::sethostname(name.data(), name.size()) < 0 ? failed("sethostname") : kNoFault;
    };
    plan.add({Side::child, "hostname", "sethostname", spec.hostname, spec.hostname, "/hostname", action});
  }
  if (!spec.domainname.empty()) {
    auto action = [&name = spec.domainname](TraceRow&) {
      return ::setdomainname(name.data(), name.size()) < 0 ? failed("setdomainname") : kNoFault;
    };
    plan.add({Side::child, "domain name", "setdomainname", spec.domainname, spec.domainname, "/domainname",
              action});
  }
}

}  // namespace minirun
