#include "core/statistics_files.h"

#include <charconv>
#include <cmath>
#include <initializer_list>

#include "core/text.h"

namespace minirun {
namespace {

constexpr double kNoLimitV1 = 0x7fff'ffff'ffff'f000;  // LONG_MAX in whole pages
constexpr double kNsPerUs = 1000;

/** NaN for a text that is no number, such as "max". */
double number(std::string_view text) {
  double value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() ? value : std::nan("");
}

template <Figure figure>
void read_one(std::string_view text, Sample& sample) {
  sample[figure] = number(text);
}

struct Key {
  std::string_view name;
  Figure figure;
  double scale = 1;
};

/** Lines of "key number". */
void read_keys(std::string_view text, Sample& sample, std::initializer_list<Key> keys) {
  while (!text.empty()) {
    std::string_view line = take(text, '\n');
    std::string_view name = take_word(line);
    for (const auto& key : keys) {
      if (key.name == name) sample[key.figure] = number(take_word(line)) * key.scale;
    }
  }
}

/** v1: lines of "8:0 Read 4096". */
void read_blkio(std::string_view text, Sample& sample, Figure reads, Figure writes) {
  sample.add(reads, 0);
  sample.add(writes, 0);
  while (!text.empty()) {
    std::string_view line = take(text, '\n');
    take_word(line);
    std::string_view kind = take_word(line);
    if (kind == "Read") sample.add(reads, number(take_word(line)));
    if (kind == "Write") sample.add(writes, number(take_word(line)));
  }
}

/** v2: lines of "8:0 rbytes=4096 wbytes=0 rios=1 …". */
void read_io_stat(std::string_view text, Sample& sample) {
  constexpr Key kKeys[] = {{"rbytes", Figure::read_bytes},
                           {"wbytes", Figure::write_bytes},
                           {"rios", Figure::read_operations},
                           {"wios", Figure::write_operations}};
  for (const auto& key : kKeys) sample.add(key.figure, 0);
  while (!text.empty()) {
    std::string_view line = take(text, '\n');
    take_word(line);
    while (!line.empty()) {
      std::string_view value = take_word(line);
      std::string_view name = take(value, '=');
      for (const auto& key : kKeys) {
        if (key.name == name) sample.add(key.figure, number(value));
      }
    }
  }
}

/** PSI: "some avg10=0.12 avg60=… total=…", and "full …" where the kernel has it. */
template <Figure some, Figure full>
void read_pressure(std::string_view text, Sample& sample) {
  while (!text.empty()) {
    std::string_view line = take(text, '\n');
    Figure figure = take_word(line) == "full" ? full : some;
    std::string_view average = take_word(line);
    if (take(average, '=') == "avg10") sample[figure] = number(average);
  }
}

void read_memory_limit_v1(std::string_view text, Sample& sample) {
  double limit = number(text);
  if (limit < kNoLimitV1) sample[Figure::memory_limit] = limit;
}

/** The quota alone; the period's reader comes next and makes cores of it. */
void read_cpu_quota_v1(std::string_view text, Sample& sample) {
  double quota = number(text);
  if (quota >= 0) sample[Figure::cpu_limit_cores] = quota;
}

void read_cpu_period_v1(std::string_view text, Sample& sample) {
  sample[Figure::cpu_limit_cores] /= number(text);
}

/** v2: "QUOTA PERIOD", the quota a number or "max". */
void read_cpu_max(std::string_view text, Sample& sample) {
  double quota = number(take_word(text));
  sample[Figure::cpu_limit_cores] = quota / number(take_word(text));
}

void read_cpu_stat_v1(std::string_view text, Sample& sample) {
  read_keys(text, sample,
            {{"nr_periods", Figure::cpu_periods},
             {"nr_throttled", Figure::cpu_throttled_periods},
             {"throttled_time", Figure::cpu_throttled_ns}});
}

void read_cpu_stat_v2(std::string_view text, Sample& sample) {
  read_keys(text, sample,
            {{"usage_usec", Figure::cpu_usage_ns, kNsPerUs},
             {"nr_periods", Figure::cpu_periods},
             {"nr_throttled", Figure::cpu_throttled_periods},
             {"throttled_usec", Figure::cpu_throttled_ns, kNsPerUs}});
}

void read_memory_stat_v1(std::string_view text, Sample& sample) {
  read_keys(text, sample,
            {{"total_rss", Figure::memory_anon},
             {"total_cache", Figure::memory_file},
             {"total_swap", Figure::memory_swap}});
}

void read_memory_stat_v2(std::string_view text, Sample& sample) {
  read_keys(text, sample,
            {{"anon", Figure::memory_anon},
             {"file", Figure::memory_file},
             {"kernel", Figure::memory_kernel}});  // Linux 5.18
}

void read_oom_kills(std::string_view text, Sample& sample) {
  read_keys(text, sample, {{"oom_kill", Figure::oom_kills}});
}

constexpr FigureFile kV1[] = {
    {"cpuacct", "cpuacct.usage", read_one<Figure::cpu_usage_ns>},
    {"cpu", "cpu.stat", read_cpu_stat_v1},
    {"cpu", "cpu.cfs_quota_us", read_cpu_quota_v1},
    {"cpu", "cpu.cfs_period_us", read_cpu_period_v1},
    {"memory", "memory.usage_in_bytes", read_one<Figure::memory_current>},
    {"memory", "memory.max_usage_in_bytes", read_one<Figure::memory_peak>},
    {"memory", "memory.limit_in_bytes", read_memory_limit_v1},
    {"memory", "memory.kmem.usage_in_bytes", read_one<Figure::memory_kernel>},
    {"memory", "memory.stat", read_memory_stat_v1},
    {"memory", "memory.oom_control", read_oom_kills},
    {"pids", "pids.current", read_one<Figure::pids_current>},
    {"pids", "pids.max", read_one<Figure::pids_limit>},
    {"blkio", "blkio.throttle.io_service_bytes_recursive",
     [](std::string_view text, Sample& sample) {
       read_blkio(text, sample, Figure::read_bytes, Figure::write_bytes);
     }},
    {"blkio", "blkio.throttle.io_serviced_recursive",
     [](std::string_view text, Sample& sample) {
       read_blkio(text, sample, Figure::read_operations, Figure::write_operations);
     }},
};

constexpr FigureFile kV2[] = {
    {"cpu", "cpu.stat", read_cpu_stat_v2},
    {"cpu", "cpu.max", read_cpu_max},
    {"cpu", "cpu.pressure", read_pressure<Figure::cpu_some, Figure::cpu_full>},
    {"memory", "memory.current", read_one<Figure::memory_current>},
    {"memory", "memory.peak", read_one<Figure::memory_peak>},  // Linux 5.19
    {"memory", "memory.max", read_one<Figure::memory_limit>},
    {"memory", "memory.swap.current", read_one<Figure::memory_swap>},
    {"memory", "memory.stat", read_memory_stat_v2},
    {"memory", "memory.events", read_oom_kills},
    {"memory", "memory.pressure", read_pressure<Figure::memory_some, Figure::memory_full>},
    {"io", "io.stat", read_io_stat},
    {"io", "io.pressure", read_pressure<Figure::io_some, Figure::io_full>},
    {"pids", "pids.current", read_one<Figure::pids_current>},
    {"pids", "pids.max", read_one<Figure::pids_limit>},
};

}  // namespace

std::span<const FigureFile> figure_files(int cgroup_version) {
  if (cgroup_version == 2) return kV2;
  return cgroup_version == 1 ? std::span<const FigureFile>(kV1) : std::span<const FigureFile>();
}

void read_network(std::string_view text, Sample& sample) {
  constexpr int kSentBytesColumn = 8;
  take(text, '\n');  // two lines of headings
  take(text, '\n');
  while (!text.empty()) {
    std::string_view line = take(text, '\n');
    take(line, ':');
    double columns[kSentBytesColumn + 2];
    for (double& column : columns) column = number(take_word(line));
    sample.add(Figure::received_bytes, columns[0]);
    sample.add(Figure::received_packets, columns[1]);
    sample.add(Figure::sent_bytes, columns[kSentBytesColumn]);
    sample.add(Figure::sent_packets, columns[kSentBytesColumn + 1]);
  }
}

}  // namespace minirun
