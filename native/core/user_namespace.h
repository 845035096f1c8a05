#pragma once

#include <optional>
#include <vector>

#include "core/plan.h"
#include "core/spec.h"
#include "core/unique_fd.h"

namespace minirun {

/** The user namespace that a container's processes are in, and what it makes of ids. */
struct UserNamespace {
  UniqueFd fd;          ///< none where it is the runtime's own
  IdMappings mappings;  ///< none where it is the runtime's own
};

/** What `inside` is outside of a user namespace; nothing where the mappings have no place for it. */
std::optional<uint32_t> outside_id(const std::vector<IdMapping>& mappings, uint32_t inside);
/** What `outside` is inside of a user namespace. */
std::optional<uint32_t> inside_id(const std::vector<IdMapping>& mappings, uint32_t outside);

/** The mappings for people: "0 100000 65536" is inside, outside, count. */
std::string describe(const std::vector<IdMapping>& mappings);

/**
 * Makes a user namespace with these mappings, which lives as long as something refers to it. A user without
 * privileges may map an own id; for more, newuidmap(1) and newgidmap(1) are asked, who look into /etc/subuid
 * and /etc/subgid.
 */
Fault make_user_namespace(const IdMappings& mappings, UniqueFd& fd, TraceRow& row);

/** The mappings of a user namespace that is there. */
Result<IdMappings> read_mappings(int user_namespace);
/** The mappings of a process's user namespace; `process` is its directory in /proc. */
Result<IdMappings> read_mappings_of(const std::string& process);

/** Whether this process may mount, mknod and chown as it likes in the file systems that it sees: root, be it
 * of a user namespace. */
bool is_privileged();

/** Whether this process is in the machine's own user namespace: root in another has fewer privileges than it
 * seems. */
bool in_first_user_namespace();

/** Plans the container's user namespace to be there, where it has one of its own, before all that uses it. */
void plan_user_namespace(Plan& plan, const ContainerSpec& spec, UserNamespace& user);

/**
 * Plans the child to be root as its user namespace sees it, so that the mount points and file systems that it
 * makes belong to the container's root. Where the namespace has no root it stays who it is.
 */
void plan_namespace_root(Plan& plan, const UserNamespace& user);

}  // namespace minirun
