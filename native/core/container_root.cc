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

Result<UniqueFd> open_overlay_root(OverlaySpec overlay, const IdMappings& mappings) {
  TraceRow row{};
  UniqueFd user;
  overlay.lower_id_mapped = !mappings.empty();
  Fault fault = mappings.empty() ? kNoFault : make_user_namespace(mappings, user, row);
  UniqueFd root;
  if (!fault) fault = make_overlay(overlay, user.get(), root, row);
  if (fault) return Error{"container root", fault.call, overlay.upper, fault.code, row.note};
  return root;
}

Result<UniqueFd> open_mapped(const std::string& path, const IdMappings& mappings) {
  TraceRow row{};
  UniqueFd user;
  UniqueFd tree;
  MountSpec mount;
  mount.source = path;
  mount.id_mapped = IdMapped::itself;
  Fault fault = make_user_namespace(mappings, user, row);
  if (!fault) fault = clone_source(mount, user.get(), tree, row);
  if (fault) return Error{"other owners", fault.call, path, fault.code, row.note};
  return tree;
}

}  // namespace minirun
