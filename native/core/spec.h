#pragma once

// What a container is to be: the core's input, in the core's own terms. oci/ makes it from a bundle's
// config.json. `setting` is always the JSON pointer of what asked for something, so that traces and errors
// can name it.

#include <linux/filter.h>
#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/limits.h"
#include "core/process_spec.h"

namespace minirun {

/** A namespace of the container: the runtime's own, a new one, or one that is there already. */
struct NamespaceSpec {
  enum Origin : uint8_t { inherited, created, joined };

  Origin origin = inherited;
  std::string path;  ///< of one that is joined: /proc/PID/ns/net, a bind of that, or /proc/self/fd/N
  std::string setting;

  /** Whether it is another one than the runtime's. */
  explicit operator bool() const { return origin != inherited; }
};

struct NamespaceSet {
  NamespaceSpec pid;
  NamespaceSpec mount;
  NamespaceSpec uts;
  NamespaceSpec ipc;
  NamespaceSpec network;
  NamespaceSpec cgroup;
  NamespaceSpec user;
  NamespaceSpec time;
};

/** `count` ids from `inside` on, as a user namespace shows them, are those from `outside` on in its parent.
 */
struct IdMapping {
  uint32_t inside = 0;
  uint32_t outside = 0;
  uint32_t count = 0;
};

/** What a user namespace makes of ids (user_namespaces(7)). */
struct IdMappings {
  std::vector<IdMapping> uids;
  std::vector<IdMapping> gids;

  bool empty() const { return uids.empty() && gids.empty(); }
};

enum class IdMapped : uint8_t { no, itself, recursive };

/** What is to become of the attributes (MOUNT_ATTR_*) of a mount. */
struct AttributeChange {
  uint64_t set = 0;
  uint64_t cleared = 0;

  bool empty() const { return (set | cleared) == 0; }
};

struct PropagationSpec {
  uint64_t value = 0;  ///< MS_PRIVATE, MS_SLAVE, MS_SHARED, MS_UNBINDABLE or 0
  bool recursive = false;
};

struct MountSpec {
  std::string destination;
  std::string type;
  std::string source;
  bool bind = false;
  bool recursive = false;    ///< rbind: what is mounted below the source comes along
  bool real_source = false;  ///< a bind's source is a directory or a file, and no part of its path a link
  bool remount = false;      ///< changes what is mounted there already
  bool copy_up = false;      ///< a tmpfs that begins with what it covers
  AttributeChange attributes;
  AttributeChange recursive_attributes;  ///< of this mount and those below it
  PropagationSpec propagation;
  IdMapped id_mapped = IdMapped::no;
  IdMappings mappings;  ///< of an id-mapped mount; empty: those of the container's user namespace
  std::vector<std::pair<std::string, std::string>>
      data;             ///< the file system's own options; value may be empty
  std::string options;  ///< all options as written, for people
  std::string setting;
};

struct OverlaySpec {
  std::vector<std::string> lower;  ///< topmost first
  std::string upper;
  std::string work;              ///< empty: nothing is to be written
  bool lower_id_mapped = false;  ///< the lower layers' files belong to the ids that the container calls so
};

struct SeccompArgument {
  unsigned index = 0;
  uint64_t value = 0;
  uint64_t value_two = 0;
  unsigned compare = 0;  ///< enum scmp_compare
};

struct SeccompRule {
  std::vector<std::string> names;
  uint32_t action = 0;  ///< SCMP_ACT_*
  std::vector<SeccompArgument> arguments;
};

struct SeccompSpec {
  uint32_t default_action = 0;          ///< SCMP_ACT_*
  std::vector<uint32_t> architectures;  ///< SCMP_ARCH_*, beside the native one
  uint32_t flags = 0;                   ///< SECCOMP_FILTER_FLAG_*
  std::vector<SeccompRule> rules;
  std::string listener_path;  ///< of the unix socket whose server is asked about calls with SCMP_ACT_NOTIFY
  std::string listener_metadata;
  std::string source;  ///< the profile as it was written: the key of the cache of compiled programs
  std::vector<sock_filter> program;  ///< where it was compiled before; there are no rules then
};

/** A device node that the container is to have. */
struct DeviceSpec {
  std::string path;  ///< in the container
  char type = 'c';   ///< 'c', 'b' or 'p', a named pipe
  DeviceNumber number;
  mode_t mode = 0666;
  uid_t uid = 0;  ///< in the container
  gid_t gid = 0;
  std::string setting;
};

struct SysctlSpec {
  std::string key;   ///< as it was written: "net.ipv4.ip_forward"
  std::string path;  ///< below /proc: "sys/net/ipv4/ip_forward"
  std::string value;
  std::string setting;
};

/** set_mempolicy(2). */
struct MemoryPolicySpec {
  std::string name;  ///< "MPOL_BIND"
  int mode = 0;      ///< with MPOL_F_* flags
  BitMask nodes;
};

/** time_namespaces(7). */
struct TimeOffset {
  std::string clock;  ///< "monotonic" or "boottime"
  int64_t seconds = 0;
  uint32_t nanoseconds = 0;
};

/** An interface of the host's that becomes the container's. */
struct NetDeviceSpec {
  std::string name;      ///< on the host
  std::string new_name;  ///< in the container
  std::string setting;
};

/** A program that is run at one point of a container's life, with the container's state on its stdin. */
struct HookSpec {
  std::string path;
  std::vector<std::string> args;  ///< the first one is its name
  std::vector<std::string> env;   ///< all of it
  std::optional<int64_t> timeout_seconds;
  std::string setting;
};

struct HookSet {
  std::vector<HookSpec> prestart;
  std::vector<HookSpec> create_runtime;
  std::vector<HookSpec> create_container;
  std::vector<HookSpec> start_container;
  std::vector<HookSpec> poststart;
  std::vector<HookSpec> poststop;
};

struct ContainerSpec {
  std::string rootfs;  ///< absolute path of root.path
  bool rootfs_readonly = false;
  PropagationSpec rootfs_propagation;
  std::optional<OverlaySpec> overlay;
  std::string hostname;
  std::string domainname;
  NamespaceSet namespaces;
  IdMappings mappings;  ///< of a new user namespace
  ProcessSpec process;
  std::vector<MountSpec> mounts;
  std::vector<DeviceSpec> devices;  ///< beside the default ones
  std::vector<std::string> masked_paths;
  std::vector<std::string> readonly_paths;
  std::string cgroup_path;  ///< as Cgroup::open() takes it: "/minirun/ID"
  LimitSpec limits;
  std::optional<SeccompSpec> seccomp;
  std::vector<SysctlSpec> sysctls;
  std::optional<unsigned long> personality;  ///< PER_*
  std::optional<MemoryPolicySpec> memory_policy;
  std::vector<TimeOffset> time_offsets;
  std::vector<NetDeviceSpec> net_devices;
  std::string mount_label;  ///< SELinux's, of file systems that are made for the container
  HookSet hooks;
  std::string oci_version;
  std::vector<std::pair<std::string, std::string>> annotations;
};

}  // namespace minirun
