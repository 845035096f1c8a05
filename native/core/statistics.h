#pragma once

#include <sys/types.h>

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/cgroup.h"
#include "core/unique_fd.h"

namespace minirun {

/** What is measured of a container. Counters count from the making of its control group. */
enum class Figure : uint8_t {
  monotonic_ns,  ///< when it was measured, on CLOCK_MONOTONIC
  cpu_usage_ns,
  cpu_limit_cores,
  cpu_throttled_ns,
  cpu_throttled_periods,
  cpu_periods,
  memory_current,
  memory_peak,
  memory_limit,
  memory_anon,
  memory_file,
  memory_kernel,
  memory_swap,
  oom_kills,
  read_bytes,
  write_bytes,
  read_operations,
  write_operations,
  pids_current,
  pids_limit,
  received_bytes,  ///< over all interfaces of the network namespace, lo included
  received_packets,
  sent_bytes,
  sent_packets,
  cpu_some,  ///< pressure: percent of the last 10 s
  cpu_full,
  memory_some,
  memory_full,
  io_some,
  io_full,
};
inline constexpr size_t kFigures = static_cast<size_t>(Figure::io_full) + 1;

/** Figures by their number; NaN is what the kernel doesn't tell. */
class Sample {
 public:
  Sample();
  double& operator[](Figure figure) { return values_[static_cast<size_t>(figure)]; }
  double operator[](Figure figure) const { return values_[static_cast<size_t>(figure)]; }
  /** Adds to a figure of which several lines tell. */
  void add(Figure figure, double value);
  const std::array<double, kFigures>& values() const { return values_; }

 private:
  std::array<double, kFigures> values_;
};

/** A container to be measured. */
struct StatisticsTarget {
  std::string cgroup;      ///< is_cgroup_path() holds
  pid_t pid = 0;           ///< a process in its network namespace; 0 leaves the network out
  std::string start_time;  ///< with `pid`, that process's identity
};

/** Reads the text of one of the kernel's files into a sample. */
using FigureReader = void (*)(std::string_view text, Sample& sample);

/**
 * Measures containers again and again. The kernel's files are opened once for each container and read from
 * their start each time; those of a container that is no longer asked for are closed.
 */
class StatisticsSampler {
 public:
  explicit StatisticsSampler(CgroupHost host) : host_(std::move(host)) {}
  /** One sample for each target, in their order. */
  std::vector<Sample> sample(const std::vector<StatisticsTarget>& targets);

 private:
  struct Source {
    UniqueFd file;
    FigureReader read;
  };
  struct Container {
    pid_t pid = 0;
    std::vector<Source> sources;
    uint64_t round = 0;
  };

  Container open(const StatisticsTarget& target) const;

  CgroupHost host_;
  std::map<std::string, Container> containers_;  ///< by control group
  uint64_t round_ = 0;
};

}  // namespace minirun
