#include "core/cgroup.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>

#include <algorithm>

#include "core/cgroup_files.h"
#include "core/file.h"
#include "core/process_files.h"
#include "core/syscalls.h"
#include "core/text.h"
#include "core/trace.h"

namespace minirun {
namespace {

constexpr int64_t kDestroyTimeoutNs = 5'000'000'000;
constexpr int kFirstPauseMs = 1;
constexpr int kLongestPauseMs = 50;
constexpr size_t kLongestMembership = 16384;

std::string join(const std::vector<std::string>& names) {
  std::string all;
  for (const auto& name : names) all += (all.empty() ? "" : ",") + name;
  return all;
}

std::string parent_of(const std::string& path) {
  size_t slash = path.rfind('/');
  return slash == std::string::npos || slash == 0 ? "/" : path.substr(0, slash);
}

std::string below(const std::string& above, const std::string& path) {
  return (above == "/" ? "" : above) + "/" + path;
}

/** Whether a path is `root` followed by `place`, or below that; the root of a tree that is mounted whole is
 * "/". */
bool lies_in(std::string_view path, std::string_view root, std::string_view place) {
  if (root != "/") {
    if (!path.starts_with(root)) return false;
    path.remove_prefix(root.size());
  }
  if (!path.starts_with(place)) return false;
  path.remove_prefix(place.size());
  return path.empty() || path.front() == '/';
}

bool can_write(const Hierarchy& hierarchy, const std::string& place) {
  return ::faccessat(AT_FDCWD, (hierarchy.mount_point + place).c_str(), W_OK, AT_EACCESS) == 0;
}

/** Where a relative path leads to in one hierarchy, or nothing where no group can be made there. */
std::optional<std::string> resolve_relative(const Hierarchy& hierarchy, int version,
                                            const std::string& path) {
  if (version == 2 && can_write(hierarchy, parent_of(hierarchy.own)))
    return below(parent_of(hierarchy.own), path);
  if (can_write(hierarchy, hierarchy.own)) return below(hierarchy.own, path);
  return std::nullopt;
}

/** The path that a list of "CONTROLLERS:PATH" has for one hierarchy. */
std::optional<std::string> listed_place(const Hierarchy& hierarchy, const std::string& list) {
  std::string start = join(hierarchy.controllers) + ":";
  for (const auto& line : split(list, '\n')) {
    if (line.starts_with(start) && is_cgroup_path(line.substr(start.size())))
      return line.substr(start.size());
  }
  return std::nullopt;
}

std::optional<std::string> resolve(const Hierarchy& hierarchy, int version, const std::string& path) {
  if (path.find('\n') != std::string::npos) return listed_place(hierarchy, path);
  auto clean = clean_cgroup_path(path);
  if (!clean || clean->front() == '/') return clean;
  return resolve_relative(hierarchy, version, *clean);
}

/** One path where it is the same in every hierarchy of the host. */
std::string describe(const CgroupHost& host, const CgroupPlaces& places, bool complete) {
  if (places.empty()) return "";
  bool same =
      std::all_of(places.begin(), places.end(), [&](const auto& place) { return place == places[0]; });
  if (complete && same) return places[0];
  std::string list;
  for (size_t i = 0; i < places.size(); ++i)
    list += join(host.hierarchies[i].controllers) + ":" + places[i] + "\n";
  return list;
}

}  // namespace

std::unique_ptr<Cgroup> Cgroup::open(const CgroupHost& host, const std::string& path) {
  CgroupHost reached{host.version, {}};
  CgroupPlaces places;
  for (const auto& hierarchy : host.hierarchies) {
    auto place = resolve(hierarchy, host.version, path);
    if (!place) continue;
    reached.hierarchies.push_back(hierarchy);
    places.push_back(*place);
  }
  std::string described = describe(reached, places, places.size() == host.hierarchies.size());
  return host.version == 2 ? make_cgroup_v2(std::move(reached), std::move(places), std::move(described))
                           : make_cgroup_v1(std::move(reached), std::move(places), std::move(described));
}

std::vector<std::string> Cgroup::directories() const {
  std::vector<std::string> all;
  for (size_t i = 0; i < places_.size(); ++i) all.push_back(directory(i));
  return all;
}

std::optional<std::string> Cgroup::directory_of(const std::string& controller) const {
  for (size_t i = 0; i < places_.size(); ++i) {
    if (host_.hierarchies[i].has(controller)) return directory(i);
  }
  return std::nullopt;
}

bool Cgroup::exists() const {
  auto all = directories();
  return std::any_of(all.begin(), all.end(),
                     [](const auto& one) { return ::access(one.c_str(), F_OK) == 0; });
}

std::string Cgroup::absence() const {
  std::string version = std::to_string(host_.version);
  if (host_.version == 0) return "no control groups are mounted on this host";
  if (host_.hierarchies.empty()) return "this user can't write to the host's cgroup v" + version + " tree";
  return "the host's cgroup v" + version + " tree doesn't offer it";
}

Result<std::vector<LimitWrite>> Cgroup::limit_writes(const LimitSpec& limits) const {
  for (const auto& controller : needed_controllers(limits, version())) {
    if (!host_.offers(controller))
      return Error{controller + " limit", "cgroup", "controller " + controller, EOPNOTSUPP, absence()};
  }
  return translate(limits);
}

Status Cgroup::require_running() const {
  auto frozen = is_frozen();
  if (!frozen || !*frozen) return {};
  return Error{"cgroup", "open", path(), EBUSY, "the group is frozen; let it go on first"};
}

Status Cgroup::require_idle() const {
  if (Status running = require_running(); !running) return running;
  size_t count = processes().size();
  if (count == 0) return {};
  return Error{"cgroup", "mkdir", path(), EBUSY,
               "the group is there, and " + std::to_string(count) + " processes are in it"};
}

std::set<pid_t> Cgroup::processes() const {
  std::set<pid_t> pids;
  for (const auto& directory : directories()) collect_processes(directory, pids);
  return pids;
}

bool Cgroup::holds(int process) const {
  std::string text = read_process_file(process, "cgroup", kLongestMembership);
  for (std::string_view lines = text; !lines.empty();) {  // "ID:CONTROLLERS:PATH"
    std::string_view path = take(lines, '\n');
    take(path, ':');
    take(path, ':');
    for (size_t i = 0; i < places_.size(); ++i) {
      if (lies_in(path, host_.hierarchies[i].root, places_[i])) return true;
    }
  }
  return false;
}

Status Cgroup::signal_all(int signal) const {
  for (pid_t pid : processes()) {
    UniqueFd pidfd(sys::pidfd_open(pid));
    UniqueFd process(::open(("/proc/" + std::to_string(pid)).c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    // The number may have become another process's since the group named it.
    if (!pidfd || !process || !holds(process.get())) continue;
    if (sys::pidfd_send_signal(pidfd.get(), signal) < 0 && errno != ESRCH)
      return Error{"signal", "pidfd_send_signal", "process " + std::to_string(pid), errno, ""};
  }
  return {};
}

Status Cgroup::remove() const {
  for (const auto& directory : directories()) {
    if (Status removed = remove_groups(directory); !removed) return removed;
  }
  return {};
}

Status Cgroup::destroy() const {
  int pause = kFirstPauseMs;
  for (int64_t deadline = monotonic_ns() + kDestroyTimeoutNs;; pause = std::min(pause * 2, kLongestPauseMs)) {
    Status removed = remove();
    bool busy = !removed && (removed.error().code == EBUSY || removed.error().code == ENOTEMPTY);
    if (!busy) return removed;
    if (monotonic_ns() > deadline) {
      removed.error().note = std::to_string(processes().size()) + " processes in it do not end";
      return removed;
    }
    (void)static_cast<bool>(kill_all());  // what it can't kill, the next round's EBUSY tells
    ::poll(nullptr, 0, pause);
  }
}

}  // namespace minirun
