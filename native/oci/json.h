#pragma once

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace minirun::oci {

/**
 * A JSON value that is text already. Documents are made from the inside out: a value is written down when it
 * is made, an object or array joins what it is given. Strings may hold any bytes: what is not UTF-8 becomes
 * U+FFFD, so that the text always is JSON (RFC 8259).
 */
class Json {
 public:
  using Member = std::pair<std::string_view, Json>;

  Json() : text_("null") {}
  Json(std::nullptr_t) : Json() {}
  Json(std::string_view string);
  Json(const std::string& string) : Json(std::string_view(string)) {}
  Json(const char* string) : Json(std::string_view(string)) {}
  template <std::integral Number>
  Json(Number number) : text_(std::to_string(number)) {}
  /** As short as it can be to read the same number again; what is none becomes null. */
  Json(double number);
  Json(bool value) : text_(value ? "true" : "false") {}

  /** Members stand in the order in which they are given. */
  static Json object(std::initializer_list<Member> members) {
    return join({members.begin(), members.size()});
  }
  static Json object(const std::vector<Member>& members) { return join({members.data(), members.size()}); }
  static Json array(const std::vector<Json>& items);
  /** A list of anything that a Json can be made from. */
  template <class Item>
  static Json array_of(const std::vector<Item>& items) {
    return array(std::vector<Json>(items.begin(), items.end()));
  }

  const std::string& text() const { return text_; }

 private:
  struct Members {
    const Member* first;
    size_t count;
  };
  static Json join(Members members);

  std::string text_;
};

/** The same document with a line for each value, for people. */
std::string indented(const Json& document);

}  // namespace minirun::oci
