#include "core/cgroup.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>

#include <algorithm>
#include <sstream>

#include "core/file.h"
#include "core/trace.h"

namespace minirun {
namespace {

// What a container's group is made in, where the host has it: limits, accounting, and the freezer for pause.
const std::set<std::string> kWanted = {"memory", "cpu", "cpuacct", "pids", "freezer", "blkio", "io"};
const std::set<std::string> kLimiting = {"memory", "cpu", "pids"};

constexpr int64_t kDestroyTimeoutNs = 5'000'000'000;
constexpr int kFirstPauseMs = 1;
constexpr int kLongestPauseMs = 50;

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::stringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);) {
    if (!part.empty()) parts.push_back(part);
  }
  return parts;
}

struct MountLine {
  std::string mount_point;
  std::string type;
  std::string super_options;
};

/** proc_pid_mountinfo(5): fields before " - " are the mount's, those after it the superblock's. */
std::optional<MountLine> parse_mount_line(const std::string& line) {
  size_t dash = line.find(" - ");
  if (dash == std::string::npos) return std::nullopt;
  auto mount = split(line.substr(0, dash), ' ');
  auto super = split(line.substr(dash + 3), ' ');
  if (mount.size() < 5 || super.size() < 3) return std::nullopt;
  return MountLine{mount[4], super[0], super[2]};
}

std::vector<std::string> wanted_of(const std::vector<std::string>& names) {
  std::vector<std::string> wanted;
  std::copy_if(names.begin(), names.end(), std::back_inserter(wanted),
               [](const auto& name) { return kWanted.count(name) != 0; });
  return wanted;
}

std::vector<std::string> v2_controllers(const std::string& mount_point) {
  auto text = read_file(mount_point + "/cgroup.controllers");
  if (!text) return {};
  if (!text->empty() && text->back() == '\n') text->pop_back();
  return wanted_of(split(*text, ' '));
}

std::vector<std::string> subdirectories(const std::string& directory) {
  std::vector<std::string> names;
  DIR* stream = ::opendir(directory.c_str());
  if (stream == nullptr) return names;
  while (const dirent* entry = ::readdir(stream)) {
    std::string name = entry->d_name;
    if (entry->d_type == DT_DIR && name != "." && name != "..") names.push_back(name);
  }
  ::closedir(stream);
  return names;
}

void collect_processes(const std::string& directory, std::set<pid_t>& pids) {
  if (auto text = read_file(directory + "/cgroup.procs")) {
    std::stringstream stream(*text);
    for (pid_t pid; stream >> pid;) pids.insert(pid);
  }
  for (const auto& name : subdirectories(directory)) collect_processes(directory + "/" + name, pids);
}

/** Removes a group and those below it, deepest first. A group goes away by rmdir alone; its files are the
 * kernel's. */
Status remove_tree_of_groups(const std::string& directory) {
  for (const auto& name : subdirectories(directory)) {
    if (Status removed = remove_tree_of_groups(directory + "/" + name); !removed) return removed;
  }
  if (::rmdir(directory.c_str()) < 0 && errno != ENOENT)
    return Error{"remove cgroup", "rmdir", directory, errno, ""};
  return {};
}

}  // namespace

bool CgroupHost::offers(const std::string& controller) const {
  return std::any_of(hierarchies.begin(), hierarchies.end(), [&](const Hierarchy& hierarchy) {
    const auto& names = hierarchy.controllers;
    return std::find(names.begin(), names.end(), controller) != names.end();
  });
}

bool counts_swap(const CgroupHost& host) {
  if (host.version == 2) return ::access("/proc/swaps", F_OK) == 0;
  return std::any_of(host.hierarchies.begin(), host.hierarchies.end(), [](const Hierarchy& hierarchy) {
    return ::access((hierarchy.mount_point + "/memory.memsw.limit_in_bytes").c_str(), F_OK) == 0;
  });
}

bool host_has_swap() {
  auto text = read_file("/proc/swaps");  // a heading, then a line for each area
  return text && split(*text, '\n').size() > 1;
}

bool is_cgroup_path(const std::string& path) {
  if (path.size() < 2 || path.front() != '/' || path.back() == '/') return false;
  if (path.find("//") != std::string::npos) return false;
  auto parts = split(path, '/');
  return std::none_of(parts.begin(), parts.end(),
                      [](const auto& part) { return part == "." || part == ".."; });
}

