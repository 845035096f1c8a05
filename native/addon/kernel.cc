#include "addon/kernel.h"

#include <algorithm>
#include <map>

#include "addon/instance.h"
#include "core/process_files.h"
#include "core/seccomp.h"
#include "oci/config.h"
#include "oci/kernel_json.h"

namespace minirun::addon {
namespace {

using oci::Json;

constexpr size_t kMostProcesses = 2000;
constexpr size_t kMostMounts = 500;
constexpr size_t kMostInNetwork = 200;
constexpr size_t kMostDescriptors = 1000;  // of all processes together
constexpr size_t kMostOfOneProcess = 100;

struct KernelTarget {
  pid_t pid = 0;
  std::string start_time;
  std::string cgroup;
  std::string bundle;
  std::string cache;
  std::string lower;  ///< folder of the root's lower layer; empty when it is not known
  std::vector<std::string> parts;
};

/** The host's trees of control groups, which don't move while this process runs. */
const CgroupHost& host_cgroups() {
  static const CgroupHost host = find_cgroups();
  return host;
}

/** What one reading shares among its parts. */
class Reading {
 public:
  Reading(const KernelTarget& given, UniqueFd directory)
      : target(given), process(std::move(directory)), group(Cgroup::open(host_cgroups(), given.cgroup)) {}

  const KernelTarget& target;
  UniqueFd process;
  std::unique_ptr<Cgroup> group;
  std::vector<oci::ProcessDescriptors> descriptors;
  size_t total_descriptors = 0;

  bool wants(std::string_view part) const {
    return std::find(target.parts.begin(), target.parts.end(), part) != target.parts.end();
  }

  /** The processes, listed once; their descriptors are read while each one's directory is open. */
  const ContainerProcesses& processes() {
    if (listed_) return *listed_;
    auto visit = [this](int directory, const ContainerProcess& one) { add_descriptors(directory, one); };
    listed_ = list_processes(*group, kMostProcesses, wants("descriptors") ? ProcessVisitor(visit) : nullptr);
    return *listed_;
  }

 private:
  void add_descriptors(int directory, const ContainerProcess& one) {
    auto found = read_kernel_descriptors(directory, std::min(kMostOfOneProcess, room_));
    room_ -= found.descriptors.size();
    total_descriptors += found.total;
    if (found.descriptors.empty()) return;
    descriptors.push_back({one.pid, one.host_pid, one.name, std::move(found)});
  }

