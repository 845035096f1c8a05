#include <optional>

#include "core/capabilities.h"
#include "core/exec_process.h"
#include "oci/config.h"
#include "oci/state.h"
#include "runtime/explain.h"
#include "runtime/foreground.h"
#include "runtime/handover.h"
#include "runtime/preserved_fds.h"
#include "runtime/record.h"
#include "runtime/user.h"
#include "runtime/verb.h"

namespace minirun::runtime {
namespace {

constexpr auto kFlags = std::to_array<Flag>({
    {"process", 'p', "FILE", "the OCI process object that says all; without it COMMAND and these options do"},
    {"tty", 't', nullptr, "give it a terminal"},
    {"detach", 'd', nullptr, "return when the program runs"},
    {"console-socket", 0, "PATH", "the unix socket that takes the terminal's master"},
    {"pid-file", 0, "FILE", "where to write its process number"},
    {"cwd", 0, "DIR", "the working directory"},
    {"env", 'e', "NAME=VALUE", "one more variable of its environment; may come again"},
    {"user", 'u', "UID[:GID]", "the user, by numbers"},
    {"additional-gids", 'g', "GID", "one more group; may come again"},
    {"cap", 'c', "CAPABILITY", "one more capability; may come again"},
    {"no-new-privs", 0, nullptr, "forbid it to gain privileges by execve"},
    {"preserve-fds", 0, "N", "let the program have N more descriptors after 0, 1 and 2"},
    {"ignore-paused", 0, nullptr, "do it in a paused container too, which has to go on within 30 s"},
});

Status check_state(const Record& record, bool ignore_paused) {
  ContainerStatus status = status_of(record);
  bool ready = status == ContainerStatus::running || status == ContainerStatus::created ||
               (status == ContainerStatus::paused && ignore_paused);
  if (ready) return {};
  return Error{"exec", "", "container " + record.id, ESRCH,
               std::string("cannot exec in a container that is ") + name_of(status)};
}

/** Adds one capability to the sets that an ordinary program uses: it can't be inherited further. */
Status add_capability(const std::string& name, Capabilities& set) {
  uint64_t bit = capability_bit(name);
  if (bit == 0) return usage_error("--cap", "there is no capability \"" + name + "\"");
  for (uint64_t* one : {&set.bounding, &set.permitted, &set.effective}) *one |= bit;
  return {};
}

/** The container's own process, changed by what the command line says. */
Status describe_process(const CommandLine& line, ProcessSpec& process) {
  process.args.assign(line.words().begin() + 1, line.words().end());
  if (process.args.empty()) return usage_error("COMMAND", "is needed, or --process with a file");
  process.terminal = line.has("tty");
  if (line.has("cwd")) process.cwd = line.value("cwd");
  for (auto& entry : line.values("env")) {
    if (entry.find('=') == std::string::npos || entry.front() == '=')
      return usage_error("--env", "expected NAME=VALUE, received \"" + entry + "\"");
    process.env.push_back(std::move(entry));
  }
  if (line.has("user")) {
    if (Status read = read_user(line.value("user"), process.user); !read) return read;
  }
  for (const auto& text : line.values("additional-gids")) {
    auto gid = read_id(text);
    if (!gid) return gid.error();
    process.user.groups.push_back(*gid);
  }
  for (const auto& name : line.values("cap")) {
    if (Status added = add_capability(name, process.capabilities); !added) return added;
  }
  if (line.has("no-new-privs")) process.no_new_privileges = true;
  return {};
}

Status read_process(const CommandLine& line, ProcessSpec& process) {
  if (!line.has("process")) return describe_process(line, process);
  auto read = oci::read_process(line.value("process"));
  if (!read) return explained(read.error(), nullptr);
  process = std::move(*read);
  if (line.has("tty")) process.terminal = true;
  return {};
}

Status check_terminal(const CommandLine& line, bool terminal) {
  bool socket = line.has("console-socket");
  if (terminal && line.has("detach") && !socket)
    return usage_error("--console-socket", "is needed: nobody else takes the terminal of a detached process");
  if (!terminal && socket)
    return usage_error("--console-socket", "has no use here: the process has no terminal");
  return {};
}

Status hand_over(const CommandLine& line, ExecProcess& process) {
  if (line.has("console-socket")) {
    int master = process.stdio().master.get();
    if (Status sent = hand_over_terminal(line.value("console-socket"), master); !sent) return sent;
  }
  return write_pid_file(line.value("pid-file"), process.pid());
}

Result<int> run(const Globals& globals, const CommandLine& line) {
  auto container = find(globals.root, line.words().front());
  if (!container) return container.error();
  const Record& record = container->record;
  if (Status ready = check_state(record, line.has("ignore-paused")); !ready) return ready.error();
  auto spec = specification_of(*container, cache_directory(globals.root));
  if (!spec) return spec.error();
  if (Status read = read_process(line, spec->process); !read) return read.error();
  if (Status fits = check_terminal(line, spec->process.terminal); !fits) return fits.error();
  auto preserved = read_preserved_fds(line);
  if (!preserved) return preserved.error();

  bool stays = !line.has("detach");
  std::optional<Foreground> foreground;
  if (stays) foreground.emplace();
  LaunchOptions options;
  options.cache_directory = cache_directory(globals.root);
  options.describe_process = oci::describe_process(*spec, record.id, record.bundle);
  options.inherits_stdio = true;
  options.outlives_parent = true;
  options.starts_at_once = true;
  options.preserved_fds = *preserved;
  options.enters_frozen = line.has("ignore-paused");
  ExecProcess process(std::move(*spec), std::move(options), {record.pid, record.start_time});
  if (Status runs = process.create(); !runs) return explained(runs.error(), &process);
  if (Status handed = hand_over(line, process); !handed) {
    (void)static_cast<bool>(process.destroy());
    return handed.error();
  }
  return stays ? foreground->stay_with(process).code : 0;
}

}  // namespace

const Verb kExec{.name = "exec",
                 .words = "CONTAINER [COMMAND [ARG...]]",
                 .about = "run a further program in a container",
                 .flags = kFlags,
                 .fewest_words = 1,
                 .most_words = kAnyNumber,
                 .options_end_at_word = true,
                 .run = run};

}  // namespace minirun::runtime
