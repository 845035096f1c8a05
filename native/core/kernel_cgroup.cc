#include "core/kernel_cgroup.h"

#include <fcntl.h>

#include "core/text.h"

namespace minirun {
namespace {

constexpr size_t kLongestFile = 8192;
constexpr uint64_t kNsPerUs = 1000;
constexpr uint64_t kNsPerSecond = 1'000'000'000;
constexpr uint64_t kNoLimitV1 = 0x7fff'ffff'ffff'f000;  // LONG_MAX in whole pages

struct Source {
  const char* resource;
  const char* controller;
  const char* name;
  ControlRole role;
};

// Documentation/admin-guide/cgroup-v1 and cgroup-v2.rst.
constexpr Source kV1[] = {
    {"memory", "memory", "memory.limit_in_bytes", ControlRole::limit},
    {"memory", "memory", "memory.memsw.limit_in_bytes", ControlRole::limit},
    {"memory", "memory", "memory.usage_in_bytes", ControlRole::use},
    {"memory", "memory", "memory.max_usage_in_bytes", ControlRole::peak},
    {"memory", "memory", "memory.failcnt", ControlRole::events},
    {"memory", "memory", "memory.oom_control", ControlRole::events},
    {"cpu", "cpu", "cpu.cfs_quota_us", ControlRole::limit},
    {"cpu", "cpu", "cpu.cfs_period_us", ControlRole::limit},
    {"cpu", "cpuacct", "cpuacct.usage", ControlRole::use},
    {"cpu", "cpu", "cpu.stat", ControlRole::events},
    {"pids", "pids", "pids.max", ControlRole::limit},
    {"pids", "pids", "pids.current", ControlRole::use},
    {"pids", "pids", "pids.events", ControlRole::events},
    {"io", "blkio", "blkio.throttle.io_service_bytes_recursive", ControlRole::use},
    {"io", "blkio", "blkio.throttle.io_serviced_recursive", ControlRole::use},
};

constexpr Source kV2[] = {
    {"memory", "memory", "memory.max", ControlRole::limit},
    {"memory", "memory", "memory.high", ControlRole::limit},
    {"memory", "memory", "memory.swap.max", ControlRole::limit},
    {"memory", "memory", "memory.current", ControlRole::use},
    {"memory", "memory", "memory.swap.current", ControlRole::use},
    {"memory", "memory", "memory.peak", ControlRole::peak},
    {"memory", "memory", "memory.pressure", ControlRole::pressure},
    {"memory", "memory", "memory.events", ControlRole::events},
    {"cpu", "cpu", "cpu.max", ControlRole::limit},
    {"cpu", "cpu", "cpu.weight", ControlRole::limit},
    {"cpu", "cpu", "cpu.stat", ControlRole::use},
    {"cpu", "cpu", "cpu.pressure", ControlRole::pressure},
    {"pids", "pids", "pids.max", ControlRole::limit},
    {"pids", "pids", "pids.current", ControlRole::use},
    {"pids", "pids", "pids.peak", ControlRole::peak},
    {"pids", "pids", "pids.events", ControlRole::events},
    {"io", "io", "io.max", ControlRole::limit},
    {"io", "io", "io.stat", ControlRole::use},
    {"io", "io", "io.pressure", ControlRole::pressure},
};

constexpr const char* kResources[] = {"memory", "cpu", "pids", "io"};

std::string_view text_of(const ControlTexts& texts, std::string_view name) {
  auto found = texts.find(name);
  return found == texts.end() ? std::string_view() : std::string_view(found->second);
}

std::optional<uint64_t> number_of(const ControlTexts& texts, std::string_view name) {
  return parse_number(text_of(texts, name));
}

void count(ControlResource& resource, const char* name, const std::optional<uint64_t>& value) {
  if (value) resource.counts[name] = *value;
}

void count_keys(ControlResource& resource, std::string_view text,
                std::initializer_list<std::pair<const char*, const char*>> names) {
  auto counts = parse_counts(text);
  for (const auto& [key, name] : names) count(resource, name, count_of(counts, key));
}

void interpret_memory(int version, const ControlTexts& texts, ControlResource& memory) {
  if (version == 2) {
    memory.use = number_of(texts, "memory.current");
    memory.limit = number_of(texts, "memory.max");
    memory.peak = number_of(texts, "memory.peak");
    count(memory, "swapBytes", number_of(texts, "memory.swap.current"));
    count_keys(memory, text_of(texts, "memory.events"),
               {{"max", "limitHits"}, {"oom", "outOfMemory"}, {"oom_kill", "oomKills"}});
    return;
  }
  memory.use = number_of(texts, "memory.usage_in_bytes");
  memory.peak = number_of(texts, "memory.max_usage_in_bytes");
  auto limit = number_of(texts, "memory.limit_in_bytes");
  if (limit && *limit < kNoLimitV1) memory.limit = limit;
  count(memory, "limitHits", number_of(texts, "memory.failcnt"));
  count_keys(memory, text_of(texts, "memory.oom_control"), {{"oom_kill", "oomKills"}});
}

/** A quota of each period as nanoseconds of each second. */
std::optional<uint64_t> share(std::optional<uint64_t> quota_us, std::optional<uint64_t> period_us) {
  if (!quota_us || !period_us || *period_us == 0) return std::nullopt;
  return static_cast<uint64_t>(static_cast<double>(*quota_us) / static_cast<double>(*period_us) *
                               static_cast<double>(kNsPerSecond));
}

void interpret_cpu(int version, const ControlTexts& texts, ControlResource& cpu) {
  auto stat = parse_counts(text_of(texts, "cpu.stat"));
  count(cpu, "periods", count_of(stat, "nr_periods"));
  count(cpu, "throttledPeriods", count_of(stat, "nr_throttled"));
  if (version == 2) {
    cpu.use = count_of(stat, "usage_usec", kNsPerUs);
    std::string_view limit = text_of(texts, "cpu.max");
    auto quota = parse_number(take_word(limit));
    cpu.limit = share(quota, parse_number(take_word(limit)));
    count(cpu, "throttledNs", count_of(stat, "throttled_usec", kNsPerUs));
    return;
  }
  cpu.use = number_of(texts, "cpuacct.usage");
  cpu.limit = share(number_of(texts, "cpu.cfs_quota_us"), number_of(texts, "cpu.cfs_period_us"));
  count(cpu, "throttledNs", count_of(stat, "throttled_time"));
}

uint64_t sum(const std::vector<IoCount>& counts, std::string_view operation) {
  uint64_t total = 0;
  for (const auto& one : counts) total += one.operation == operation ? one.value : 0;
  return total;
}

void interpret_io(int version, const ControlTexts& texts, ControlResource& io) {
  IoUsage usage;
  if (version == 2) {
    parse_io_stat(text_of(texts, "io.stat"), usage);
  } else {
    usage.service_bytes = parse_blkio(text_of(texts, "blkio.throttle.io_service_bytes_recursive"));
    usage.serviced = parse_blkio(text_of(texts, "blkio.throttle.io_serviced_recursive"));
  }
  io.counts["readBytes"] = sum(usage.service_bytes, "Read");
  io.counts["writtenBytes"] = sum(usage.service_bytes, "Write");
  io.counts["reads"] = sum(usage.serviced, "Read");
  io.counts["writes"] = sum(usage.serviced, "Write");
}

/** Nothing where the kernel hasn't got the file. */
std::optional<std::string> read_control_file(const std::string& path) {
  UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return std::nullopt;
  std::string text(kLongestFile, '\0');
  ssize_t length = ::read(file.get(), text.data(), text.size());
  if (length < 0) return std::nullopt;  // EOPNOTSUPP: a kernel that was started without pressure
  text.resize(static_cast<size_t>(length));
  return text;
}

ControlResource read_resource(const Cgroup& group, const char* name) {
  ControlResource resource;
  resource.name = name;
  ControlTexts texts;
  for (const auto& source :
       group.version() == 2 ? std::span<const Source>(kV2) : std::span<const Source>(kV1)) {
    if (resource.name != source.resource) continue;
    auto directory = group.directory_of(source.controller);
    if (!directory) continue;
    std::string path = *directory + "/" + source.name;
    auto text = read_control_file(path);
    if (!text) continue;
    texts[source.name] = *text;
    resource.files.push_back({std::move(path), source.role, std::move(*text)});
  }
  if (!resource.files.empty()) interpret_control_files(group.version(), texts, resource);
  return resource;
}

}  // namespace

void interpret_control_files(int version, const ControlTexts& texts, ControlResource& resource) {
  resource.pressure = parse_pressure(text_of(texts, resource.name + ".pressure"));
  if (resource.name == "memory") interpret_memory(version, texts, resource);
  if (resource.name == "cpu") interpret_cpu(version, texts, resource);
  if (resource.name == "io") interpret_io(version, texts, resource);
  if (resource.name != "pids") return;
  resource.use = number_of(texts, "pids.current");
  resource.limit = number_of(texts, "pids.max");
  resource.peak = number_of(texts, "pids.peak");
  count_keys(resource, text_of(texts, "pids.events"), {{"max", "limitHits"}});
}

KernelCgroup read_kernel_cgroup(const Cgroup& group) {
  KernelCgroup view;
  view.version = group.version();
  view.path = group.path();
  if (view.version == 0) return view;
  auto frozen = group.is_frozen();
  view.frozen = frozen && *frozen;
  for (const char* name : kResources) view.resources.push_back(read_resource(group, name));
  return view;
}

}  // namespace minirun