  size_t room_ = kMostDescriptors;
  std::optional<ContainerProcesses> listed_;
};

Result<Json> namespaces(Reading& reading) {
  return oci::kernel_json(read_kernel_namespaces(reading.process.get()));
}

Result<Json> processes(Reading& reading) {
  return oci::kernel_json(reading.processes());
}

/**
 * overlayfs names a layer by its path in the mount that it was given. The lower one of a container with a
 * user namespace is an id-mapped mount of its own, attached nowhere: its path is "/", which tells nothing.
 */
void name_layers(KernelMounts& found, const std::string& lower) {
  auto is_root = [](const KernelMount& mount) { return mount.point == "/" && mount.overlay; };
  auto root = std::find_if(found.mounts.begin(), found.mounts.end(), is_root);
  if (root == found.mounts.end() || lower.empty()) return;
  for (const auto& path : root->overlay->lower)
    root->overlay->lower_folders.push_back(path == "/" ? lower : path);
}

Result<Json> mounts(Reading& reading) {
  KernelMounts found = read_kernel_mounts(reading.process.get(), kMostMounts);
  name_layers(found, reading.target.lower);
  return oci::kernel_json(found);
}

Result<Json> control_group(Reading& reading) {
  return oci::kernel_json(read_kernel_cgroup(*reading.group));
}

Result<Json> capabilities(Reading& reading) {
  return oci::capabilities_json(read_kernel_privileges(reading.process.get()));
}

/** The program is the one that this container was started with, from its bundle; its kernel has no call that
 * gives it back to any but a debugger. */
Result<Json> seccomp(Reading& reading) {
  auto privileges = read_kernel_privileges(reading.process.get());
  auto program = oci::read_bundle_filter(reading.target.bundle, reading.target.cache);
  if (!program) return program.error();
  return oci::seccomp_json(privileges, *program);
}

Result<Json> id_maps(Reading& reading) {
  auto maps = read_kernel_id_maps(reading.process.get());
  if (!maps) return maps.error();
  return oci::kernel_json(*maps);
}

Result<Json> descriptors(Reading& reading) {
  reading.processes();
  return oci::descriptors_json(reading.descriptors, reading.total_descriptors);
}

/** The calling thread stands in the container's network namespace from then on. */
Result<Json> network(Reading& reading) {
  auto found = read_kernel_network(reading.process.get(), kMostInNetwork);
  if (!found) return found.error();
  return oci::kernel_json(*found);
}

using Reader = Result<Json> (*)(Reading&);

const std::map<std::string, Reader, std::less<>>& readers() {
  static const std::map<std::string, Reader, std::less<>> all = {{"namespaces", namespaces},
                                                                 {"processes", processes},
                                                                 {"mounts", mounts},
                                                                 {"controlGroup", control_group},
                                                                 {"capabilities", capabilities},
                                                                 {"seccomp", seccomp},
                                                                 {"idMaps", id_maps},
                                                                 {"descriptors", descriptors},
                                                                 {"network", network}};
  return all;
}

Json problem_json(const std::string& part, const Error& error) {
  return Json::object({{"part", part},
                       {"call", error.call},
                       {"subject", error.subject},
                       {"errno", errno_name(error.code)},
                       {"reason", error.note.empty() ? errno_text(error.code) : error.note}});
}

/** What was read of each part. */
using Parts = std::map<std::string, Result<Json>, std::less<>>;

/** For a thread that ends then: it enters the container's network namespace, where the last part is read. */
Parts read_parts(Reading& reading) {
  Parts parts;
  for (const auto& [part, read] : readers()) {
    if (part != "network" && reading.wants(part)) parts.emplace(part, read(reading));
  }
  if (reading.wants("network")) parts.emplace("network", network(reading));
  return parts;
}

/** The parts that were asked for, and why those that are missing could not be read. */
Result<std::string> read_kernel(const KernelTarget& target) {
  auto process = open_identified_process(target.pid, target.start_time, "kernel view");
  if (!process) return process.error();
  Reading reading(target, std::move(*process));
  std::vector<Json::Member> members;
  std::vector<Json> unread;
  Parts parts = read_parts(reading);
  for (const auto& part : target.parts) {
    auto read = parts.find(part);
    if (read == parts.end()) continue;
    if (read->second) {
      members.emplace_back(part, std::move(*read->second));
    } else {
      unread.push_back(problem_json(part, read->second.error()));
    }
  }
  members.emplace_back("unread", Json::array(unread));
  return Json::object(members).text();
}

std::optional<KernelTarget> target_argument(const Napi::CallbackInfo& info) {
  if (!info[0].IsObject()) {
    Napi::TypeError::New(info.Env(), "expected {pid, startTime, cgroup, bundle, cache, parts} for target")
        .ThrowAsJavaScriptException();
    return std::nullopt;
  }
  auto object = info[0].As<Napi::Object>();
  auto cgroup = cgroup_member(object, "cgroup");
  if (!cgroup) return std::nullopt;
  auto bundle = string_member(object, "bundle");
  if (!bundle) return std::nullopt;
  auto cache = string_member(object, "cache");
  if (!cache) return std::nullopt;
  auto parts = strings_member(object, "parts");
  if (!parts) return std::nullopt;
  auto start_time = string_member(object, "startTime");
  if (!start_time) return std::nullopt;
  Napi::Value lower = object.Get("lower");
  pid_t pid = object.Get("pid").ToNumber().Int32Value();
  return KernelTarget{pid,
                      std::move(*start_time),
                      std::move(*cgroup),
                      std::move(*bundle),
                      std::move(*cache),
                      lower.IsString() ? lower.ToString().Utf8Value() : "",
                      std::move(*parts)};
}

Napi::Value read_kernel_view(const Napi::CallbackInfo& info) {
  auto target = target_argument(info);
  if (!target) return {};
  return promise_of<std::string>(
      info.Env(), [target = std::move(*target)] { return read_kernel(target); },
      [](Napi::Env env, std::string& text) { return Napi::String::New(env, text); });
}

}  // namespace

void add_kernel_functions(Napi::Object exports) {
  exports.Set("readKernel", Napi::Function::New(exports.Env(), read_kernel_view, "readKernel"));
}

}  // namespace minirun::addon
