#include "runtime/record.h"

#include "core/gate.h"
#include "core/procfs.h"
#include "core/syscalls.h"
#include "oci/config.h"
#include "oci/features.h"
#include "oci/reader.h"

namespace minirun::runtime {
namespace {

using oci::Json;

constexpr const char* kStateFile = "state.json";
constexpr const char* kConfigFile = "config.json";

/** containerd looks for "container not running" to tell an end that it missed from a failure. */
Error ended(const Record& record) {
  return {"container", "", "container " + record.id, ESRCH, "container not running: it has ended"};
}

/** A zombie is a process that has ended, and so is one of another boot or one that has only the number. */
bool lives(const Record& record, const std::optional<ProcessStat>& stat) {
  return record.pid > 0 && stat && stat->start_time == record.start_time && stat->state != 'Z' &&
         stat->state != 'X';
}

Json annotations_json(const Record& record) {
  std::vector<Json::Member> members;
  for (const auto& [name, value] : record.annotations) members.emplace_back(name, value);
  return Json::object(members);
}

std::optional<ProcessStat> stat_of(const Record& record) {
  if (record.pid <= 0 || record.boot_id != boot_id()) return std::nullopt;
  return read_process_stat(record.pid);
}

bool is_frozen(const Record& record) {
  if (record.cgroup.empty()) return false;
  auto frozen = cgroup_of(record)->is_frozen();
  return frozen && *frozen;
}

}  // namespace

const char* name_of(ContainerStatus status) {
  switch (status) {
    case ContainerStatus::creating:
      return "creating";
    case ContainerStatus::created:
      return "created";
    case ContainerStatus::running:
      return "running";
    case ContainerStatus::paused:
      return "paused";
    default:
      return "stopped";
  }
}

Status save(const Record& record, const StateDirectory& directory) {
  Json document = Json::object({{"id", record.id},
                                {"pid", record.pid},
                                {"startTime", record.start_time},
                                {"bootId", record.boot_id},
                                {"bundle", record.bundle},
                                {"rootfs", record.rootfs},
                                {"cgroup", record.cgroup},
                                {"cgroupWasThere", record.cgroup_was_there},
                                {"annotations", annotations_json(record)},
                                {"created", record.created},
                                {"owner", record.owner},
                                {"hasLateHooks", record.has_late_hooks}});
  return directory.write(kStateFile, document.text());
}

Result<Record> load(const StateDirectory& directory) {
  Record record;
  record.id = directory.id();
  auto text = directory.read(kStateFile);
  if (!text) return text.error().code == ENOENT ? Result<Record>(record) : text.error();
  oci::Document document(*text);
  oci::Field root = document.root();
  record.pid = static_cast<pid_t>(root["pid"].integer(0, INT32_MAX));
  record.start_time = root["startTime"].string();
  record.boot_id = root["bootId"].string();
  record.bundle = root["bundle"].string();
  record.rootfs = root["rootfs"].string();
  record.cgroup = root["cgroup"].string();
  record.cgroup_was_there = root["cgroupWasThere"].boolean();
  for (const auto& [name, value] : root["annotations"].members())
    record.annotations.emplace_back(name, value.string());
  record.created = root["created"].string();
  record.owner = static_cast<uid_t>(root["owner"].integer(0, UINT32_MAX));
  record.has_late_hooks = root["hasLateHooks"].boolean();
  record.at_gate = has_gate(directory.fd());
  if (const auto& problem = document.problem())
    return Error{"state", "", directory.id() + "/state.json", EINVAL,
                 problem->pointer + " " + problem->message};
  return record;
}

ContainerStatus status_of(const Record& record) {
  if (record.pid == 0) return ContainerStatus::creating;
  auto stat = stat_of(record);
  if (!lives(record, stat)) return ContainerStatus::stopped;
  if (!record.at_gate && !stat->has_executed()) return ContainerStatus::creating;
  // First of all, for one that was only created can be frozen as well: starting it would wait for ever.
  if (is_frozen(record)) return ContainerStatus::paused;
  return stat->has_executed() ? ContainerStatus::running : ContainerStatus::created;
}

std::unique_ptr<Cgroup> cgroup_of(const Record& record) {
  return Cgroup::open(find_cgroups(), record.cgroup);
}

Result<UniqueFd> open_process(const Record& record) {
  if (record.pid <= 0) return ended(record);
  UniqueFd pidfd(sys::pidfd_open(record.pid));
  // While the process of the pidfd lives, its number is no other's.
  if (!pidfd || !lives(record, stat_of(record))) return ended(record);
  return pidfd;
}

Result<Found> find(const std::string& root, const std::string& id) {
  auto directory = StateDirectory::open(root, id);
  if (!directory) return directory.error();
  auto record = load(*directory);
  if (!record) return record.error();
  return Found{std::move(*directory), std::move(*record)};
}

Result<Found> find_locked(const std::string& root, const std::string& id) {
  auto directory = StateDirectory::open(root, id);
  if (!directory) return directory.error();
  if (Status locked = directory->lock(); !locked) return locked.error();
  auto record = load(*directory);
  if (!record) return record.error();
  return Found{std::move(*directory), std::move(*record)};
}

std::string cache_directory(const std::string& root) {
  return root + "/.cache";
}

Result<ContainerSpec> specification_of(const Found& container, const std::string& cache_directory) {
  auto text = container.directory.read(kConfigFile);
  if (!text) return text.error();
  return oci::parse_config(*text, container.record.bundle, cache_directory);
}

oci::Json state_json(const Record& record, ContainerStatus status) {
  bool has_process = record.pid > 0 && status != ContainerStatus::stopped;
  return Json::object({{"ociVersion", oci::kNewestVersion},
                       {"id", record.id},
                       {"pid", has_process ? record.pid : 0},
                       {"status", name_of(status)},
                       {"bundle", record.bundle},
                       {"rootfs", record.rootfs},
                       {"annotations", annotations_json(record)},
                       {"created", record.created},
                       {"owner", std::to_string(record.owner)}});
}

}  // namespace minirun::runtime
