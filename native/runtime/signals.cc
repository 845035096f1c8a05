#include "runtime/signals.h"

#include <signal.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstring>

#include "runtime/command_line.h"

namespace minirun::runtime {
namespace {

std::optional<int> number_in(std::string_view text) {
  int number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/** The numbers that a program sees: the C library keeps the first two real-time signals for itself. */
std::optional<int> real_time_signal(std::string_view name) {
  if (name == "RTMIN") return SIGRTMIN;
  if (name == "RTMAX") return SIGRTMAX;
  if (name.starts_with("RTMIN+")) {
    auto offset = number_in(name.substr(6));
    return offset ? std::optional(SIGRTMIN + *offset) : std::nullopt;
  }
  if (name.starts_with("RTMAX-")) {
    auto offset = number_in(name.substr(6));
    return offset ? std::optional(SIGRTMAX - *offset) : std::nullopt;
  }
  return std::nullopt;
}

std::optional<int> named_signal(const std::string& name) {
  for (int signal = 1; signal < SIGRTMIN; ++signal) {
    const char* known = sigabbrev_np(signal);
    if (known != nullptr && name == known) return signal;
  }
  if (name == "IOT") return SIGABRT;
  if (name == "CLD") return SIGCHLD;
  if (name == "POLL") return SIGIO;
  return real_time_signal(name);
}

}  // namespace

Result<int> parse_signal(const std::string& text) {
  std::string name = text;
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  if (name.starts_with("SIG")) name.erase(0, 3);
  auto signal = number_in(name);
  if (!signal) signal = named_signal(name);
  if (signal && *signal >= 0 && *signal <= SIGRTMAX) return *signal;
  return usage_error("the signal", "expected a number or a name such as TERM, received \"" + text + "\"");
}

}  // namespace minirun::runtime