CgroupHost find_cgroups(const std::string& mountinfo) {
  CgroupHost v1{1, {}};
  for (const auto& line : split(mountinfo, '\n')) {
    auto mount = parse_mount_line(line);
    if (!mount) continue;
    if (mount->type == "cgroup2") {
      auto controllers = v2_controllers(mount->mount_point);
      bool enough = std::any_of(controllers.begin(), controllers.end(),
                                [](const auto& c) { return kLimiting.count(c); });
      if (enough) return {2, {{mount->mount_point, controllers}}};
    } else if (mount->type == "cgroup") {
      auto controllers = wanted_of(split(mount->super_options, ','));
      bool known =
          std::any_of(controllers.begin(), controllers.end(), [&v1](const auto& c) { return v1.offers(c); });
      if (!controllers.empty() && !known) v1.hierarchies.push_back({mount->mount_point, controllers});
    }
  }
  return v1.hierarchies.empty() ? CgroupHost{} : v1;
}

CgroupHost find_cgroups() {
  auto mountinfo = read_file("/proc/self/mountinfo");
  return mountinfo ? find_cgroups(*mountinfo) : CgroupHost{};
}

std::unique_ptr<Cgroup> Cgroup::open(const CgroupHost& host, const std::string& path) {
  return host.version == 2 ? make_cgroup_v2(host, path) : make_cgroup_v1(host, path);
}

std::vector<std::string> Cgroup::directories() const {
  std::vector<std::string> all;
  for (const auto& hierarchy : host_.hierarchies) all.push_back(directory(hierarchy));
  return all;
}

const Hierarchy* Cgroup::hierarchy_of(const std::string& controller) const {
  for (const auto& hierarchy : host_.hierarchies) {
    const auto& names = hierarchy.controllers;
    if (std::find(names.begin(), names.end(), controller) != names.end()) return &hierarchy;
  }
  return nullptr;
}

std::optional<std::string> Cgroup::directory_of(const std::string& controller) const {
  const Hierarchy* hierarchy = hierarchy_of(controller);
  return hierarchy == nullptr ? std::nullopt : std::optional(directory(*hierarchy));
}

std::string Cgroup::absence() const {
  if (version() == 0) return "no control groups are mounted on this host";
  return "the host's cgroup v" + std::to_string(version()) + " tree doesn't offer it";
}

Error Cgroup::unenforceable(const std::string& limit, const std::string& controller) const {
  return {limit + " limit", "cgroup", "controller " + controller, EOPNOTSUPP, absence()};
}

std::set<pid_t> Cgroup::processes() const {
  std::set<pid_t> pids;
  for (const auto& directory : directories()) collect_processes(directory, pids);
  return pids;
}

Status Cgroup::signal_all(int signal) const {
  for (pid_t pid : processes()) {
    if (::kill(pid, signal) < 0 && errno != ESRCH)
      return Error{"signal", "kill", "process " + std::to_string(pid), errno, ""};
  }
  return {};
}

Status Cgroup::remove() const {
  for (const auto& directory : directories()) {
    if (Status removed = remove_tree_of_groups(directory); !removed) return removed;
  }
  return {};
}

Status Cgroup::destroy() const {
  int pause = kFirstPauseMs;
  for (int64_t deadline = monotonic_ns() + kDestroyTimeoutNs;; pause = std::min(pause * 2, kLongestPauseMs)) {
    Status removed = remove();
    if (removed || removed.error().code != EBUSY || monotonic_ns() > deadline) return removed;
    (void)static_cast<bool>(kill_all());  // what it can't kill, the next round's EBUSY tells
    ::poll(nullptr, 0, pause);
  }
}

std::set<std::string> list_cgroups(const CgroupHost& host, const std::string& root) {
  std::set<std::string> names;
  for (const auto& hierarchy : host.hierarchies) {
    for (auto& name : subdirectories(hierarchy.mount_point + root)) names.insert(std::move(name));
  }
  return names;
}

void remove_empty_cgroups(const CgroupHost& host, const std::string& root) {
  for (const auto& hierarchy : host.hierarchies) {
    for (std::string path = root; !path.empty(); path = path.substr(0, path.rfind('/'))) {
      if (::rmdir((hierarchy.mount_point + path).c_str()) < 0 && errno != ENOENT) break;
    }
  }
}

std::optional<uint64_t> read_number(const std::string& file) {
  auto text = read_file(file);
  if (!text) return std::nullopt;
  uint64_t number = 0;
  std::stringstream stream(*text);
  return stream >> number ? std::optional(number) : std::nullopt;
}

std::optional<uint64_t> read_keyed(const std::string& file, const std::string& key) {
  auto text = read_file(file);
  if (!text) return std::nullopt;
  std::stringstream stream(*text);
  std::string name;
  for (uint64_t number = 0; stream >> name >> number;) {
    if (name == key) return number;
  }
  return std::nullopt;
}

}  // namespace minirun
