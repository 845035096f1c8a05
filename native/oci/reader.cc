#include "oci/reader.h"

#include <nlohmann/json.hpp>

namespace minirun::oci {
namespace {

using nlohmann::json;

/** A key as part of a JSON pointer (RFC 6901, section 3). */
std::string escape(const std::string& key) {
  std::string escaped;
  for (char c : key) escaped += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  return escaped;
}

bool leads_upwards(const std::string& path) {
  return (path + "/").find("/../") != std::string::npos;
}

}  // namespace

Document::Document(const std::string& text)
    : value_(std::make_unique<json>(json::parse(text, nullptr, false))) {
  if (value_->is_object()) return;
  problem_ = Problem{"/", value_->is_discarded() ? "is not JSON" : "expected an object"};
  value_.reset();
}

Document::~Document() = default;

Field Field::operator[](const std::string& key) const {
  const json* member = nullptr;
  if (value_ != nullptr && value_->is_object()) {
    auto found = value_->find(key);
    if (found != value_->end()) member = &*found;
  } else if (value_ != nullptr && !value_->is_null()) {
    expect("an object");
  }
  return {member, pointer_ + "/" + escape(key), problem_};
}

bool Field::present() const {
  if (value_ == nullptr || value_->is_null()) return false;
  if (value_->is_string()) return !value_->get_ref<const std::string&>().empty();
  return !value_->is_structured() || !value_->empty();
}

std::string Field::text() const {
  return value_ == nullptr ? "" : value_->dump(-1, ' ', true, json::error_handler_t::replace);
}

std::string Field::string(const std::string& absent) const {
  if (value_ == nullptr || value_->is_null()) return absent;
  if (!value_->is_string()) return expect("a string"), absent;
  const auto& text = value_->get_ref<const std::string&>();
  if (text.find('\0') != std::string::npos) return refuse("has a NUL character"), absent;
  return text;
}

bool Field::boolean(bool absent) const {
  if (value_ == nullptr || value_->is_null()) return absent;
  if (!value_->is_boolean()) return expect("true or false"), absent;
  return value_->get<bool>();
}

int64_t Field::integer(int64_t lowest, int64_t highest, int64_t absent) const {
  if (value_ == nullptr || value_->is_null()) return absent;
  if (!value_->is_number_integer()) return expect("an integer"), absent;
  bool too_large = value_->is_number_unsigned() && value_->get<uint64_t>() > static_cast<uint64_t>(INT64_MAX);
  int64_t number = too_large ? INT64_MAX : value_->get<int64_t>();
  if (too_large || number < lowest || number > highest) {
    refuse("expected an integer from " + std::to_string(lowest) + " to " + std::to_string(highest) +
           ", received " + value_->dump());
    return absent;
  }
  return number;
}

uint64_t Field::unsigned_integer(uint64_t absent) const {
  if (value_ == nullptr || value_->is_null()) return absent;
  if (!value_->is_number_unsigned()) return expect("an integer that is not negative"), absent;
  return value_->get<uint64_t>();
}

std::vector<Field> Field::items() const {
  std::vector<Field> fields;
  if (value_ == nullptr || value_->is_null()) return fields;
  if (!value_->is_array()) return expect("an array"), fields;
  for (size_t i = 0; i < value_->size(); ++i)
    fields.emplace_back(&(*value_)[i], pointer_ + "/" + std::to_string(i), problem_);
  return fields;
}

std::vector<std::pair<std::string, Field>> Field::members() const {
  std::vector<std::pair<std::string, Field>> fields;
  if (value_ == nullptr || value_->is_null()) return fields;
  if (!value_->is_object()) return expect("an object"), fields;
  for (const auto& [key, value] : value_->items())
    fields.emplace_back(key, Field(&value, pointer_ + "/" + escape(key), problem_));
  return fields;
}

std::vector<std::string> Field::keys() const {
  std::vector<std::string> names;
  if (value_ == nullptr || value_->is_null()) return names;
  if (!value_->is_object()) return expect("an object"), names;
  for (auto member = value_->begin(); member != value_->end(); ++member) names.push_back(member.key());
  return names;
}

std::vector<std::string> Field::strings() const {
  std::vector<std::string> texts;
  for (const auto& item : items()) {
    if (item.value_->is_null()) item.expect("a string");
    texts.push_back(item.string());
  }
  return texts;
}

std::string Field::required_string() const {
  if (!present()) refuse("is required");
  return string();
}

std::string Field::path_beneath(const std::string& prefix) const {
  std::string path = string();
  if (path.empty()) return path;
  if (leads_upwards("/" + path)) refuse("a path must not have \"..\" in it, received \"" + path + "\"");
  return path.front() == '/' ? path : prefix + path;
}

std::string Field::absolute_path(const std::string& absent) const {
  std::string path = string(absent);
  if (path.empty()) return path;
  if (path.front() != '/') refuse("expected an absolute path, received \"" + path + "\"");
  if (leads_upwards(path)) refuse("a path must not have \"..\" in it, received \"" + path + "\"");
  return path;
}

void Field::refuse(const std::string& message) const {
  if (!*problem_) *problem_ = Problem{pointer_, message};
}

void Field::refuse_if_present(const std::string& what) const {
  if (present()) refuse(what + " is not supported by this runtime");
}

void Field::expect(const char* what) const {
  refuse("expected " + std::string(what) + ", received " + text().substr(0, 80));
}

}  // namespace minirun::oci
