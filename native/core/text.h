#pragma once

// How the kernel's texts are read: lines, words, numbers. What isn't there reads as empty.

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace minirun {

/** Takes the text up to `separator`, which goes with it. */
inline std::string_view take(std::string_view& text, char separator) {
  size_t end = text.find(separator);
  std::string_view part = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return part;
}

/** Takes the next word of a line that is split by any number of blanks; empty at its end. */
inline std::string_view take_word(std::string_view& line) {
  while (!line.empty() && line.front() == ' ') line.remove_prefix(1);
  return take(line, ' ');
}

/** The whole number that a text begins with; nothing where it begins with anything else, such as "max". */
inline std::optional<uint64_t> parse_number(std::string_view text) {
  uint64_t number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() ? std::optional(number) : std::nullopt;
}

/** The parts of a text between separators, without the empty ones. */
inline std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    if (std::string_view part = take(text, separator); !part.empty()) parts.emplace_back(part);
  }
  return parts;
}

}  // namespace minirun
