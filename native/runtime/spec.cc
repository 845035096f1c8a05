#include <fcntl.h>
#include <sys/stat.h>

#include "core/file.h"
#include "oci/features.h"
#include "runtime/verb.h"

namespace minirun::runtime {
namespace {

using oci::Json;

constexpr auto kFlags = std::to_array<Flag>({
    {"bundle", 'b', "DIR", "where to write config.json (default: the current directory)"},
    {"rootless", 0, nullptr, "for the user who calls: with a user namespace in which that user is root"},
});

Json strings(std::initializer_list<const char*> texts) {
  return Json::array_of(std::vector<const char*>(texts));
}

Json mount(const char* destination, const char* type, const char* source,
           std::initializer_list<const char*> options) {
  return Json::object(
      {{"destination", destination}, {"type", type}, {"source", source}, {"options", strings(options)}});
}

Json mounts(bool rootless) {
  // A group that has no place in the user namespace can't own terminals there.
  Json terminals = rootless
                       ? mount("/dev/pts", "devpts", "devpts",
                               {"nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"})
                       : mount("/dev/pts", "devpts", "devpts",
                               {"nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"});
  return Json::array(
      {mount("/proc", "proc", "proc", {"nosuid", "noexec", "nodev"}),
       mount("/dev", "tmpfs", "tmpfs", {"nosuid", "strictatime", "mode=755", "size=65536k"}), terminals,
       mount("/dev/shm", "tmpfs", "shm", {"nosuid", "noexec", "nodev", "mode=1777", "size=65536k"}),
       mount("/dev/mqueue", "mqueue", "mqueue", {"nosuid", "noexec", "nodev"}),
       mount("/sys", "sysfs", "sysfs", {"nosuid", "noexec", "nodev", "ro"}),
       mount("/sys/fs/cgroup", "cgroup", "cgroup", {"nosuid", "noexec", "nodev", "relatime", "ro"})});
}

Json process() {
  Json set = strings({"CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"});
  Json limit = Json::object({{"type", "RLIMIT_NOFILE"}, {"hard", 1024}, {"soft", 1024}});
  return Json::object(
      {{"terminal", true},
       {"user", Json::object({{"uid", 0}, {"gid", 0}})},
       {"args", strings({"sh"})},
       {"env", strings({"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "TERM=xterm"})},
       {"cwd", "/"},
       {"capabilities", Json::object({{"bounding", set}, {"effective", set}, {"permitted", set}})},
       {"rlimits", Json::array({limit})},
       {"noNewPrivileges", true}});
}

Json mapping(unsigned host_id) {
  return Json::array({Json::object({{"containerID", 0}, {"hostID", host_id}, {"size", 1}})});
}

Json linux_part(bool rootless) {
  std::vector<Json> namespaces;
  for (const char* type : {"pid", "network", "ipc", "uts", "mount", "cgroup"})
    namespaces.push_back(Json::object({{"type", type}}));
  if (rootless) namespaces.push_back(Json::object({{"type", "user"}}));
  std::vector<Json::Member> members{{"namespaces", Json::array(namespaces)}};
  if (rootless) {
    members.emplace_back("uidMappings", mapping(::geteuid()));
    members.emplace_back("gidMappings", mapping(::getegid()));
  } else {
    Json nothing = Json::object({{"allow", false}, {"access", "rwm"}});
    members.emplace_back("resources", Json::object({{"devices", Json::array({nothing})}}));
  }
  members.emplace_back("maskedPaths", strings({"/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys",
                                               "/proc/latency_stats", "/proc/timer_list", "/proc/timer_stats",
                                               "/proc/sched_debug", "/proc/scsi", "/sys/firmware"}));
  members.emplace_back("readonlyPaths",
                       strings({"/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"}));
  return Json::object(members);
}

Json configuration(bool rootless) {
  return Json::object({{"ociVersion", oci::kNewestVersion},
                       {"process", process()},
                       {"root", Json::object({{"path", "rootfs"}, {"readonly", true}})},
                       {"hostname", "minirun"},
                       {"mounts", mounts(rootless)},
                       {"linux", linux_part(rootless)}});
}

Result<int> run(const Globals&, const CommandLine& line) {
  std::string path = line.value("bundle", ".") + "/config.json";
  if (::access(path.c_str(), F_OK) == 0)
    return Error{"spec", "", path, EEXIST, "is there already; move it away first"};
  std::string text = oci::indented(configuration(line.has("rootless"))) + "\n";
  if (Status written = replace_file(path, text, 0644, Durability::none); !written) return written.error();
  return 0;
}

}  // namespace

const Verb kSpec{.name = "spec",
                 .words = "",
                 .about = "write a config.json to begin with",
                 .flags = kFlags,
                 .fewest_words = 0,
                 .most_words = 0,
                 .options_end_at_word = false,
                 .run = run};

}  // namespace minirun::runtime
