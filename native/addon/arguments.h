#pragma once

#include <napi.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/file.h"
#include "core/result.h"

namespace minirun::addon {

// Each reads one argument; where it is not what it should be, a TypeError is pending ("expected X for Y,
// received Z") and the result is empty: the caller returns at once.
std::optional<std::string> string_argument(const Napi::CallbackInfo& info, size_t index, const char* name);
std::optional<int> integer_argument(const Napi::CallbackInfo& info, size_t index, const char* name);
std::optional<bool> boolean_argument(const Napi::CallbackInfo& info, size_t index, const char* name);
/** false, true or "content", as index.d.ts has it. */
std::optional<Durability> durability_argument(const Napi::CallbackInfo& info, size_t index, const char* name);
std::optional<std::string> string_member(const Napi::Object& object, const char* name);
std::optional<std::vector<std::string>> strings_member(const Napi::Object& object, const char* name);

/** A whole number from 0 to 2^53, or left out; false with a TypeError pending when it is something else. */
bool number_member(const Napi::Object& object, const char* name, std::optional<int64_t>& number);

/** A path of a control group below the root: "/minirun/ID". */
std::optional<std::string> cgroup_member(const Napi::Object& object, const char* name);
std::optional<std::string> cgroup_argument(const Napi::CallbackInfo& info, size_t index, const char* name);

/** An Error as JavaScript knows system errors: message, code ("ENOENT"), errno, syscall, path. */
Napi::Error to_js(Napi::Env env, const Error& error);

}  // namespace minirun::addon
