#include "core/namespaces.h"

#include <fcntl.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>

#include "core/syscalls.h"

namespace minirun {
namespace {

struct Kind {
  NamespaceSpec NamespaceSet::*which;
  int flag;
  const char* name;  ///< as in /proc/PID/ns
};

// The user namespace apart, in the order in which they are entered: /proc has to be the host's up to the
// mount namespace.
constexpr Kind kKinds[] = {
    {&NamespaceSet::uts, CLONE_NEWUTS, "uts"},     {&NamespaceSet::ipc, CLONE_NEWIPC, "ipc"},
    {&NamespaceSet::network, CLONE_NEWNET, "net"}, {&NamespaceSet::pid, CLONE_NEWPID, "pid"},
    {&NamespaceSet::time, CLONE_NEWTIME, "time"},  {&NamespaceSet::cgroup, CLONE_NEWCGROUP, "cgroup"},
    {&NamespaceSet::mount, CLONE_NEWNS, "mnt"}};

/**
 * The root of an ipc namespace's message queues belongs to who makes the namespace: that has to be the root
 * of the user namespace, which the child is not before it has had a look at the host's directories.
 */
bool makes_ipc_later(const NamespaceSet& set) {
  return set.ipc.origin == NamespaceSpec::created && set.user;
}

/** Made by the clone itself. */
bool is_cloned(const Kind& kind, const NamespaceSet& set) {
  if (kind.flag == CLONE_NEWIPC && makes_ipc_later(set)) return false;
  return (set.*kind.which).origin == NamespaceSpec::created && kind.flag != CLONE_NEWCGROUP &&
         kind.flag != CLONE_NEWTIME;
}

/** Plans a namespace that the calling process makes for itself or, with time, for its children. */
void plan_unshare(Plan& plan, Side side, const std::string& name, int flag, const NamespaceSpec& wanted) {
  auto make = [flag](TraceRow&) { return ::unshare(flag) < 0 ? failed("unshare") : kNoFault; };
  plan.add(
      {side, name + " namespace", "unshare", "the new process", describe_flags(flag), wanted.setting, make});
}

void plan_join(Plan& plan, Side side, const Kind& kind, const NamespaceSpec& wanted, const UniqueFd& fd) {
  auto join = [&fd, flag = kind.flag](TraceRow&) {
    return sys::setns(fd.get(), flag) < 0 ? failed("setns") : kNoFault;
  };
  plan.add({side, std::string("join ") + kind.name, "setns", wanted.path, kind.name, wanted.setting, join});
}

/** The kernel lets no process enter a time namespace that shares its memory, as the intermediate one does. */
Side join_side(const Kind& kind, Side side) {
  return kind.flag == CLONE_NEWTIME ? Side::child : side;
}

void plan_joins(Plan& plan, Side side, const NamespaceSet& set, const JoinedNamespaces& joined) {
  for (size_t i = 0; i < std::size(kKinds); ++i) {
    const Kind& kind = kKinds[i];
    const NamespaceSpec& wanted = set.*kind.which;
    if (wanted.origin != NamespaceSpec::joined || kind.flag == CLONE_NEWCGROUP) continue;
    plan_join(plan, join_side(kind, side), kind, wanted, joined.fds[i]);
  }
}

void plan_join_user(Plan& plan, const NamespaceSpec& wanted, const UserNamespace& user) {
  auto join = [&user](TraceRow&) {
    return sys::setns(user.fd.get(), CLONE_NEWUSER) < 0 ? failed("setns") : kNoFault;
  };
  plan.add({Side::intermediate, "join user", "setns", "the container's user namespace", "user",
            wanted.setting, join});
}

/** They are fixed as soon as the first process is in the namespace. */
void plan_time_offsets(Plan& plan, const std::vector<TimeOffset>& offsets) {
  if (offsets.empty()) return;
  std::string text;
  for (const auto& one : offsets)
    text += one.clock + " " + std::to_string(one.seconds) + " " + std::to_string(one.nanoseconds) + "\n";
  auto write = [text](TraceRow&) {
    UniqueFd file(::open("/proc/self/timens_offsets", O_WRONLY | O_CLOEXEC));
    if (!file) return failed("open");
    return ::write(file.get(), text.data(), text.size()) < 0 ? failed("write") : kNoFault;
  };
  plan.add({Side::intermediate, "time offsets", "write", "/proc/self/timens_offsets", text,
            "/linux/timeOffsets", write});
}

}  // namespace

Fault open_namespace(const std::string& path, int type, UniqueFd& fd, TraceRow& row) {
  fd.reset(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return failed("open");
  int found = ::ioctl(fd.get(), NS_GET_NSTYPE);
  if (found == type) return kNoFault;
  row.annotate(found < 0 ? "is no namespace" : "is a namespace of kind " + describe_flags(found));
  return {"ioctl(NS_GET_NSTYPE)", EINVAL};
}

bool needs_intermediate(const NamespaceSet& namespaces) {
  return namespaces.user || namespaces.time.origin == NamespaceSpec::created ||
         namespaces.pid.origin == NamespaceSpec::joined;
}

const UniqueFd* joined_network(const NamespaceSet& set, const JoinedNamespaces& joined) {
  if (set.network.origin != NamespaceSpec::joined) return nullptr;
  auto is_network = [](const Kind& kind) { return kind.flag == CLONE_NEWNET; };
  auto found = std::find_if(std::begin(kKinds), std::end(kKinds), is_network);
  return &joined.fds[static_cast<size_t>(found - std::begin(kKinds))];
}

void plan_open_namespaces(Plan& plan, const ContainerSpec& spec, JoinedNamespaces& joined) {
  for (size_t i = 0; i < std::size(kKinds); ++i) {
    const NamespaceSpec& wanted = spec.namespaces.*kKinds[i].which;
    if (wanted.origin != NamespaceSpec::joined) continue;
    auto open = [&wanted, &fd = joined.fds[i], flag = kKinds[i].flag](TraceRow& row) {
      return open_namespace(wanted.path, flag, fd, row);
    };
    plan.add({Side::host, std::string("open ") + kKinds[i].name, "open", wanted.path, wanted.path,
              wanted.setting, open});
  }
}

void plan_enter_namespaces(Plan& plan, const ContainerSpec& spec, const UserNamespace& user,
                           const JoinedNamespaces& joined) {
  const NamespaceSet& set = spec.namespaces;
  if (!needs_intermediate(set)) return plan_joins(plan, Side::child, set, joined);
  // Root enters the others by the rights that it has outside. Who has none outside gets them inside, over
  // those namespaces that belong to the user namespace.
  bool others_first = is_privileged();
  if (others_first) plan_joins(plan, Side::intermediate, set, joined);
  if (set.user) plan_join_user(plan, set.user, user);
  if (!others_first) plan_joins(plan, Side::intermediate, set, joined);
  if (set.time.origin != NamespaceSpec::created) return;
  plan_unshare(plan, Side::intermediate, "time", CLONE_NEWTIME, set.time);
  plan_time_offsets(plan, spec.time_offsets);
}

uint64_t clone_flags(const NamespaceSet& namespaces) {
  uint64_t flags = 0;
  for (const auto& kind : kKinds) {
    if (is_cloned(kind, namespaces)) flags |= static_cast<unsigned>(kind.flag);
  }
  return flags;
}

std::string describe_new(const NamespaceSet& namespaces) {
  return describe_flags(static_cast<int>(clone_flags(namespaces)));
}

int namespace_flags(const NamespaceSet& namespaces) {
  int flags = namespaces.user ? CLONE_NEWUSER : 0;
  for (const auto& kind : kKinds) {
    if (namespaces.*kind.which) flags |= kind.flag;
  }
  return flags;
}

std::string describe_flags(int flags) {
  std::string text = (flags & CLONE_NEWUSER) != 0 ? "user" : "";
  for (const auto& kind : kKinds) {
    if ((flags & kind.flag) != 0) text += (text.empty() ? "" : " ") + std::string(kind.name);
  }
  return text;
}

void plan_cgroup_namespace(Plan& plan, const ContainerSpec& spec, const JoinedNamespaces& joined) {
  const NamespaceSpec& wanted = spec.namespaces.cgroup;
  for (size_t i = 0; i < std::size(kKinds); ++i) {
    bool join = kKinds[i].flag == CLONE_NEWCGROUP && wanted.origin == NamespaceSpec::joined;
    if (join) plan_join(plan, Side::child, kKinds[i], wanted, joined.fds[i]);
  }
  if (wanted.origin == NamespaceSpec::created)
    plan_unshare(plan, Side::child, "cgroup", CLONE_NEWCGROUP, wanted);
}

void plan_ipc_namespace(Plan& plan, const NamespaceSet& set) {
  if (makes_ipc_later(set)) plan_unshare(plan, Side::child, "ipc", CLONE_NEWIPC, set.ipc);
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
