#include "addon/statistics.h"

#include <cstring>

#include "addon/instance.h"
#include "core/container_processes.h"

namespace minirun::addon {
namespace {

/** Names of the figures as JavaScript has them, in the order of enum Figure. */
constexpr std::array<const char*, kFigures> kNames = {
    "monotonicNs",   "cpuUsageNs",      "cpuLimitCores",   "cpuThrottledNs", "cpuThrottledPeriods",
    "cpuPeriods",    "memoryCurrent",   "memoryPeak",      "memoryLimit",    "memoryAnon",
    "memoryFile",    "memoryKernel",    "memorySwap",      "oomKills",       "readBytes",
    "writeBytes",    "readOperations",  "writeOperations", "pidsCurrent",    "pidsLimit",
    "receivedBytes", "receivedPackets", "sentBytes",       "sentPackets",    "cpuSome",
    "cpuFull",       "memorySome",      "memoryFull",      "ioSome",         "ioFull"};

std::optional<std::vector<StatisticsTarget>> targets_argument(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  if (!info[0].IsArray()) {
    Napi::TypeError::New(env, "expected an array for targets").ThrowAsJavaScriptException();
    return std::nullopt;
  }
  auto array = info[0].As<Napi::Array>();
  std::vector<StatisticsTarget> targets(array.Length());
  for (uint32_t i = 0; i < array.Length(); ++i) {
    auto object = Napi::Value(array.Get(i)).ToObject();
    auto cgroup = cgroup_member(object, "cgroup");
    if (!cgroup) return std::nullopt;
    targets[i].cgroup = std::move(*cgroup);
    Napi::Value process = object.Get("process");
    if (!process.IsObject()) continue;
    auto start_time = string_member(process.As<Napi::Object>(), "startTime");
    if (!start_time) return std::nullopt;
    targets[i].pid = process.As<Napi::Object>().Get("pid").ToNumber().Int32Value();
    targets[i].start_time = std::move(*start_time);
  }
  return targets;
}

Napi::Value sample_statistics(const Napi::CallbackInfo& info) {
  auto targets = targets_argument(info);
  if (!targets) return {};
  auto& shared = instance(info.Env()).sampler;
  if (!shared) shared = std::make_shared<SharedSampler>(find_cgroups());
  return promise_of<std::vector<Sample>>(
      info.Env(),
      [shared, targets = std::move(*targets)] {
        std::lock_guard lock(shared->mutex);
        return shared->sampler.sample(targets);
      },
      [](Napi::Env env, std::vector<Sample>& samples) {
        auto array = Napi::Float64Array::New(env, samples.size() * kFigures);
        double* place = array.Data();
        for (const auto& sample : samples)
          place = std::copy(sample.values().begin(), sample.values().end(), place);
        return array;
      });
}

Napi::Object process_to_js(Napi::Env env, const ContainerProcess& process) {
  auto command = Napi::Array::New(env, process.command.size());
  for (uint32_t i = 0; i < process.command.size(); ++i) command.Set(i, process.command[i]);
  auto object = Napi::Object::New(env);
  object.Set("pid", process.pid);
  object.Set("hostPid", process.host_pid);
  object.Set("hostParentPid", process.host_parent);
  object.Set("uid", process.uid);
  object.Set("state", std::string(1, process.state));
  object.Set("name", process.name);
  object.Set("command", command);
  object.Set("threads", process.threads);
  object.Set("cpuSeconds", process.cpu_seconds);
  object.Set("residentBytes", static_cast<double>(process.resident_bytes));
  object.Set("startedSeconds", process.started_seconds);
  return object;
}

Napi::Value cgroup_processes(const Napi::CallbackInfo& info) {
  auto path = cgroup_argument(info, 0, "path");
  if (!path) return {};
  auto limit = integer_argument(info, 1, "limit");
  if (!limit) return {};
  return promise_of<ContainerProcesses>(
      info.Env(),
      [path = *path, limit = *limit]() -> Result<ContainerProcesses> {
        return list_processes(*Cgroup::open(find_cgroups(), path), static_cast<size_t>(limit));
      },
      [](Napi::Env env, ContainerProcesses& found) {
        auto processes = Napi::Array::New(env, found.processes.size());
        for (uint32_t i = 0; i < found.processes.size(); ++i)
          processes.Set(i, process_to_js(env, found.processes[i]));
        auto object = Napi::Object::New(env);
        object.Set("processes", processes);
        object.Set("total", static_cast<double>(found.total));
        return object;
      });
}

Napi::Value cgroup_signal(const Napi::CallbackInfo& info) {
  auto path = cgroup_argument(info, 0, "path");
  if (!path) return {};
  auto pid = integer_argument(info, 1, "pid");
  if (!pid) return {};
  auto signal = integer_argument(info, 2, "signal");
  if (!signal) return {};
  return promise_of(info.Env(), [path = *path, pid = *pid, signal = *signal] {
    return signal_process(*Cgroup::open(find_cgroups(), path), pid, signal);
  });
}

}  // namespace

void add_statistics_functions(Napi::Object exports) {
  Napi::Env env = exports.Env();
  auto names = Napi::Array::New(env);
  for (const char* name : kNames) names.Set(names.Length(), name);
  exports.Set("statisticsFigures", names);
  auto add = [&](const char* name, Napi::Value (*function)(const Napi::CallbackInfo&)) {
    exports.Set(name, Napi::Function::New(env, function, name));
  };
  add("sampleStatistics", sample_statistics);
  add("cgroupProcesses", cgroup_processes);
  add("cgroupSignal", cgroup_signal);
}

}  // namespace minirun::addon
