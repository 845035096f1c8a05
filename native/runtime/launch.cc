#include "runtime/launch.h"

#include <stdlib.h>

#include <climits>

#include "core/file.h"
#include "core/gate.h"
#include "core/procfs.h"
#include "oci/config.h"
#include "oci/state.h"
#include "runtime/explain.h"
#include "runtime/handover.h"
#include "runtime/late_hooks.h"
#include "runtime/log.h"
#include "runtime/preserved_fds.h"
#include "shim/report.h"

namespace minirun::runtime {
namespace {

/** Where the bundle names no group: in the one that this process is in. */
constexpr const char* kDefaultGroup = "minirun-oci-";

/** A terminal needs someone to take its other end: a client at its socket, or this process as long as it
 * runs. */
Status check_terminal(const LaunchRequest& request, const ContainerSpec& spec) {
  bool terminal = spec.process.terminal;
  if (terminal && request.detached && request.console_socket.empty())
    return usage_error("--console-socket",
                       "is needed: process.terminal is true, and nobody else takes the terminal");
  if (!terminal && !request.console_socket.empty())
    return usage_error("--console-socket", "has no use here: process.terminal is false");
  return {};
}

}  // namespace

Result<LaunchRequest> read_launch_request(const CommandLine& line, bool detached) {
  LaunchRequest request;
  request.id = line.words().front();
  char absolute[PATH_MAX];
  std::string bundle = line.value("bundle", ".");
  if (::realpath(bundle.c_str(), absolute) == nullptr) return Error{"bundle", "realpath", bundle, errno, ""};
  request.bundle = absolute;
  request.console_socket = line.value("console-socket");
  request.pid_file = line.value("pid-file");
  auto preserved = read_preserved_fds(line);
  if (!preserved) return preserved.error();
  request.preserved_fds = *preserved;
  request.new_keyring = !line.has("no-new-keyring");
  request.no_pivot = line.has("no-pivot");
  request.detached = detached;
  return request;
}

Launch::~Launch() {
  if (!released_) undo();
}

Status Launch::create() {
  leaves_gate_ = true;
  if (Status made = make(); !made) return made;
  if (Status shown = show_gate(directory_->fd()); !shown) return shown;
  if (Status released = container_->release(); !released)
    return explained(released.error(), container_.get());
  release();
  return {};
}

Status Launch::run() {
  if (Status made = make(); !made) return made;
  const ContainerSpec& spec = container_->spec();
  run_late_hooks(spec, spec.hooks.poststart, record_, "running", container_->pid());
  release();
  return {};
}

Status Launch::make() {
  ContainerSpec spec;
  if (Status read = read_specification(spec); !read) return read;
  auto directory = StateDirectory::create(globals_.root, request_.id);
  if (!directory) return directory.error();
  directory_ = std::make_unique<StateDirectory>(std::move(*directory));
  auto trace = directory_->make_file("trace");
  if (!trace) return trace.error();
  trace_ = std::move(*trace);
  if (leaves_gate_) {
    auto gate = make_gate(directory_->fd());
    if (!gate) return gate.error();
    gate_ = std::move(*gate);
  }
  LaunchOptions options = launch_options(spec);
  container_ = std::make_unique<Container>(std::move(spec), std::move(options));
  for (const auto& missing : container_->missing()) log().warning(missing.feature + ": " + missing.reason);
  if (Status made = make_record(); !made) return made;
  if (Status created = container_->create(); !created) return explained(created.error(), container_.get());
  return hand_over();
}

LaunchOptions Launch::launch_options(const ContainerSpec& spec) {
  LaunchOptions options;
  options.cache_directory = cache_directory(globals_.root);
  options.inherits_stdio = true;
  options.outlives_parent = true;
  options.starts_at_once = !leaves_gate_;
  options.preserved_fds = request_.preserved_fds;
  options.new_keyring = request_.new_keyring;
  options.no_pivot = request_.no_pivot;
  options.describe_state = oci::describe_state(spec, request_.id, request_.bundle);
  options.describe_process = oci::describe_process(spec, request_.id, request_.bundle);
  options.meanwhile = [this](pid_t pid) { return write_record(pid); };
  options.trace_file = trace_.get();
  options.origin_ns = globals_.origin_ns;
  options.gate = gate_.get();
  return options;
}

Status Launch::read_specification(ContainerSpec& spec) {
  auto text = read_file(request_.bundle + "/config.json");
  if (!text) {
    text.error().step = "bundle";
    return text.error();
  }
  config_ = std::move(*text);
  auto parsed = oci::parse_config(config_, request_.bundle, cache_directory(globals_.root));
  if (!parsed) return explained(parsed.error(), nullptr);
  spec = std::move(*parsed);
  if (spec.cgroup_path.empty()) spec.cgroup_path = kDefaultGroup + request_.id;
  return check_terminal(request_, spec);
}

/** Written before anything of the container is there, so that even what is half made can be found and
 * deleted. */
Status Launch::make_record() {
  record_.id = request_.id;
  record_.boot_id = boot_id();
  record_.bundle = request_.bundle;
  record_.rootfs = container_->spec().rootfs;
  record_.annotations = container_->spec().annotations;
  record_.cgroup = container_->cgroup().path();
  record_.cgroup_was_there = container_->cgroup().exists();
  record_.created = shim::timestamp();
  record_.owner = ::geteuid();
  const HookSet& hooks = container_->spec().hooks;
  record_.has_late_hooks = !hooks.poststart.empty() || !hooks.poststop.empty();
  return save(record_, *directory_);
}

Status Launch::write_record(pid_t pid) {
  auto stat = read_process_stat(pid);
  if (!stat) return Error{"record", "read", "/proc/" + std::to_string(pid) + "/stat", ESRCH, ""};
  record_.pid = pid;
  record_.start_time = stat->start_time;
  if (Status saved = save(record_, *directory_); !saved) return saved;
  return directory_->write("config.json", config_);
}

Status Launch::hand_over() {
  if (!request_.console_socket.empty()) {
    int master = container_->stdio().master.get();
    if (Status sent = hand_over_terminal(request_.console_socket, master); !sent) return sent;
  }
  wrote_pid_file_ = !request_.pid_file.empty();
  return write_pid_file(request_.pid_file, container_->pid());
}

/** From here on others may change what they like about it. */
void Launch::release() {
  released_ = true;
  directory_->unlock();
}

Status Launch::finish(bool keep) {
  Status destroyed = container_->destroy();
  if (keep) return destroyed;
  if (Status locked = directory_->lock(); !locked) return locked.error().code == ENOENT ? Status() : locked;
  Status removed = directory_->remove();
  run_last_hooks();
  return destroyed ? removed : destroyed;
}

void Launch::run_last_hooks() {
  const ContainerSpec& spec = container_->spec();
  run_late_hooks(spec, spec.hooks.poststop, record_, "stopped", 0);
}

void Launch::undo() {
  if (container_) (void)static_cast<bool>(container_->destroy());
  if (container_ && container_->pid() > 0) run_last_hooks();
  if (!directory_) return;
  if (wrote_pid_file_) ::unlink(request_.pid_file.c_str());
  (void)static_cast<bool>(directory_->remove());
  directory_->unlock();
}

}  // namespace minirun::runtime
