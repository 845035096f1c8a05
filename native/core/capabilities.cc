#include "core/capabilities.h"

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <iterator>

namespace minirun {
namespace {

// In the order of linux/capability.h, so that the index is the number.
constexpr const char* kNames[] = {"CAP_CHOWN",
                                  "CAP_DAC_OVERRIDE",
                                  "CAP_DAC_READ_SEARCH",
                                  "CAP_FOWNER",
                                  "CAP_FSETID",
                                  "CAP_KILL",
                                  "CAP_SETGID",
                                  "CAP_SETUID",
                                  "CAP_SETPCAP",
                                  "CAP_LINUX_IMMUTABLE",
                                  "CAP_NET_BIND_SERVICE",
                                  "CAP_NET_BROADCAST",
                                  "CAP_NET_ADMIN",
                                  "CAP_NET_RAW",
                                  "CAP_IPC_LOCK",
                                  "CAP_IPC_OWNER",
                                  "CAP_SYS_MODULE",
                                  "CAP_SYS_RAWIO",
                                  "CAP_SYS_CHROOT",
                                  "CAP_SYS_PTRACE",
                                  "CAP_SYS_PACCT",
                                  "CAP_SYS_ADMIN",
                                  "CAP_SYS_BOOT",
                                  "CAP_SYS_NICE",
                                  "CAP_SYS_RESOURCE",
                                  "CAP_SYS_TIME",
                                  "CAP_SYS_TTY_CONFIG",
                                  "CAP_MKNOD",
                                  "CAP_LEASE",
                                  "CAP_AUDIT_WRITE",
                                  "CAP_AUDIT_CONTROL",
                                  "CAP_SETFCAP",
                                  "CAP_MAC_OVERRIDE",
                                  "CAP_MAC_ADMIN",
                                  "CAP_SYSLOG",
                                  "CAP_WAKE_ALARM",
                                  "CAP_BLOCK_SUSPEND",
                                  "CAP_AUDIT_READ",
                                  "CAP_PERFMON",
                                  "CAP_BPF",
                                  "CAP_CHECKPOINT_RESTORE"};

// The kernel may know more capabilities than this build; those too have to go.
constexpr unsigned kHighest = 63;

constexpr uint64_t bit(unsigned number) {
  return uint64_t{1} << number;
}

bool read_sets(Capabilities& set) {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[2]{};
  if (::syscall(SYS_capget, &header, data) < 0) return false;
  set.effective = data[0].effective | uint64_t{data[1].effective} << 32;
  set.permitted = data[0].permitted | uint64_t{data[1].permitted} << 32;
  set.inheritable = data[0].inheritable | uint64_t{data[1].inheritable} << 32;
  return true;
}

Fault write_sets(const Capabilities& set) {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[2];
  for (unsigned half = 0; half < 2; ++half) {
    data[half].effective = static_cast<uint32_t>(set.effective >> (32 * half));
    data[half].permitted = static_cast<uint32_t>(set.permitted >> (32 * half));
    data[half].inheritable = static_cast<uint32_t>(set.inheritable >> (32 * half));
  }
  return ::syscall(SYS_capset, &header, data) < 0 ? failed("capset") : kNoFault;
}

}  // namespace

uint64_t capability_bit(std::string_view name) {
  for (unsigned i = 0; i < std::size(kNames); ++i) {
    if (name == kNames[i]) return bit(i);
  }
  return 0;
}

std::vector<std::string> capability_names(uint64_t set) {
  std::vector<std::string> names;
  for (unsigned i = 0; i < std::size(kNames); ++i) {
    if ((set & bit(i)) != 0) names.emplace_back(kNames[i]);
  }
  return names;
}

std::string describe(uint64_t set) {
  std::string text;
  for (const auto& name : capability_names(set)) text += (text.empty() ? "" : " ") + name;
  return text.empty() ? "none" : text;
}

Capabilities held_capabilities() {
  Capabilities own;
  (void)read_sets(own);
  return own;
}

uint64_t within_bounding_set(uint64_t set) {
  uint64_t within = 0;
  for (unsigned i = 0; i <= kHighest; ++i) {
    if ((set & bit(i)) == 0) continue;
    int bounded = ::prctl(PR_CAPBSET_READ, i);
    if (bounded < 0) break;  // EINVAL: beyond the kernel's last
    if (bounded == 1) within |= bit(i);
  }
  return within;
}

Capabilities own_capabilities() {
  Capabilities own = held_capabilities();
  own.bounding = within_bounding_set(~uint64_t{0});
  return own;
}

Fault drop_bounding_set(uint64_t keep) {
  for (unsigned i = 0; i <= kHighest; ++i) {
    if ((keep & bit(i)) != 0) continue;
    if (::prctl(PR_CAPBSET_DROP, i) == 0) continue;
    return errno == EINVAL ? kNoFault : failed("prctl(PR_CAPBSET_DROP)");  // EINVAL: beyond the kernel's last
  }
  return kNoFault;
}

Fault raise_permitted() {
  Capabilities set;
  if (!read_sets(set)) return failed("capget");
  set.effective = set.permitted;
  return write_sets(set);
}

Fault limit_capabilities(const Capabilities& set) {
  return write_sets(set);
}

Fault set_capabilities(const Capabilities& set) {
  if (Fault fault = write_sets(set)) return fault;
  if (::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0) return failed("prctl(PR_CAP_AMBIENT)");
  for (unsigned i = 0; i <= kHighest; ++i) {
    if ((set.ambient & bit(i)) == 0) continue;
    if (::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, i, 0, 0) < 0)
      return failed("prctl(PR_CAP_AMBIENT_RAISE)");
  }
  return kNoFault;
}

}  // namespace minirun
