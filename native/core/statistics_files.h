#pragma once

#include <span>

#include "core/statistics.h"

namespace minirun {

/** A file of a control group that holds figures; on v1 it lies in the hierarchy of `controller`. */
struct FigureFile {
  const char* controller;
  const char* name;
  FigureReader read;
};

/** The files of a version of control groups, as Linux' Documentation/admin-guide has them. */
std::span<const FigureFile> figure_files(int cgroup_version);

/** Sums /proc/PID/net/dev (proc_net(5)) over its interfaces. */
void read_network(std::string_view text, Sample& sample);

}  // namespace minirun
