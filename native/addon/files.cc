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

std::optional<Napi::Object> object_argument(const Napi::CallbackInfo& info, size_t index, const char* name) {
  if (info[index].IsObject()) return info[index].As<Napi::Object>();
  Napi::TypeError::New(info.Env(), std::string("expected an object for ") + name)
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

/** {start, size} of a container's ids on the host, or null for one without a user namespace. */
bool ids_member(const Napi::Object& object, const char* name, std::optional<IdMapping>& ids) {
  Napi::Value value = object.Get(name);
  if (value.IsNull()) return true;
  if (value.IsObject()) {
    auto range = value.As<Napi::Object>();
    std::optional<int64_t> start;
    std::optional<int64_t> size;
    if (!number_member(range, "start", start) || !number_member(range, "size", size)) return false;
    if (start && size && *start <= UINT32_MAX && *size > 0 && *size <= UINT32_MAX - *start) {
      ids = IdMapping{0, static_cast<uint32_t>(*start), static_cast<uint32_t>(*size)};
      return true;
    }
  }
  std::string expected = "expected {start, size} or null for ";
  expected += name;
  Napi::TypeError::New(object.Env(), expected).ThrowAsJavaScriptException();
  return false;
}

IdMappings mappings_of(const std::optional<IdMapping>& ids) {
  return ids ? IdMappings{{*ids}, {*ids}} : IdMappings{};
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
  std::optional<IdMapping> ids;
  if (!ids_member(layers, "ids", ids)) return {};
  OverlaySpec overlay{std::move(*lower), std::move(*upper), std::move(*work)};
  return promise_of<UniqueFd>(
      env,
      [overlay = std::move(overlay), mappings = mappings_of(ids)] {
        return open_overlay_root(overlay, mappings);
      },
      descriptor_to_js);
}

Napi::Value mapped_view(const Napi::CallbackInfo& info) {
  auto path = string_argument(info, 0, "path");
  if (!path) return {};
  std::optional<IdMapping> ids[2];
  for (size_t i = 0; i < 2; ++i) {
    auto range = Napi::Object::New(info.Env());
    range.Set("ids", info[i + 1]);
    if (!ids_member(range, "ids", ids[i])) return {};
  }
  // Who has no range has the host's ids, of which the other one's number is taken.
  uint32_t count = ids[0] ? ids[0]->count : ids[1] ? ids[1]->count : 0;
  IdMapping mapping{ids[0] ? ids[0]->outside : 0, ids[1] ? ids[1]->outside : 0, count};
  IdMappings mappings{{mapping}, {mapping}};
  return promise_of<UniqueFd>(
      info.Env(), [path = *path, mappings] { return open_mapped(path, mappings); }, descriptor_to_js);
}

std::optional<EntryKind> kind_member(const Napi::Object& object) {
  auto type = string_member(object, "type");
  if (!type) return std::nullopt;
  if (*type == "file") return EntryKind::file;
  if (*type == "directory") return EntryKind::directory;
  if (*type == "symlink") return EntryKind::symlink;
  Napi::TypeError::New(object.Env(), "expected file, directory or symlink for type, received " + *type)
      .ThrowAsJavaScriptException();
  return std::nullopt;
}

/** {uid, gid}, each the host's root where it is left out. */
std::optional<FileIds> ids_of(const Napi::Object& object) {
  std::optional<int64_t> uid;
  std::optional<int64_t> gid;
  if (!number_member(object, "uid", uid) || !number_member(object, "gid", gid)) return std::nullopt;
  return FileIds{static_cast<uid_t>(uid.value_or(0)), static_cast<gid_t>(gid.value_or(0))};
}

Napi::Value make_new_entry(const Napi::CallbackInfo& info) {
  auto directory = integer_argument(info, 0, "directory");
  if (!directory) return {};
  auto name = name_argument(info, 1, "name");
  if (!name) return {};
  auto object = object_argument(info, 2, "entry");
  if (!object) return {};
  auto kind = kind_member(*object);
  if (!kind) return {};
  std::optional<int64_t> mode;
  if (!number_member(*object, "mode", mode)) return {};
  auto ids = ids_of(*object);
  if (!ids) return {};
  NewEntry entry{*name, *kind, static_cast<mode_t>(mode.value_or(0)) & kPermissions, *ids, ""};
  if (*kind == EntryKind::symlink) {
    auto target = string_member(*object, "target");
    if (!target) return {};
    entry.target = *target;
  }
  return promise_of<UniqueFd>(
      info.Env(), [directory = *directory, entry] { return make_entry(directory, entry); }, descriptor_to_js);
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

/** A name that an entry has, one that it gets, and whose the change is. */
struct Renaming {
  int from;
  std::string name;
  int to;
  std::string new_name;
  FileIds ids;
};

std::optional<Renaming> renaming_arguments(const Napi::CallbackInfo& info) {
  auto from = integer_argument(info, 0, "from");
  if (!from) return std::nullopt;
  auto name = name_argument(info, 1, "name");
  if (!name) return std::nullopt;
  auto to = integer_argument(info, 2, "to");
  if (!to) return std::nullopt;
  auto new_name = name_argument(info, 3, "newName");
  if (!new_name) return std::nullopt;
  auto ids = object_argument(info, 4, "ids");
  if (!ids) return std::nullopt;
  auto file_ids = ids_of(*ids);
  if (!file_ids) return std::nullopt;
  return Renaming{*from, *name, *to, *new_name, *file_ids};
}

Napi::Value move(const Napi::CallbackInfo& info) {
  auto renaming = renaming_arguments(info);
  if (!renaming) return {};
  auto taken = info[5].ToBoolean() ? TakenName::replace : TakenName::refuse;
  return promise_of(info.Env(), [renaming = *renaming, taken] {
    return move_entry(renaming.from, renaming.name, renaming.to, renaming.new_name, taken, renaming.ids);
  });
}

Napi::Value hard_link(const Napi::CallbackInfo& info) {
  auto renaming = renaming_arguments(info);
  if (!renaming) return {};
  return promise_of(info.Env(), [renaming = *renaming] {
    return link_entry(renaming.from, renaming.name, renaming.to, renaming.new_name, renaming.ids);
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
  add("openMapped", mapped_view);
  add("openEntry", open_entry_beneath);
  add("makeEntry", make_new_entry);
  add("listDirectory", list);
  add("moveEntry", move);
  add("linkEntry", hard_link);
  add("removeEntry", remove_entry);
}

}  // namespace minirun::addon
