#include "runtime/quantity.h"

#include <cctype>
#include <charconv>
#include <span>
#include <string_view>

#include "runtime/command_line.h"

namespace minirun::runtime {
namespace {

struct Unit {
  std::string_view name;
  int64_t factor;
};

constexpr Unit kTimes[] = {{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}};
constexpr int64_t kKi = 1024;
constexpr Unit kSizes[] = {{"", 1},
                           {"b", 1},
                           {"k", kKi},
                           {"kb", kKi},
                           {"m", kKi* kKi},
                           {"mb", kKi* kKi},
                           {"g", kKi* kKi* kKi},
                           {"gb", kKi* kKi* kKi},
                           {"t", kKi* kKi* kKi* kKi}};

std::optional<int64_t> parse(const std::string& text, std::span<const Unit> units) {
  int64_t number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return std::nullopt;
  std::string unit(end, text.data() + text.size());
  for (char& c : unit) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  for (const auto& [name, factor] : units) {
    int64_t product = 0;
    if (unit == name && !__builtin_mul_overflow(number, factor, &product)) return product;
  }
  return std::nullopt;
}

}  // namespace

Result<int64_t> parse_milliseconds(const std::string& option, const std::string& text) {
  auto time = parse(text, kTimes);
  if (time && *time > 0) return *time;
  return usage_error(option, "expected a time such as 500ms or 5s, received \"" + text + "\"");
}

Result<int64_t> parse_bytes(const std::string& option, const std::string& text) {
  auto bytes = parse(text, kSizes);
  if (bytes && *bytes >= -1) return *bytes;
  return usage_error(option,
                     "expected a number of bytes such as 512m, or -1 for none, received \"" + text + "\"");
}

}  // namespace minirun::runtime
