#include "core/usage.h"

#include <algorithm>
#include <charconv>

#include "core/cgroup_files.h"
#include "core/text.h"

namespace minirun {
namespace {

constexpr uint64_t kLongestList = 65536;  // more processors than Linux can have

/** A whole number, or the highest for "max". */
std::optional<uint64_t> number(std::string_view text) {
  return text == "max" ? std::optional(UINT64_MAX) : parse_number(text);
}

std::optional<DeviceNumber> parse_device(std::string_view text) {
  auto major = parse_number(take(text, ':'));
  auto minor = parse_number(text);
  if (!major || !minor) return std::nullopt;
  return DeviceNumber{static_cast<uint32_t>(*major), static_cast<uint32_t>(*minor)};
}

Pressure::Line parse_pressure_line(std::string_view line) {
  Pressure::Line pressure;
  while (!line.empty()) {
    std::string_view value = take_word(line);
    std::string_view key = take(value, '=');
    double share = 0;
    std::from_chars(value.data(), value.data() + value.size(), share);
    if (key == "avg10") pressure.avg10 = share;
    if (key == "avg60") pressure.avg60 = share;
    if (key == "avg300") pressure.avg300 = share;
    if (key == "total") pressure.total_us = parse_number(value).value_or(0);
  }
  return pressure;
}

}  // namespace

std::map<std::string, uint64_t> parse_counts(std::string_view text) {
  std::map<std::string, uint64_t> counts;
  while (!text.empty()) {
    std::string_view line = take(text, '\n');
    std::string_view key = take_word(line);
    auto value = number(take_word(line));
    if (!key.empty() && value) counts[std::string(key)] = *value;
  }
  return counts;
}

std::vector<uint64_t> parse_numbers(std::string_view text) {
  std::vector<uint64_t> numbers;
  std::string_view line = take(text, '\n');
  while (!line.empty()) {
    if (auto value = parse_number(take_word(line))) numbers.push_back(*value);
  }
  return numbers;
}

std::vector<uint32_t> parse_list(std::string_view text) {
  std::vector<uint32_t> all;
  std::string_view line = take(text, '\n');
  while (!line.empty()) {
    std::string_view range = take(line, ',');
    auto first = parse_number(take(range, '-'));
    auto last = range.empty() ? first : parse_number(range);
    if (!first || !last || *last >= kLongestList) continue;
    for (uint64_t one = *first; one <= *last && all.size() < kLongestList; ++one)
      all.push_back(static_cast<uint32_t>(one));
  }
  return all;
}

Pressure parse_pressure(std::string_view text) {
  Pressure pressure;
  while (!text.empty()) {
    std::string_view line = take(text, '\n');
    std::string_view kind = take_word(line);
    if (kind == "some") pressure.some = parse_pressure_line(line);
    if (kind == "full") pressure.full = parse_pressure_line(line);
  }
  return pressure;
}

std::vector<IoCount> parse_blkio(std::string_view text) {
  std::vector<IoCount> counts;
  while (!text.empty()) {
    std::string_view line = take(text, '\n');
    auto device = parse_device(take_word(line));  // the last line is "Total 4096"
    std::string_view word = take_word(line);
    std::string_view last = take_word(line);
    auto value = parse_number(last.empty() ? word : last);
    if (device && value) counts.push_back({*device, std::string(last.empty() ? "" : word), *value});
  }
  return counts;
}

void parse_io_stat(std::string_view text, IoUsage& usage) {
  while (!text.empty()) {
    std::string_view line = take(text, '\n');
    auto device = parse_device(take_word(line));
    while (device && !line.empty()) {
      std::string_view value = take_word(line);
      std::string_view key = take(value, '=');
      auto count = parse_number(value);
      if (!count) continue;
      if (key == "rbytes") usage.service_bytes.push_back({*device, "Read", *count});
      if (key == "wbytes") usage.service_bytes.push_back({*device, "Write", *count});
      if (key == "dbytes") usage.service_bytes.push_back({*device, "Discard", *count});
      if (key == "rios") usage.serviced.push_back({*device, "Read", *count});
      if (key == "wios") usage.serviced.push_back({*device, "Write", *count});
      if (key == "dios") usage.serviced.push_back({*device, "Discard", *count});
    }
  }
}

std::map<std::string, std::map<std::string, uint64_t>> parse_rdma(std::string_view text) {
  std::map<std::string, std::map<std::string, uint64_t>> devices;
  while (!text.empty()) {
    std::string_view line = take(text, '\n');
    std::string device(take_word(line));
    while (!device.empty() && !line.empty()) {
      std::string_view value = take_word(line);
      std::string key(take(value, '='));
      if (auto count = number(value)) devices[device][key] = *count;
    }
  }
  return devices;
}

std::vector<std::string> hugepage_sizes() {
  constexpr std::string_view kStart = "hugepages-", kEnd = "kB";
  std::vector<std::string> sizes;
  for (const auto& name : subdirectories("/sys/kernel/mm/hugepages")) {
    if (!name.starts_with(kStart) || !name.ends_with(kEnd)) continue;
    uint64_t kilobytes = parse_number(std::string_view(name).substr(kStart.size())).value_or(0);
    constexpr uint64_t kMega = 1024, kGiga = 1024 * 1024;
    if (kilobytes >= kGiga) {
      sizes.push_back(std::to_string(kilobytes / kGiga) + "GB");
    } else if (kilobytes >= kMega) {
      sizes.push_back(std::to_string(kilobytes / kMega) + "MB");
    } else if (kilobytes > 0) {
      sizes.push_back(std::to_string(kilobytes) + "KB");
    }
  }
  return sizes;
}

std::optional<uint64_t> count_of(const std::map<std::string, uint64_t>& counts, const std::string& key,
                                 uint64_t scale) {
  auto found = counts.find(key);
  return found == counts.end() ? std::nullopt : std::optional(found->second * scale);
}

Usage read_usage(const Cgroup& group) {
  return group.version() == 2 ? read_usage_v2(group) : read_usage_v1(group);
}

}  // namespace minirun
