#include "core/statistics.h"

#include <fcntl.h>

#include <cmath>
#include <limits>

#include "core/procfs.h"
#include "core/statistics_files.h"
#include "core/trace.h"

namespace minirun {
namespace {

constexpr size_t kLongestFile = 16384;

void read_source(int file, FigureReader read, Sample& sample) {
  char text[kLongestFile];
  ssize_t length = ::pread(file, text, sizeof text, 0);
  if (length > 0) read({text, static_cast<size_t>(length)}, sample);
}

UniqueFd open_file(const std::string& path) {
  return UniqueFd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
}

/** net/dev of the process, or none when it has ended. */
UniqueFd open_network(const StatisticsTarget& target) {
  std::string path = "/proc/" + std::to_string(target.pid);
  UniqueFd process(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  auto stat = process ? read_process_stat_at(process.get()) : std::nullopt;
  if (!stat || stat->start_time != target.start_time) return {};
  return UniqueFd(::openat(process.get(), "net/dev", O_RDONLY | O_CLOEXEC));
}

}  // namespace

Sample::Sample() {
  values_.fill(std::numeric_limits<double>::quiet_NaN());
}

void Sample::add(Figure figure, double value) {
  double& sum = (*this)[figure];
  sum = std::isnan(sum) ? value : sum + value;
}

std::vector<Sample> StatisticsSampler::sample(const std::vector<StatisticsTarget>& targets) {
  ++round_;
  std::vector<Sample> samples(targets.size());
  for (size_t i = 0; i < targets.size(); ++i) {
    auto [entry, added] = containers_.try_emplace(targets[i].cgroup);
    Container& container = entry->second;
    if (added || container.pid != targets[i].pid) container = open(targets[i]);
    container.round = round_;
    samples[i][Figure::monotonic_ns] = static_cast<double>(monotonic_ns());
    for (const auto& source : container.sources) read_source(source.file.get(), source.read, samples[i]);
  }
  std::erase_if(containers_, [this](const auto& entry) { return entry.second.round != round_; });
  return samples;
}

StatisticsSampler::Container StatisticsSampler::open(const StatisticsTarget& target) const {
  Container container;
  container.pid = target.pid;
  auto add = [&](UniqueFd file, FigureReader read) {
    if (file) container.sources.push_back({std::move(file), read});
  };
  auto cgroup = Cgroup::open(host_, target.cgroup);
  for (const auto& file : figure_files(host_.version)) {
    if (auto directory = cgroup->directory_of(file.controller))
      add(open_file(*directory + "/" + file.name), file.read);
  }
  if (target.pid > 0) add(open_network(target), read_network);
  return container;
}

}  // namespace minirun
