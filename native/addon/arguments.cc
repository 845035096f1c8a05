#include "addon/arguments.h"

#include "core/cgroup.h"

namespace minirun::addon {
namespace {

std::string printed(const Napi::Value& value) {
  if (value.IsString()) return "\"" + value.As<Napi::String>().Utf8Value() + "\"";
  return value.ToString().Utf8Value();
}

void throw_type_error(Napi::Env env, const char* expected, const char* name, const Napi::Value& received) {
  std::string text = std::string("expected ") + expected + " for " + name + ", received " + printed(received);
  Napi::TypeError::New(env, text).ThrowAsJavaScriptException();
}

std::optional<std::string> text_of(Napi::Env env, const Napi::Value& value, const char* name) {
  if (value.IsString()) {
    std::string text = value.As<Napi::String>().Utf8Value();
    if (!text.empty() && text.find('\0') == std::string::npos) return text;
  }
  throw_type_error(env, "a string that is not empty", name, value);
  return std::nullopt;
}

std::optional<std::string> cgroup_of(Napi::Env env, const Napi::Value& value, const char* name) {
  auto path = text_of(env, value, name);
  if (!path || is_cgroup_path(*path)) return path;
  throw_type_error(env, "a path like /minirun/ID", name, value);
  return std::nullopt;
}

}  // namespace

std::optional<std::string> string_argument(const Napi::CallbackInfo& info, size_t index, const char* name) {
  return text_of(info.Env(), info[index], name);
}

std::optional<int> integer_argument(const Napi::CallbackInfo& info, size_t index, const char* name) {
  if (info[index].IsNumber()) {
    double number = info[index].As<Napi::Number>().DoubleValue();
    if (number >= 0 && number <= INT32_MAX && number == static_cast<int>(number))
      return static_cast<int>(number);
  }
  throw_type_error(info.Env(), "an integer that is not negative", name, info[index]);
  return std::nullopt;
}

std::optional<bool> boolean_argument(const Napi::CallbackInfo& info, size_t index, const char* name) {
  if (info[index].IsBoolean()) return info[index].As<Napi::Boolean>().Value();
  throw_type_error(info.Env(), "a boolean", name, info[index]);
  return std::nullopt;
}

std::optional<Durability> durability_argument(const Napi::CallbackInfo& info, size_t index,
                                              const char* name) {
  const Napi::Value value = info[index];
  if (value.IsBoolean()) return value.As<Napi::Boolean>() ? Durability::synced : Durability::none;
  if (value.IsString() && value.As<Napi::String>().Utf8Value() == "content") return Durability::content;
  throw_type_error(info.Env(), "a boolean or \"content\"", name, value);
  return std::nullopt;
}

bool number_member(const Napi::Object& object, const char* name, std::optional<int64_t>& number) {
  constexpr double kHighest = 9'007'199'254'740'992;  // 2^53: whole numbers are exact up to there
  Napi::Value value = object.Get(name);
  if (value.IsUndefined()) return true;
  double given = value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : -1;
  if (given >= 0 && given <= kHighest && given == static_cast<double>(static_cast<int64_t>(given))) {
    number = static_cast<int64_t>(given);
    return true;
  }
  throw_type_error(object.Env(), "a whole number that is not negative", name, value);
  return false;
}

std::optional<std::string> string_member(const Napi::Object& object, const char* name) {
  return text_of(object.Env(), object.Get(name), name);
}

std::optional<std::vector<std::string>> strings_member(const Napi::Object& object, const char* name) {
  Napi::Value value = object.Get(name);
  if (!value.IsArray()) {
    throw_type_error(object.Env(), "an array of strings", name, value);
    return std::nullopt;
  }
  auto array = value.As<Napi::Array>();
  std::vector<std::string> texts;
  for (uint32_t i = 0; i < array.Length(); ++i) {
    auto text = text_of(object.Env(), array.Get(i), name);
    if (!text) return std::nullopt;
    texts.push_back(std::move(*text));
  }
  return texts;
}

std::optional<std::string> cgroup_argument(const Napi::CallbackInfo& info, size_t index, const char* name) {
  return cgroup_of(info.Env(), info[index], name);
}

std::optional<std::string> cgroup_member(const Napi::Object& object, const char* name) {
  return cgroup_of(object.Env(), object.Get(name), name);
}

Napi::Error to_js(Napi::Env env, const Error& error) {
  std::string text = error.call + " on " + error.subject + " failed: " + errno_name(error.code) + " (" +
                     errno_text(error.code) + ")" + (error.note.empty() ? "" : ": " + error.note);
  Napi::Error result = Napi::Error::New(env, text);
  Napi::Object object = result.Value();
  object.Set("code", errno_name(error.code));
  object.Set("errno", error.code);
  object.Set("syscall", error.call);
  object.Set("path", error.subject);
  return result;
}

}  // namespace minirun::addon
