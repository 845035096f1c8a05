#include "oci/member_text.h"

#include <algorithm>

namespace minirun::oci {
namespace {

constexpr std::string_view kBlank = " \t\r\n";

/** A place in a text that only moves on; at the end once there is something wrong. */
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  char peek() {
    at_ = std::min(text_.find_first_not_of(kBlank, at_), text_.size());
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  bool take(char c) {
    bool found = peek() == c;
    if (found) ++at_;
    return found;
  }
  /** A string with its quotes. */
  std::string_view string() {
    size_t start = at_;
    if (!take('"')) return fail();
    while (at_ < text_.size() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2 : 1;
    return ++at_ <= text_.size() ? text_.substr(start, at_ - start) : fail();
  }
  std::string_view value() {
    char first = peek();
    if (first == '"') return string();
    if (first == '{' || first == '[') return nested();
    size_t start = at_;
    at_ = std::min(text_.find_first_of(",}]", at_), text_.size());
    return text_.substr(start, at_ - start);
  }

 private:
  std::string_view fail() {
    at_ = text_.size();
    return {};
  }
  /** An object or array to its end; which of the two closes what is left to the parser. */
  std::string_view nested() {
    size_t start = at_;
    size_t depth = 0;
    do {
      char c = peek();
      if (c == '\0') return fail();
      if (c == '"') {
        string();
        continue;
      }
      ++at_;
      if (c == '{' || c == '[') ++depth;
      if (c == '}' || c == ']') --depth;
    } while (depth > 0);
    return text_.substr(start, at_ - start);
  }

  std::string_view text_;
  size_t at_ = 0;
};

}  // namespace

std::optional<std::string_view> member_text(std::string_view object, std::string_view name) {
  Scanner scanner(object);
  std::optional<std::string_view> found;
  if (!scanner.take('{')) return std::nullopt;
  do {
    if (scanner.peek() != '"') return std::nullopt;
    std::string_view key = scanner.string();
    if (key.size() < 2 || key.find('\\') != std::string_view::npos || !scanner.take(':')) return std::nullopt;
    std::string_view value = scanner.value();
    if (value.empty()) return std::nullopt;
    if (key.substr(1, key.size() - 2) != name) continue;
    if (found) return std::nullopt;
    found = value;
  } while (scanner.take(','));
  return scanner.take('}') ? found : std::nullopt;
}

}  // namespace minirun::oci
