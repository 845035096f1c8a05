#include "core/cgroup.h"
#include "core/file.h"
#include "oci/parts.h"
#include "oci/reader.h"
#include "runtime/explain.h"
#include "runtime/quantity.h"
#include "runtime/record.h"
#include "runtime/verb.h"

namespace minirun::runtime {
namespace {

constexpr auto kFlags = std::to_array<Flag>({
    {"resources", 'r', "FILE", "an object like linux.resources of config.json; - reads it from stdin"},
    {"memory", 0, "BYTES", "memory"},
    {"memory-swap", 0, "BYTES", "memory and swap together"},
    {"memory-reservation", 0, "BYTES", "memory that is left to it"},
    {"cpu-quota", 0, "US", "processor time per period, in microseconds"},
    {"cpu-period", 0, "US", "the period, in microseconds"},
    {"cpu-burst", 0, "US", "what may be saved up of the quota, in microseconds"},
    {"cpu-share", 0, "N", "weight, relative to other groups; 1024 is usual"},
    {"cpu-rt-period", 0, "US", "the period of real-time scheduling"},
    {"cpu-rt-runtime", 0, "US", "real-time scheduling per period"},
    {"cpu-idle", 0, "N", "1: only where nobody else wants the processor"},
    {"cpuset-cpus", 0, "LIST", "the processors, as 0-2,5"},
    {"cpuset-mems", 0, "LIST", "the memory nodes"},
    {"pids-limit", 0, "N", "processes; -1: any number"},
    {"blkio-weight", 0, "N", "weight of its I/O, 10 to 1000"},
    {"kernel-memory", 0, "BYTES", "accepted and without effect: Linux counts it with the rest"},
    {"kernel-memory-tcp", 0, "BYTES", "memory of TCP's buffers (cgroup v1)"},
});

/** Reads a number of an option into a limit, where the option is given. */
template <class Limit>
Status read_number(const CommandLine& line, const char* option, int64_t lowest, Limit& limit) {
  if (!line.has(option)) return {};
  auto number = line.number(option, lowest, INT64_MAX, 0);
  if (!number) return number.error();
  limit = static_cast<typename Limit::value_type>(*number);
  return {};
}

/** Reads a weight, of which 0 says that none is set. */
template <class Limit>
Status read_weight(const CommandLine& line, const char* option, int64_t lowest, int64_t highest,
                   Limit& limit) {
  auto number = line.number(option, 0, highest, 0);
  if (!number) return number.error();
  if (*number == 0) return {};
  if (*number < lowest)
    return usage_error(std::string("--") + option, "expected 0 or a number from " + std::to_string(lowest) +
                                                       " to " + std::to_string(highest));
  limit = static_cast<typename Limit::value_type>(*number);
  return {};
}

Status read_bytes(const CommandLine& line, const char* option, std::optional<int64_t>& limit) {
  if (!line.has(option)) return {};
  auto bytes = parse_bytes(std::string("--") + option, line.value(option));
  if (!bytes) return bytes.error();
  limit = *bytes;
  return {};
}

Result<LimitSpec> read_options(const CommandLine& line) {
  LimitSpec limits;
  for (Status read :
       {read_bytes(line, "memory", limits.memory.limit), read_bytes(line, "memory-swap", limits.memory.swap),
        read_bytes(line, "memory-reservation", limits.memory.reservation),
        read_bytes(line, "kernel-memory-tcp", limits.memory.kernel_tcp),
        read_number(line, "cpu-quota", -1, limits.cpu.quota_us),
        read_number(line, "cpu-period", 1, limits.cpu.period_us),
        read_number(line, "cpu-burst", 0, limits.cpu.burst_us),
        read_weight(line, "cpu-share", 1, INT64_MAX, limits.cpu.shares),
        read_number(line, "cpu-rt-period", 1, limits.cpu.realtime_period_us),
        read_number(line, "cpu-rt-runtime", 0, limits.cpu.realtime_runtime_us),
        read_number(line, "cpu-idle", 0, limits.cpu.idle), read_number(line, "pids-limit", -1, limits.pids),
        read_weight(line, "blkio-weight", 10, 1000, limits.block_io.weight)}) {
    if (!read) return read.error();
  }
  limits.cpu.cpus = line.value("cpuset-cpus");
  limits.cpu.mems = line.value("cpuset-mems");
  return limits;
}

Result<LimitSpec> read_resources(const std::string& path) {
  auto text = path == "-" ? read_all(STDIN_FILENO, "stdin") : read_file(path);
  if (!text) return text.error();
  oci::Document document(*text);
  LimitSpec limits = oci::parse_resources(document.root());
  if (const auto& problem = document.problem())
    return usage_error("--resources", problem->pointer + " " + problem->message);
  return limits;
}

Result<int> run(const Globals& globals, const CommandLine& line) {
  auto limits = line.has("resources") ? read_resources(line.value("resources")) : read_options(line);
  if (!limits) return limits.error();
  auto container = find_locked(globals.root, line.words().front());
  if (!container) return container.error();
  ContainerStatus status = status_of(container->record);
  if (status == ContainerStatus::stopped || status == ContainerStatus::creating)
    return Error{"update", "", "container " + container->record.id, ESRCH,
                 std::string("container is not running: it is ") + name_of(status)};
  if (Status updated = cgroup_of(container->record)->update(*limits); !updated) return updated.error();
  return 0;
}

}  // namespace

const Verb kUpdate{.name = "update",
                   .words = "CONTAINER",
                   .about = "change a container's limits while it runs, all or none",
                   .flags = kFlags,
                   .fewest_words = 1,
                   .most_words = 1,
                   .options_end_at_word = false,
                   .run = run};

}  // namespace minirun::runtime
