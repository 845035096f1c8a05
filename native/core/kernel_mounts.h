#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace minirun {

/** The folders that an overlay is made of, the uppermost lower one first. */
struct OverlayLayers {
  std::vector<std::string> lower;
  std::vector<std::string> lower_folders;  ///< the same, where it is known what the kernel calls "/"
  std::string upper;
  std::string work;
};

/** A line of /proc/PID/mountinfo (proc_pid_mountinfo(5)), its paths decoded. */
struct KernelMount {
  uint64_t id = 0;
  uint64_t parent = 0;
  std::string device;  ///< "0:42"
  std::string root;    ///< what part of the file system is mounted
  std::string point;   ///< as the process sees it
  std::vector<std::string> options;
  std::vector<std::string> propagation;  ///< "shared:1", "master:2", "propagate_from:3", "unbindable"
  std::string type;
  std::string source;
  std::vector<std::string> super_options;
  uint64_t covered_by = 0;  ///< the mount that hides this one; 0 when it is in sight
  std::optional<OverlayLayers> overlay;
};

struct KernelMounts {
  std::vector<KernelMount> mounts;
  size_t total = 0;  ///< also those beyond the limit
};

/** The mounts of a process's mount namespace that lie beneath its root, at most `limit`. */
KernelMounts read_kernel_mounts(int process, size_t limit);

/** The same from the text of a mountinfo file; lines that are none are left out. */
KernelMounts parse_kernel_mounts(std::string_view mountinfo, size_t limit);

}  // namespace minirun
