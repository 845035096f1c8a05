#include "core/cgroup_host.h"

#include <unistd.h>

#include <algorithm>

#include "core/cgroup_files.h"
#include "core/file.h"
#include "core/text.h"

namespace minirun {
namespace {

// What a container's group can be made in; other hierarchies (perf_event, name=systemd) are none of ours.
const std::set<std::string, std::less<>> kKnown = {"memory",  "cpu",      "cpuacct", "cpuset",  "pids",
                                                   "freezer", "blkio",    "io",      "devices", "hugetlb",
                                                   "net_cls", "net_prio", "rdma",    "misc"};
const std::set<std::string, std::less<>> kLimiting = {"memory", "cpu", "pids"};

struct MountLine {
  std::string root;  ///< which part of the tree is mounted
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
  return MountLine{mount[3], mount[4], super[0], super[2]};
}

std::vector<std::string> known_of(const std::vector<std::string>& names) {
  std::vector<std::string> known;
  std::copy_if(names.begin(), names.end(), std::back_inserter(known),
               [](const auto& name) { return kKnown.contains(name); });
  return known;
}

std::vector<std::string> v2_controllers(const std::string& mount_point) {
  auto text = read_file(mount_point + "/cgroup.controllers");
  if (!text) return {};
  std::replace(text->begin(), text->end(), '\n', ' ');
  return known_of(split(*text, ' '));
}

/** The path in a line of "ID:CONTROLLERS:PATH" whose controllers have `controller`; "" is v2's line. */
std::string path_in(const std::string& own, const std::string& controller) {
  for (const auto& line : split(own, '\n')) {
    size_t first = line.find(':');
    size_t second = first == std::string::npos ? first : line.find(':', first + 1);
    if (second == std::string::npos) continue;
    std::string names = line.substr(first + 1, second - first - 1);
    auto list = split(names, ',');
    bool found =
        controller.empty() ? names.empty() : std::find(list.begin(), list.end(), controller) != list.end();
    if (found) return line.substr(second + 1);
  }
  return "/";
}

/** A path of the whole tree as one below a mount of a part of it, such as a container's runtime may see. */
std::string below_mount(const std::string& path, const std::string& root) {
  if (path.empty() || path.front() != '/' || (path + "/").find("/../") != std::string::npos) return "/";
  if (root == "/") return path;
  bool inside = path == root || path.starts_with(root + "/");
  std::string rest = inside ? path.substr(root.size()) : "";
  return rest.empty() ? "/" : rest;
}

}  // namespace

bool Hierarchy::has(std::string_view controller) const {
  return std::find(controllers.begin(), controllers.end(), controller) != controllers.end();
}

bool CgroupHost::offers(std::string_view controller) const {
  return std::any_of(hierarchies.begin(), hierarchies.end(),
                     [&](const Hierarchy& hierarchy) { return hierarchy.has(controller); });
}

bool counts_swap(const CgroupHost& host) {
  if (host.version == 2) return ::access("/proc/swaps", F_OK) == 0;
  return std::any_of(host.hierarchies.begin(), host.hierarchies.end(), [](const Hierarchy& hierarchy) {
    return hierarchy.has("memory") &&
           ::access((hierarchy.mount_point + "/memory.memsw.limit_in_bytes").c_str(), F_OK) == 0;
  });
}

bool host_has_swap() {
  auto text = read_file("/proc/swaps");  // a heading, then a line for each area
  return text && split(*text, '\n').size() > 1;
}

bool is_cgroup_path(const std::string& path) {
  return !path.empty() && path.front() == '/' && clean_cgroup_path(path) == path;
}

std::optional<std::string> clean_cgroup_path(const std::string& path) {
  if (path.find('\n') != std::string::npos) return std::nullopt;  // no name of a group may have one
  std::string clean;
  for (const auto& part : split(path, '/')) {
    if (part == "..") return std::nullopt;
    if (part == ".") continue;
    if (!clean.empty() || path.front() == '/') clean += '/';
    clean += part;
  }
  return clean.empty() ? std::nullopt : std::optional(clean);
}

CgroupHost find_cgroups(const std::string& mountinfo, const std::string& own) {
  CgroupHost v1{1, {}};
  for (const auto& line : split(mountinfo, '\n')) {
    auto mount = parse_mount_line(line);
    if (!mount) continue;
    if (mount->type == "cgroup2") {
      auto controllers = v2_controllers(mount->mount_point);
      bool enough = std::any_of(controllers.begin(), controllers.end(),
                                [](const auto& name) { return kLimiting.contains(name); });
      if (enough)
        return {2,
                {{mount->mount_point, controllers, below_mount(path_in(own, ""), mount->root), mount->root}}};
    } else if (mount->type == "cgroup") {
      auto controllers = known_of(split(mount->super_options, ','));
      bool seen = std::any_of(controllers.begin(), controllers.end(),
                              [&v1](const auto& name) { return v1.offers(name); });
      if (controllers.empty() || seen) continue;
      std::string place = below_mount(path_in(own, controllers.front()), mount->root);
      v1.hierarchies.push_back({mount->mount_point, controllers, place, mount->root});
    }
  }
  return v1.hierarchies.empty() ? CgroupHost{} : v1;
}

CgroupHost find_cgroups() {
  auto mountinfo = read_file("/proc/self/mountinfo");
  auto own = read_file("/proc/self/cgroup");
  return mountinfo ? find_cgroups(*mountinfo, own ? *own : "") : CgroupHost{};
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

}  // namespace minirun
