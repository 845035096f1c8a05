#pragma once

#include <linux/bpf.h>

#include <compare>
#include <optional>
#include <string>
#include <vector>

#include "core/limits.h"
#include "core/result.h"

namespace minirun {

/** The rules of a container, with those after them that its default devices need (OCI runtime specification,
 * "Default Devices"). */
std::vector<DeviceRule> with_default_devices(std::vector<DeviceRule> rules);

/** A rule as people write it: "deny a *:* rwm". */
std::string describe(const DeviceRule& rule);

/** Which devices a rule of v1 is about: one, or all that share a type, a major or a minor number. */
struct DeviceScope {
  char type = 'c';  ///< 'b' or 'c'
  std::optional<uint32_t> major;
  std::optional<uint32_t> minor;

  auto operator<=>(const DeviceScope&) const = default;
};

struct DeviceException {
  DeviceScope scope;
  unsigned access = 0;  ///< DeviceRule::kMknod and so on
};

/**
 * What v1's devices controller can hold (cgroup-v1/devices.rst): whether all devices may be used, and the
 * accesses that are excepted from that, each scope once, in the order in which they were first named.
 */
struct DeviceExceptions {
  bool allow = true;
  std::vector<DeviceException> exceptions;
};

/**
 * Applies ordered rules to a devices controller that denies everything. EOPNOTSUPP: a rule would make a hole
 * into a wider one before it, which v1 can't express; the Error's subject is the rule's setting.
 */
Result<DeviceExceptions> as_exceptions(const std::vector<DeviceRule>& rules);

/** Reads devices.list, which has a line such as "c 1:3 rwm" for each access that is allowed. */
DeviceExceptions parse_device_list(const std::string& text);

/** One write to devices.allow or devices.deny. */
struct DeviceWrite {
  bool allow = false;
  std::string line;  ///< "c 1:3 rwm"
};

/** The writes that lead from one state to another, the fewest that do. */
std::vector<DeviceWrite> device_writes(const DeviceExceptions& from, const DeviceExceptions& to);

/**
 * The program of v2 (BPF_PROG_TYPE_CGROUP_DEVICE): of the rules that name a device the last decides, for each
 * of the accesses that are asked for; what no rule names is denied.
 */
std::vector<bpf_insn> device_program(const std::vector<DeviceRule>& rules);

/**
 * Loads the program and gives it to the group in `directory` in the place of those that it has. Nobody finds
 * the group without one meanwhile. EPERM: programs take CAP_BPF or CAP_SYS_ADMIN outside user namespaces.
 */
Status attach_device_program(const std::string& directory, const std::vector<bpf_insn>& program);

}  // namespace minirun
