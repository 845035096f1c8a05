#pragma once

#include <string>
#include <vector>

#include "core/cgroup_host.h"

namespace minirun {

/** One feature that containers use, and how this host stands to it. Texts are sentences for a person. */
struct Finding {
  std::string id;     ///< stable: "namespace-pid"
  std::string group;  ///< "Namespaces"
  std::string name;
  bool there = false;
  bool needed = false;  ///< containers can't do without
  std::string found;    ///< what was tried or read, and what came of it
  std::string lost;     ///< what does not work without it
  std::string remedy;   ///< how to get it
};

/**
 * Tries every kernel feature, library and tool that containers need. Namespaces and mounts are made for real,
 * in processes of their own that end at once; nothing is left behind. For a process with a single thread: it
 * forks. Takes some milliseconds.
 */
std::vector<Finding> examine_host();

/** Its parts, in the order in which people read them. */
void examine_privileges(std::vector<Finding>& findings);
void examine_namespaces(std::vector<Finding>& findings);
void examine_control_groups(std::vector<Finding>& findings);
void examine_file_systems(std::vector<Finding>& findings);
void examine_system_calls(std::vector<Finding>& findings);
void examine_programs(std::vector<Finding>& findings);

}  // namespace minirun
