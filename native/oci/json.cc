#include "oci/json.h"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdio>

namespace minirun::oci {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";  // U+FFFD

/** The length of the UTF-8 sequence that a text begins with, or 0 for none (RFC 3629, section 4). */
size_t sequence_length(std::string_view text) {
  auto byte = [text](size_t at) { return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U; };
  auto continues = [&byte](size_t at) { return (byte(at) & 0xc0) == 0x80; };
  unsigned first = byte(0);
  unsigned second = byte(1);
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return continues(1) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    bool overlong = first == 0xe0 && second < 0xa0;
    bool surrogate = first == 0xed && second >= 0xa0;
    return continues(1) && continues(2) && !overlong && !surrogate ? 3 : 0;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    bool overlong = first == 0xf0 && second < 0x90;
    bool beyond = first == 0xf4 && second >= 0x90;
    return continues(1) && continues(2) && continues(3) && !overlong && !beyond ? 4 : 0;
  }
  return 0;
}

void append_ascii(std::string& out, char c) {
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      break;
  }
  if (static_cast<unsigned char>(c) >= 0x20) {
    out += c;
    return;
  }
  char escape[8];
  std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(c));
  out += escape;
}

void append_string(std::string& out, std::string_view string) {
  out += '"';
  while (!string.empty()) {
    size_t length = sequence_length(string);
    if (length == 1) {
      append_ascii(out, string.front());
    } else {
      out += length == 0 ? kReplacement : string.substr(0, length);
    }
    string.remove_prefix(length == 0 ? 1 : length);
  }
  out += '"';
}

}  // namespace

Json::Json(double number) {
  char text[32];
  auto [end, error] = std::to_chars(text, text + sizeof text, number);
  text_ = std::isfinite(number) && error == std::errc{} ? std::string(text, end) : "null";
}

Json::Json(std::string_view string) {
  append_string(text_, string);
}

Json Json::array(const std::vector<Json>& items) {
  Json json;
  json.text_ = "[";
  for (const auto& item : items) {
    if (json.text_.size() > 1) json.text_ += ',';
    json.text_ += item.text_;
  }
  json.text_ += ']';
  return json;
}

std::string indented(const Json& document) {
  constexpr size_t kStep = 2;
  std::string out;
  size_t depth = 0;
  bool in_string = false;
  auto begin_line = [&out, &depth] { out += "\n" + std::string(depth * kStep, ' '); };
  for (size_t i = 0; i < document.text().size(); ++i) {
    char c = document.text()[i];
    char next = i + 1 < document.text().size() ? document.text()[i + 1] : '\0';
    if (in_string) {
      out += c;
      if (c == '\\') out += document.text()[++i];
      in_string = c != '"';
      continue;
    }
    bool opens = c == '{' || c == '[';
    bool closes = c == '}' || c == ']';
    bool is_empty = opens && (next == '}' || next == ']');
    if (closes && out.back() != '{' && out.back() != '[') {
      --depth;
      begin_line();
    }
    out += c;
    in_string = c == '"';
    if (opens && !is_empty) ++depth;
    if ((opens && !is_empty) || c == ',') begin_line();
    if (c == ':') out += ' ';
  }
  return out;
}

Json Json::join(Members members) {
  Json json;
  json.text_ = "{";
  for (size_t i = 0; i < members.count; ++i) {
    if (i > 0) json.text_ += ',';
    append_string(json.text_, members.first[i].first);
    json.text_ += ':';
    json.text_ += members.first[i].second.text_;
  }
  json.text_ += '}';
  return json;
}

}  // namespace minirun::oci
