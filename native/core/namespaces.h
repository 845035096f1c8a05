#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "core/plan.h"
#include "core/spec.h"
#include "core/unique_fd.h"
#include "core/user_namespace.h"

namespace minirun {

/** Opens a namespace that is there. EINVAL, with a note: it is of another kind than `type` (CLONE_NEW*). */
Fault open_namespace(const std::string& path, int type, UniqueFd& fd, TraceRow& row);

/** Those that are joined by a path, opened on the host; the user namespace stands in UserNamespace. */
struct JoinedNamespaces {
  std::array<UniqueFd, 7> fds;
};

/** The network namespace where it is one that is joined; null where it is new, or the host's. */
const UniqueFd* joined_network(const NamespaceSet& set, const JoinedNamespaces& joined);

/**
 * Whether the first process has to be cloned by an intermediate process: the runtime itself must not enter
 * its user namespace, from which no way leads back, nor change the pid or time namespace of its own children.
 */
bool needs_intermediate(const NamespaceSet& namespaces);

/** Plans the namespaces that are joined to be opened, before anything is made for the container. */
void plan_open_namespaces(Plan& plan, const ContainerSpec& spec, JoinedNamespaces& joined);

/**
 * Plans the way into the namespaces that are not made by the clone itself: the intermediate process's steps,
 * or where there is none the child's. The cgroup namespace is not among them.
 */
void plan_enter_namespaces(Plan& plan, const ContainerSpec& spec, const UserNamespace& user,
                           const JoinedNamespaces& joined);

/**
 * The CLONE_NEW* flags that the first process is cloned with. The cgroup namespace is not among them: its
 * root is where its creator stands, so the child makes it after it has joined its control group. Beside a
 * user namespace the ipc namespace isn't either.
 */
uint64_t clone_flags(const NamespaceSet& namespaces);

/** What clone_flags() makes new, as people write it: "pid mnt uts ipc net". */
std::string describe_new(const NamespaceSet& namespaces);

/** All that are not the runtime's own: what a further process of the container enters with one setns. */
int namespace_flags(const NamespaceSet& namespaces);
std::string describe_flags(int flags);

/** Plans the cgroup namespace, new or joined, once the child stands in its control group. */
void plan_cgroup_namespace(Plan& plan, const ContainerSpec& spec, const JoinedNamespaces& joined);
/** Plans the ipc namespace of a container with a user namespace, once the child is its root. */
void plan_ipc_namespace(Plan& plan, const NamespaceSet& set);
void plan_hostname(Plan& plan, const ContainerSpec& spec);

/** Plans the loopback interface of a new network namespace to be brought up. */
void plan_network(Plan& plan, const ContainerSpec& spec);

}  // namespace minirun
