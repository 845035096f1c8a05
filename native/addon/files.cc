#include "addon/files.h"

#include <sys/stat.h>

#include "addon/instance.h"
#include "core/container_root.h"
#include "core/entry.h"
#include "core/remove_tree.h"

namespace minirun::addon {
namespace {

constexpr double kMsPerSecond = 1e3;
constexpr double kNsPerMs = 1e6;
constexpr mode_t kPermissions = 07777;

const char* type_of(mode_t mode) {
  switch (mode & S_IFMT) {
    case S_IFREG:
      return "file";
    case S_IFDIR:
      return "directory";
    case S_IFLNK:
      return "symlink";
    case S_IFIFO:
      return "fifo";
    case S_IFSOCK:
      return "socket";
    default:
      return "device";
  }
}

Napi::Object entry_to_js(Napi::Env env, const Entry& entry) {
  auto object = Napi::Object::New(env);
  object.Set("name", entry.name);
  object.Set("type", type_of(entry.mode));
  object.Set("size", static_cast<double>(entry.size));
  object.Set("mode", entry.mode & kPermissions);
  object.Set("uid", entry.uid);
  object.Set("gid", entry.gid);
  object.Set("modifiedMs", static_cast<double>(entry.modified.tv_sec) * kMsPerSecond +
                               static_cast<double>(entry.modified.tv_nsec) / kNsPerMs);
  object.Set("links", static_cast<double>(entry.links));
  object.Set("inode", std::to_string(entry.device) + ":" + std::to_string(entry.inode));
  object.Set("etag", entry.etag());
  object.Set("target", S_ISLNK(entry.mode) ? Napi::Value(Napi::String::New(env, entry.target)) : env.Null());
  return object;
}

Napi::Value descriptor_to_js(Napi::Env env, UniqueFd& fd) {
  return Napi::Number::New(env, fd.release());
}

/** One component of a path, which names an entry of the directory that it is used with and nothing else. */
std::optional<std::string> name_argument(const Napi::CallbackInfo& info, size_t index, const char* name) {
  auto text = string_argument(info, index, name);
  if (!text || (text->find('/') == std::string::npos && *text != "." && *text != "..")) return text;
  Napi::TypeError::New(
      info.Env(), std::string("expected the name of an entry for ") + name + ", received \"" + *text + "\"")
      .ThrowAsJavaScriptException();
  return std::nullopt;
}

Napi::Value process_root(const Napi::CallbackInfo& info) {
  auto pid = integer_argument(info, 0, "pid");
  if (!pid) return {};
  auto start_time = string_argument(info, 1, "startTime");
  if (!start_time) return {};
  return promise_of<UniqueFd>(
      info.Env(), [pid = *pid, start_time = *start_time] { return open_process_root(pid, start_time); },
      descriptor_to_js);
}

Napi::Value overlay_root(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  if (!info[0].IsObject()) {
    Napi::TypeError::New(env, "expected {lower, upper, work} for layers").ThrowAsJavaScriptException();
    return {};
  }
  auto layers = info[0].As<Napi::Object>();
  auto lower = strings_member(layers, "lower");
  if (!lower) return {};
  auto upper = string_member(layers, "upper");
  if (!upper) return {};
  std::optional<std::string> work = "";
  if (!layers.Get("work").IsNull()) work = string_member(layers, "work");
  if (!work) return {};
  OverlaySpec overlay{std::move(*lower), std::move(*upper), std::move(*work)};
  return promise_of<UniqueFd>(
      env, [overlay = std::move(overlay)] { return open_overlay_root(overlay); }, descriptor_to_js);
}

Napi::Value open_entry_beneath(const Napi::CallbackInfo& info) {
  auto root = integer_argument(info, 0, "root");
  if (!root) return {};
  auto path = string_argument(info, 1, "path");
  if (!path) return {};
  auto last = info[2].ToBoolean() ? LastLink::follow : LastLink::keep;
  return promise_of<OpenEntry>(
      info.Env(), [root = *root, path = *path, last] { return open_entry(root, path, last); },
      [](Napi::Env env, OpenEntry& open) {
        auto object = entry_to_js(env, open.entry);
        object.Set("fd", descriptor_to_js(env, open.fd));
        object.Set("mount", static_cast<double>(open.mount));
        object.Set("readOnly", open.read_only);
        object.Set("kernel", open.kernel);
        return object;
      });
}

Napi::Value list(const Napi::CallbackInfo& info) {
  auto directory = integer_argument(info, 0, "directory");
  if (!directory) return {};
  auto limit = integer_argument(info, 1, "limit");
  if (!limit) return {};
  return promise_of<DirectoryEntries>(
      info.Env(),
      [directory = *directory, limit = *limit] {
        return list_directory(directory, static_cast<size_t>(limit));
      },
      [](Napi::Env env, DirectoryEntries& found) {
        auto entries = Napi::Array::New(env, found.entries.size());
        for (uint32_t i = 0; i < found.entries.size(); ++i)
          entries.Set(i, entry_to_js(env, found.entries[i]));
        auto object = Napi::Object::New(env);
        object.Set("entries", entries);
        object.Set("truncated", found.truncated);
        return object;
      });
}

Napi::Value move(const Napi::CallbackInfo& info) {
  auto from = integer_argument(info, 0, "from");
  if (!from) return {};
  auto name = name_argument(info, 1, "name");
  if (!name) return {};
  auto to = integer_argument(info, 2, "to");
  if (!to) return {};
  auto new_name = name_argument(info, 3, "newName");
  if (!new_name) return {};
  return promise_of(info.Env(), [from = *from, name = *name, to = *to, new_name = *new_name] {
    return move_entry(from, name, to, new_name);
  });
}

Napi::Value remove_entry(const Napi::CallbackInfo& info) {
  auto directory = integer_argument(info, 0, "directory");
  if (!directory) return {};
  auto name = name_argument(info, 1, "name");
  if (!name) return {};
  return promise_of(info.Env(),
                    [directory = *directory, name = *name] { return remove_tree_at(directory, name); });
}

}  // namespace

void add_file_functions(Napi::Object exports) {
  auto add = [&](const char* name, Napi::Value (*function)(const Napi::CallbackInfo&)) {
    exports.Set(name, Napi::Function::New(exports.Env(), function, name));
  };
  add("openProcessRoot", process_root);
  add("openOverlayRoot", overlay_root);
  add("openEntry", open_entry_beneath);
  add("listDirectory", list);
  add("moveEntry", move);
  add("removeEntry", remove_entry);
}

}  // namespace minirun::addon
