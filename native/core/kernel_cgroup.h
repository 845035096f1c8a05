#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/cgroup.h"
#include "core/usage.h"

namespace minirun {

enum class ControlRole : uint8_t { limit, use, peak, pressure, events };

/** A file of a control group as it reads now. */
struct ControlFile {
  std::string path;
  ControlRole role = ControlRole::use;
  std::string text;
};

/**
 * What one controller holds a container to, in one shape for both versions. Memory in bytes, processes in
 * tasks; the CPU in nanoseconds, its limit in nanoseconds of each second. Absent is what this version or
 * kernel doesn't tell; a limit that is absent while its file is there is none.
 */
struct ControlResource {
  std::string name;  ///< "memory", "cpu", "pids", "io"
  std::optional<uint64_t> use, limit, peak;
  Pressure pressure;
  std::map<std::string, uint64_t> counts;  ///< "oomKills", "throttledPeriods" …
  std::vector<ControlFile> files;          ///< none: the host has no such controller
};

struct KernelCgroup {
  int version = 0;  ///< 0: no control groups
  std::string path;
  bool frozen = false;
  std::vector<ControlResource> resources;
};

KernelCgroup read_kernel_cgroup(const Cgroup& group);

/** The texts of a controller's files, by name. */
using ControlTexts = std::map<std::string, std::string, std::less<>>;

/** Fills in what the texts of a version's files say. */
void interpret_control_files(int version, const ControlTexts& texts, ControlResource& resource);

}  // namespace minirun
