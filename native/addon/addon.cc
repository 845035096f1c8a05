// The face of the native core for Node: spawn, wait, probe, statistics. Arguments are checked here once more,
// whatever TypeScript has promised. Nothing here waits on the JavaScript thread.

#include <fcntl.h>
#include <napi.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include "addon/arguments.h"
#include "addon/files.h"
#include "addon/instance.h"
#include "addon/kernel.h"
#include "addon/statistics.h"
#include "core/cgroup.h"
#include "core/file.h"
#include "core/probe.h"
#include "core/procfs.h"
#include "core/remove_tree.h"
#include "core/syscalls.h"

namespace minirun::addon {
namespace {

/**
 * A copy of an executable in memory that no one can change any more: what a container might reach through
 * /proc/PID/exe is not the file on disk (CVE-2019-5736).
 */
Result<UniqueFd> sealed_copy(const std::string& path) {
  auto content = read_file(path);
  if (!content) return content.error();
  UniqueFd image(::memfd_create("minirun-shim", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!image) return Error{"spawn", "memfd_create", path, errno, ""};
  for (size_t written = 0; written < content->size();) {
    ssize_t length = ::write(image.get(), content->data() + written, content->size() - written);
    if (length < 0) return Error{"spawn", "write", path, errno, ""};
    written += static_cast<size_t>(length);
  }
  if (::fcntl(image.get(), F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) < 0)
    return Error{"spawn", "fcntl(F_ADD_SEALS)", path, errno, ""};
  return image;
}

Result<int> image_of(Instance& own, const std::string& binary) {
  auto known = own.images.find(binary);
  if (known != own.images.end()) return known->second.get();
  auto image = sealed_copy(binary);
  if (!image) return image.error();
  int fd = image->get();
  own.images[binary] = std::move(*image);
  return fd;
}

Napi::Value spawn_shim(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  if (!info[0].IsObject()) {
    Napi::TypeError::New(env, "expected {binary, args} for options").ThrowAsJavaScriptException();
    return {};
  }
  auto options = info[0].As<Napi::Object>();
  auto binary = string_member(options, "binary");
  if (!binary) return {};
  auto args = strings_member(options, "args");
  if (!args) return {};
  auto deferred = Napi::Promise::Deferred::New(env);
  auto image = image_of(instance(env), *binary);
  if (!image) {
    deferred.Reject(to_js(env, image.error()).Value());
    return deferred.Promise();
  }
  auto done = [deferred](Napi::Env later, Result<Spawned> spawned) {
    if (!spawned) return deferred.Reject(to_js(later, spawned.error()).Value());
    auto result = Napi::Object::New(later);
    result.Set("pid", spawned->pid);
    result.Set("startTime", spawned->start_time);
    result.Set("report", spawned->report);
    deferred.Resolve(result);
  };
  instance(env).reactor.spawn({*image, *binary, std::move(*args)}, done);
  return deferred.Promise();
}

Napi::Value watch_process(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  auto pid = integer_argument(info, 0, "pid");
  if (!pid) return {};
  auto start_time = string_argument(info, 1, "startTime");
  if (!start_time) return {};
  auto deferred = Napi::Promise::Deferred::New(env);
  UniqueFd pidfd(sys::pidfd_open(*pid));
  // The start time is read after the descriptor is there: the two are then of one process.
  auto stat = pidfd ? read_process_stat(*pid) : std::nullopt;
  if (!stat || stat->start_time != *start_time) {
    deferred.Resolve(env.Undefined());
    return deferred.Promise();
  }
  auto done = [deferred](Napi::Env later) { deferred.Resolve(later.Undefined()); };
  instance(env).reactor.watch(*pid, std::move(pidfd), done);
  return deferred.Promise();
}

Napi::Value process_start_time(const Napi::CallbackInfo& info) {
  auto pid = integer_argument(info, 0, "pid");
  if (!pid) return {};
  auto stat = read_process_stat(*pid);
  return stat ? Napi::Value(Napi::String::New(info.Env(), stat->start_time)) : info.Env().Null();
}

Napi::Value peer_credentials(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  auto fd = integer_argument(info, 0, "fd");
  if (!fd) return {};
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(*fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0) {
    to_js(env, {"peer credentials", "getsockopt", "descriptor " + std::to_string(*fd), errno, ""})
        .ThrowAsJavaScriptException();
    return {};
  }
  auto result = Napi::Object::New(env);
  result.Set("pid", peer.pid);
  result.Set("uid", peer.uid);
  result.Set("gid", peer.gid);
  return result;
}

Napi::Value cgroup_kill(const Napi::CallbackInfo& info) {
  auto path = cgroup_argument(info, 0, "path");
  if (!path) return {};
  return promise_of(info.Env(), [path = *path] { return Cgroup::open(find_cgroups(), path)->destroy(); });
}

Napi::Value cgroup_freeze(const Napi::CallbackInfo& info) {
  auto path = cgroup_argument(info, 0, "path");
  if (!path) return {};
  auto frozen = boolean_argument(info, 1, "frozen");
  if (!frozen) return {};
  auto work = [path = *path, frozen = *frozen] { return Cgroup::open(find_cgroups(), path)->freeze(frozen); };
  return promise_of(info.Env(), work);
}

Napi::Value cgroup_is_frozen(const Napi::CallbackInfo& info) {
  auto path = cgroup_argument(info, 0, "path");
  if (!path) return {};
  auto frozen = Cgroup::open(find_cgroups(), *path)->is_frozen();
  return Napi::Boolean::New(info.Env(), frozen && *frozen);
}

Napi::Value cgroup_update(const Napi::CallbackInfo& info) {
  auto path = cgroup_argument(info, 0, "path");
  if (!path) return {};
  if (!info[1].IsObject()) {
    Napi::TypeError::New(info.Env(), "expected {memoryBytes, cpuQuotaUs, pids} for limits")
        .ThrowAsJavaScriptException();
    return {};
  }
  auto given = info[1].As<Napi::Object>();
  LimitSpec limits;
  if (!number_member(given, "memoryBytes", limits.memory.limit)) return {};
  if (!number_member(given, "cpuQuotaUs", limits.cpu.quota_us)) return {};
  if (!number_member(given, "pids", limits.pids)) return {};
  limits.memory.swap = limits.memory.limit;  // no swap beside the memory
  limits.memory.check_before_update = true;
  auto work = [path = *path, limits] { return Cgroup::open(find_cgroups(), path)->update(limits); };
  return promise_of(info.Env(), work);
}

Napi::Value remove_path(const Napi::CallbackInfo& info) {
  auto path = string_argument(info, 0, "path");
  if (!path) return {};
  return promise_of(info.Env(), [path = *path] { return remove_tree(path); });
}

Napi::Value replace_whole_file(const Napi::CallbackInfo& info) {
  auto path = string_argument(info, 0, "path");
  if (!path) return {};
  auto content = string_argument(info, 1, "content");
  if (!content) return {};
  auto asked = durability_argument(info, 2, "durable");
  if (!asked) return {};
  return promise_of(info.Env(),
                    [path = std::move(*path), content = std::move(*content), durability = *asked] {
                      return replace_file(path, content, 0600, durability);
                    });
}

Napi::Value cgroup_list(const Napi::CallbackInfo& info) {
  auto root = cgroup_argument(info, 0, "root");
  if (!root) return {};
  auto names = Napi::Array::New(info.Env());
  for (const auto& name : list_cgroups(find_cgroups(), *root)) names.Set(names.Length(), name);
  return names;
}

Napi::Value cgroup_remove_root(const Napi::CallbackInfo& info) {
  auto root = cgroup_argument(info, 0, "root");
  if (root) remove_empty_cgroups(find_cgroups(), *root);
  return info.Env().Undefined();
}

Napi::Value number_or_null(Napi::Env env, const std::optional<uint64_t>& number) {
  if (!number) return env.Null();
  return Napi::Number::New(env, static_cast<double>(*number));
}

Napi::Value cgroup_stats(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  auto path = cgroup_argument(info, 0, "path");
  if (!path) return {};
  CgroupStats stats = Cgroup::open(find_cgroups(), *path)->stats();
  auto memory = Napi::Object::New(env);
  memory.Set("current", number_or_null(env, stats.memory_current));
  memory.Set("peak", number_or_null(env, stats.memory_peak));
  memory.Set("limit", number_or_null(env, stats.memory_limit));
  memory.Set("oomKills", number_or_null(env, stats.oom_kills));
  auto cpu = Napi::Object::New(env);
  cpu.Set("usageNs", number_or_null(env, stats.cpu_usage_ns));
  cpu.Set("throttledNs", number_or_null(env, stats.cpu_throttled_ns));
  cpu.Set("throttledPeriods", number_or_null(env, stats.cpu_throttled_periods));
  cpu.Set("periods", number_or_null(env, stats.cpu_periods));
  auto pids = Napi::Object::New(env);
  pids.Set("current", number_or_null(env, stats.pids_current));
  pids.Set("limit", number_or_null(env, stats.pids_limit));
  auto result = Napi::Object::New(env);
  result.Set("memory", memory);
  result.Set("cpu", cpu);
  result.Set("pids", pids);
  return result;
}

Napi::Object cgroup_probe(Napi::Env env, const CgroupHost& host) {
  auto controllers = Napi::Object::New(env);
  auto mount_points = Napi::Object::New(env);
  for (const char* name : {"memory", "cpu", "cpuacct", "pids", "freezer"})
    controllers.Set(name, host.offers(name));
  for (const auto& hierarchy : host.hierarchies) {
    for (const auto& name : hierarchy.controllers) mount_points.Set(name, hierarchy.mount_point);
  }
  auto result = Napi::Object::New(env);
  result.Set("version", host.version);
  result.Set("controllers", controllers);
  result.Set("mountpoints", mount_points);
  return result;
}

Napi::Value probe(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  Probe found = probe_kernel();
  auto namespaces = Napi::Object::New(env);
  for (const auto& one : found.namespaces) namespaces.Set(one.name, one.available);
  auto missing = Napi::Array::New(env);
  for (const auto& text : found.missing) missing.Set(missing.Length(), text);
  auto result = Napi::Object::New(env);
  result.Set("kernel", found.kernel);
  result.Set("minimumKernel", kMinimumKernel);
  result.Set("arch", found.architecture);
  result.Set("namespaces", namespaces);
  result.Set("cgroup", cgroup_probe(env, found.cgroup));
  result.Set("overlayfs", found.overlayfs);
  result.Set("seccomp", found.seccomp);
  result.Set("newMountApi", found.new_mount_api);
  result.Set("openat2", found.openat2);
  result.Set("clone3", found.clone3);
  result.Set("pidfd", found.pidfd);
  result.Set("swapAccounting", found.swap_accounting);
  result.Set("missing", missing);
  return result;
}

Napi::Object init(Napi::Env env, Napi::Object exports) {
  env.SetInstanceData(new Instance(env));
  auto add = [&](const char* name, Napi::Value (*function)(const Napi::CallbackInfo&)) {
    exports.Set(name, Napi::Function::New(env, function, name));
  };
  add("probe", probe);
  add("spawnShim", spawn_shim);
  add("watchProcess", watch_process);
  add("processStartTime", process_start_time);
  add("peerCredentials", peer_credentials);
  add("cgroupKill", cgroup_kill);
  add("cgroupFreeze", cgroup_freeze);
  add("cgroupIsFrozen", cgroup_is_frozen);
  add("cgroupUpdate", cgroup_update);
  add("cgroupList", cgroup_list);
  add("cgroupStats", cgroup_stats);
  add("cgroupRemoveRoot", cgroup_remove_root);
  add("removeTree", remove_path);
  add("replaceFile", replace_whole_file);
  add_file_functions(exports);
  add_statistics_functions(exports);
  add_kernel_functions(exports);
  return exports;
}

NODE_API_MODULE(minirun, init)

}  // namespace
}  // namespace minirun::addon
