#include "oci/config.h"

#include "core/cgroup.h"
#include "core/file.h"
#include "core/seccomp.h"
#include "core/text.h"
#include "oci/features.h"
#include "oci/member_text.h"
#include "oci/parts.h"
#include "oci/reader.h"

namespace minirun::oci {
namespace {

constexpr const char* kMajorVersion = "1.";
constexpr const char* kOverlayLower = "dev.minirun.overlay.lower";
constexpr const char* kOverlayUpper = "dev.minirun.overlay.upper";
constexpr const char* kOverlayWork = "dev.minirun.overlay.work";
// "lower": the lower layers' files belong to the container's ids that their owners' numbers are.
constexpr const char* kOverlayIdMapped = "dev.minirun.overlay.idmap";
// "real-paths": a link anywhere in the source of a bind is refused, whoever put it there meanwhile.
constexpr const char* kBinds = "dev.minirun.binds";

/** Fields of the specification whose meaning this runtime doesn't give a container: taking them would be a
 * lie. */
void refuse_unsupported(const Field& linux) {
  linux["intelRdt"].refuse_if_present("sharing of the processor's caches (resctrl)");
}

std::optional<OverlaySpec> parse_overlay(const Field& annotations) {
  Field lower = annotations[kOverlayLower];
  if (!lower.present()) return std::nullopt;
  OverlaySpec overlay;
  overlay.lower = split(lower.string(), ':');
  for (const auto& layer : overlay.lower) {
    if (layer.empty() || layer.front() != '/')
      lower.refuse("expected absolute paths, received \"" + layer + "\"");
  }
  overlay.upper = annotations[kOverlayUpper].absolute_path();
  overlay.work = annotations[kOverlayWork].absolute_path();
  if (overlay.upper.empty()) annotations[kOverlayUpper].refuse("is required beside the lower layers");
  if (overlay.work.empty()) annotations[kOverlayWork].refuse("is required beside the lower layers");
  std::string mapped = annotations[kOverlayIdMapped].string();
  if (!mapped.empty() && mapped != "lower") annotations[kOverlayIdMapped].refuse("expected \"lower\"");
  overlay.lower_id_mapped = !mapped.empty();
  return overlay;
}

std::vector<std::string> parse_paths(const Field& list) {
  std::vector<std::string> paths;
  for (const auto& item : list.items()) paths.push_back(item.absolute_path());
  return paths;
}

void parse_linux(const Field& linux, ContainerSpec& spec) {
  parse_namespaces(linux, spec);
  spec.limits = parse_resources(linux["resources"]);
  spec.devices = parse_devices(linux["devices"]);
  spec.masked_paths = parse_paths(linux["maskedPaths"]);
  spec.readonly_paths = parse_paths(linux["readonlyPaths"]);
  spec.cgroup_path = linux["cgroupsPath"].string();
  if (!spec.cgroup_path.empty() && !clean_cgroup_path(spec.cgroup_path))
    linux["cgroupsPath"].refuse("expected a path like /minirun/ID, received \"" + spec.cgroup_path + "\"");
  if (linux["seccomp"].present()) spec.seccomp = parse_seccomp(linux["seccomp"]);
  spec.rootfs_propagation = parse_propagation(linux["rootfsPropagation"]);
  spec.mount_label = linux["mountLabel"].string();
  parse_sysctls(linux["sysctl"], spec);
  parse_personality(linux["personality"], spec);
  parse_memory_policy(linux["memoryPolicy"], spec);
  parse_time_offsets(linux["timeOffsets"], spec);
  parse_net_devices(linux["netDevices"], spec);
}

void parse_host_names(const Field& config, ContainerSpec& spec) {
  constexpr size_t kLongest = 64;  // __NEW_UTS_LEN
  spec.hostname = config["hostname"].string();
  spec.domainname = config["domainname"].string();
  for (const char* key : {"hostname", "domainname"}) {
    if (config[key].string().size() > kLongest) config[key].refuse("longer than the kernel's 64 bytes");
    if (config[key].present() && !spec.namespaces.uts)
      config[key].refuse("needs a uts namespace: without one the host would be renamed");
  }
}

/** What is id-mapped by the container's user namespace needs one. */
void require_user_namespace(const Field& config, const ContainerSpec& spec) {
  if (spec.namespaces.user) return;
  if (spec.overlay && spec.overlay->lower_id_mapped)
    config["annotations"][kOverlayIdMapped].refuse("needs a user namespace");
  for (size_t i = 0; i < spec.mounts.size(); ++i) {
    const MountSpec& mount = spec.mounts[i];
    if (mount.id_mapped != IdMapped::no && mount.mappings.empty())
      config["mounts"].items()[i]["options"].refuse("idmap needs uidMappings here, or a user namespace");
  }
}

/** The terminal is opened in the container's own devpts, so there has to be one. */
void require_devpts(const Field& config, const ContainerSpec& spec) {
  if (!spec.process.terminal) return;
  for (const auto& mount : spec.mounts) {
    if (mount.type == "devpts" && mount.destination == "/dev/pts") return;
  }
  config["process"]["terminal"].refuse("needs a mount of type devpts on /dev/pts");
}

/** Versions are compatible within a major one (config.md, "Specification version"). */
std::string parse_version(const Field& field) {
  std::string version = field.required_string();
  if (!version.empty() && !version.starts_with(kMajorVersion))
    field.refuse(std::string("expected a version of the specification from ") + kOldestVersion +
                 " on and below 2, received \"" + version + "\"");
  return version;
}

ContainerSpec parse(const Field& config, const std::string& bundle) {
  ContainerSpec spec;
  refuse_unsupported(config["linux"]);
  spec.oci_version = parse_version(config["ociVersion"]);
  for (const auto& key : config["annotations"].keys())
    spec.annotations.emplace_back(key, config["annotations"][key].string());
  spec.rootfs = config["root"]["path"].required_string();
  if (!spec.rootfs.empty() && spec.rootfs.front() != '/') spec.rootfs = bundle + "/" + spec.rootfs;
  spec.rootfs_readonly = config["root"]["readonly"].boolean();
  spec.overlay = parse_overlay(config["annotations"]);
  // A container may be created without one: starting it is what fails then.
  if (config["process"].present()) spec.process = parse_process(config["process"]);
  bool real_paths = config["annotations"][kBinds].string() == "real-paths";
  for (const auto& mount : config["mounts"].items()) {
    spec.mounts.push_back(parse_mount(mount, bundle));
    spec.mounts.back().real_source = real_paths;
  }
  parse_linux(config["linux"], spec);
  spec.hooks = parse_hooks(config["hooks"]);
  parse_host_names(config, spec);
  require_user_namespace(config, spec);
  require_devpts(config, spec);
  return spec;
}

/** Parses a text and hands its root to `parse`; `file` is the step of the Error. */
template <class Parse>
auto parse_document(const std::string& file, const std::string& text, Parse parse)
    -> Result<decltype(parse(std::declval<Field>()))> {
  Document document(text);
  auto spec = parse(document.root());
  if (const auto& problem = document.problem())
    return Error{file, "parse", problem->pointer, EINVAL, problem->message};
  return spec;
}

/** The text of linux.seccomp, or nothing. */
std::string_view find_profile(std::string_view config) {
  auto linux = member_text(config, "linux");
  return linux ? member_text(*linux, "seccomp").value_or("") : "";
}

/** Whether a listener is asked at all is seen from the rules, which are then needed. */
bool has_cached_form(std::string_view profile, const std::string& cache_directory) {
  return !cache_directory.empty() && !profile.empty() && !member_text(profile, "listenerPath");
}

/** `text` with an empty array in the place of one of its parts. */
std::string without(const std::string& text, std::string_view part) {
  size_t start = static_cast<size_t>(part.data() - text.data());
  return text.substr(0, start) + "[]" + text.substr(start + part.size());
}

Result<std::string> read_document(const std::string& file, const std::string& path) {
  auto text = read_file(path);
  if (!text) return Error{file, text.error().call, text.error().subject, text.error().code, ""};
  return text;
}

}  // namespace

Result<ContainerSpec> parse_config(const std::string& text, const std::string& bundle,
                                   const std::string& cache_directory) {
  auto read = [&bundle](const Field& config) { return parse(config, bundle); };
  std::string_view profile = find_profile(text);
  auto rules = member_text(profile, "syscalls");
  std::vector<sock_filter> program;
  if (rules && has_cached_form(profile, cache_directory))
    program = cached_seccomp(std::string(profile), cache_directory);
  auto spec = parse_document("config.json", program.empty() ? text : without(text, *rules), read);
  if (!spec || !spec->seccomp) return spec;
  if (!profile.empty()) spec->seccomp->source = profile;
  spec->seccomp->program = std::move(program);
  return spec;
}

Result<ContainerSpec> read_bundle(const std::string& bundle, const std::string& cache_directory) {
  auto text = read_document("config.json", bundle + "/config.json");
  if (!text) return text.error();
  return parse_config(*text, bundle, cache_directory);
}

Result<std::vector<sock_filter>> read_bundle_filter(const std::string& bundle,
                                                    const std::string& cache_directory) {
  auto text = read_document("config.json", bundle + "/config.json");
  if (!text) return text.error();
  std::string_view profile = find_profile(*text);
  if (has_cached_form(profile, cache_directory)) {
    auto program = cached_seccomp(std::string(profile), cache_directory);
    if (!program.empty()) return program;
  }
  auto spec = parse_config(*text, bundle, cache_directory);
  if (!spec) return spec.error();
  if (!spec->seccomp) return std::vector<sock_filter>();
  return load_seccomp(*spec->seccomp, cache_directory);
}

Result<ProcessSpec> read_process(const std::string& path) {
  auto text = read_document("process.json", path);
  if (!text) return text.error();
  return parse_document("process.json", *text, parse_process);
}

}  // namespace minirun::oci
