#include "runtime/command_line.h"

#include <getopt.h>

#include <charconv>

namespace minirun::runtime {
namespace {

constexpr int kFirstCode = 256;  // above every letter

std::vector<option> long_options(std::span<const Flag> flags) {
  std::vector<option> options;
  for (size_t i = 0; i < flags.size(); ++i) {
    int takes_value = flags[i].value == nullptr ? no_argument : required_argument;
    options.push_back({flags[i].name, takes_value, nullptr, kFirstCode + static_cast<int>(i)});
  }
  options.push_back({nullptr, 0, nullptr, 0});
  return options;
}

std::string short_options(std::span<const Flag> flags, bool options_end_at_word) {
  std::string letters = options_end_at_word ? "+:" : ":";
  for (const Flag& flag : flags) {
    if (flag.letter == 0) continue;
    letters.push_back(flag.letter);
    if (flag.value != nullptr) letters.push_back(':');
  }
  return letters;
}

const Flag* flag_of(int code, std::span<const Flag> flags) {
  if (code >= kFirstCode) return &flags[static_cast<size_t>(code - kFirstCode)];
  for (const Flag& flag : flags) {
    if (flag.letter == code) return &flag;
  }
  return nullptr;
}

}  // namespace

std::string CommandLine::value(const std::string& name, const std::string& absent) const {
  auto all = values(name);
  return all.empty() ? absent : all.back();
}

std::vector<std::string> CommandLine::values(const std::string& name) const {
  std::vector<std::string> all;
  auto [first, last] = values_.equal_range(name);
  for (auto entry = first; entry != last; ++entry) all.push_back(entry->second);
  return all;
}

Result<int64_t> CommandLine::number(const std::string& name, int64_t lowest, int64_t highest,
                                    int64_t absent) const {
  if (!has(name)) return absent;
  std::string text = value(name);
  int64_t number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  bool whole = error == std::errc{} && end == text.data() + text.size();
  if (whole && number >= lowest && number <= highest) return number;
  return usage_error("--" + name, "expected a number from " + std::to_string(lowest) + " to " +
                                      std::to_string(highest) + ", received \"" + text + "\"");
}

Result<CommandLine> parse_command_line(std::span<char* const> arguments, std::span<const Flag> flags,
                                       bool options_end_at_word) {
  std::vector<char*> words{
      const_cast<char*>("minirun-oci")};  // getopt takes the first for the program's name
  words.insert(words.end(), arguments.begin(), arguments.end());
  words.push_back(nullptr);
  int count = static_cast<int>(words.size()) - 1;
  auto options = long_options(flags);
  std::string letters = short_options(flags, options_end_at_word);

  CommandLine line;
  opterr = 0;
  optind = 0;  // glibc: begin anew
  for (int code = 0;
       (code = ::getopt_long(count, words.data(), letters.c_str(), options.data(), nullptr)) != -1;) {
    if (code == ':') return usage_error(words[static_cast<size_t>(optind) - 1], "needs a value");
    const Flag* flag = code == '?' ? nullptr : flag_of(code, flags);
    if (flag == nullptr) return usage_error(words[static_cast<size_t>(optind) - 1], "is not an option here");
    line.values_.emplace(flag->name, optarg != nullptr ? optarg : "");
  }
  for (int i = optind; i < count; ++i) line.words_.emplace_back(words[static_cast<size_t>(i)]);
  return line;
}

Error usage_error(const std::string& subject, const std::string& note) {
  return {"command line", "", subject, EINVAL, note};
}

std::string describe_flags(std::span<const Flag> flags) {
  constexpr size_t kColumn = 30;
  std::string text;
  for (const Flag& flag : flags) {
    std::string line = flag.letter != 0 ? std::string("  -") + flag.letter + ", --" : "      --";
    line += flag.name;
    if (flag.value != nullptr) line += std::string(" ") + flag.value;
    line.resize(std::max(line.size() + 1, kColumn), ' ');
    text += line + flag.help + "\n";
  }
  return text;
}

}  // namespace minirun::runtime
