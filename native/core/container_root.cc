#include "core/container_root.h"

#include <fcntl.h>

#include "core/overlay.h"
#include "core/procfs.h"

namespace minirun {

Result<UniqueFd> open_process_root(pid_t pid, const std::string& start_time) {
  std::string path = "/proc/" + std::to_string(pid);
  // A descriptor of this directory stays that process's: what is opened through it can't be another's.
  UniqueFd process(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  auto stat = process ? read_process_stat_at(process.get()) : std::nullopt;
  if (!stat || stat->start_time != start_time)
    return Error{"container root", "open", path, ESRCH, "the process has ended"};
  UniqueFd root(::openat(process.get(), "root", O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!root) return Error{"container root", "openat", path + "/root", errno == ENOENT ? ESRCH : errno, ""};
  return root;
}

Result<UniqueFd> open_overlay_root(const OverlaySpec& overlay) {
  TraceRow row{};
  UniqueFd root;
  if (Fault fault = make_overlay(overlay, -1, root, row))
    return Error{"container root", fault.call, overlay.upper, fault.code, row.note};
  return root;
}

}  // namespace minirun
