#pragma once

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "core/cgroup.h"
#include "core/result.h"
#include "core/spec.h"
#include "oci/json.h"
#include "runtime/state_directory.h"

namespace minirun::runtime {

/** OCI's states of a container, and "paused", as every runtime that can freeze has it. */
enum class ContainerStatus : uint8_t { creating, created, running, paused, stopped };

const char* name_of(ContainerStatus status);

/** What state.json says: who a container is, beyond reuse of process numbers. */
struct Record {
  std::string id;
  pid_t pid = 0;           ///< of its first process; 0 before there is one
  std::string start_time;  ///< field 22 of /proc/PID/stat
  std::string boot_id;
  std::string bundle;             ///< absolute path
  std::string rootfs;             ///< absolute path
  std::string cgroup;             ///< where its control group is, as Cgroup::path() says
  bool cgroup_was_there = false;  ///< before the container was made: it may be somebody else's
  std::vector<std::pair<std::string, std::string>> annotations;
  std::string created;  ///< RFC 3339
  uid_t owner = 0;
  bool has_late_hooks = false;  ///< poststart or poststop: config.json has to be looked into for them
  bool at_gate = false;         ///< not in the file: its process has set itself up and waits to be started
};

Status save(const Record& record, const StateDirectory& directory);
/** A container that is being made may have no record yet: then it is an empty one. */
Result<Record> load(const StateDirectory& directory);

/**
 * Looks at the kernel, which alone knows: whether the process is there, has executed its program, is frozen.
 * Up to its gate a container is "creating", its process half in the host's namespaces: none for others to
 * enter.
 */
ContainerStatus status_of(const Record& record);

/** The container's control group. */
std::unique_ptr<Cgroup> cgroup_of(const Record& record);

/** A descriptor of the first process, and of no other that has its number by now. ESRCH: it has ended. */
Result<UniqueFd> open_process(const Record& record);

/** A container by its name: its directory and what it says. */
struct Found {
  StateDirectory directory;
  Record record;
};
Result<Found> find(const std::string& root, const std::string& id);
/** The same with the lock, for who changes something. */
Result<Found> find_locked(const std::string& root, const std::string& id);

/** The specification that the container was made from; see oci::parse_config() for the cache. */
Result<ContainerSpec> specification_of(const Found& container, const std::string& cache_directory = "");

/** Where compiled seccomp programs are kept; no container can be called that. */
std::string cache_directory(const std::string& root);

/** OCI's state document (runtime.md, "State"), as `state` and `list` print it. */
oci::Json state_json(const Record& record, ContainerStatus status);

}  // namespace minirun::runtime
