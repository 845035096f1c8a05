#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace minirun {

/** One mounted tree of control groups: v2's only one, or one of v1's. */
struct Hierarchy {
  std::string mount_point;
  std::vector<std::string> controllers;
  std::string own = "/";  ///< where this process stands in it, below the mount point
  std::string root =
      "/";  ///< which part of the tree is mounted: what /proc/PID/cgroup has before such a path

  bool has(std::string_view controller) const;
};

/** How this host offers control groups. Version 0: not at all. */
struct CgroupHost {
  int version = 0;
  std::vector<Hierarchy> hierarchies;

  bool offers(std::string_view controller) const;
};

/**
 * Finds the control groups in the mount table: v2 where its tree has the controllers that containers need,
 * else v1. `mountinfo` is the text of /proc/self/mountinfo, `own` that of /proc/self/cgroup (cgroups(7)).
 */
CgroupHost find_cgroups(const std::string& mountinfo, const std::string& own);
CgroupHost find_cgroups();

/** Whether the host can limit swap: v1 with its memsw files, v2 with swap built in. */
bool counts_swap(const CgroupHost& host);

/** Whether the host has swap at all at this moment; where it has none, a limit on it holds by itself. */
bool host_has_swap();

/** Whether a path can name a container's group: "/a/b", no empty, "." or ".." parts, and never the root
 * itself. */
bool is_cgroup_path(const std::string& path);

/**
 * A cgroupsPath as it was written, without what changes nothing ("//", "/./", a slash at its end). Nothing
 * for one that leads upwards or names the root, which can be no container's.
 */
std::optional<std::string> clean_cgroup_path(const std::string& path);

/** The names of the groups directly below `root` ("/minirun"), over all hierarchies. */
std::set<std::string> list_cgroups(const CgroupHost& host, const std::string& root);

/** Removes the empty group `root` and those above it that are empty too, in every hierarchy. */
void remove_empty_cgroups(const CgroupHost& host, const std::string& root);

}  // namespace minirun
