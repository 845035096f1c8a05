// minirun-oci: the runtime's face to podman, containerd and whoever has an OCI bundle. One call does one
// thing and ends; what is to be known afterwards lies in the state root.

#include <cstdio>

#include "core/map_ahead.h"
#include "core/trace.h"
#include "oci/features.h"
#include "runtime/explain.h"
#include "runtime/log.h"
#include "runtime/own_image.h"
#include "runtime/state_directory.h"
#include "runtime/verb.h"

namespace minirun::runtime {
namespace {

constexpr const char* kVersion = "0.1.0";
constexpr int kUsage = 1;

constexpr const Verb* kVerbs[] = {&kCreate, &kStart, &kRun,      &kExec,  &kState,  &kKill,
                                  &kDelete, &kList,  &kPs,       &kPause, &kResume, &kUpdate,
                                  &kEvents, &kSpec,  &kFeatures, &kTrace, &kDoctor};

constexpr auto kGlobalFlags = std::to_array<Flag>({
    {"root", 0, "DIR", "where the state of containers lies (default: /run/minirun-oci)"},
    {"log", 0, "FILE", "where failures are written beside stderr"},
    {"log-format", 0, "FORMAT", "text, or json"},
    {"log-level", 0, "LEVEL", "accepted and without effect: failures and warnings are all there is to tell"},
    {"debug", 0, nullptr, "accepted and without effect: see the verb trace"},
    {"systemd-cgroup", 0, nullptr, "refused: control groups are made by this runtime itself"},
    {"cgroup-manager", 0, "MANAGER", "cgroupfs, which is the only one"},
    {"rootless", 0, "WHETHER", "true, false or auto; it is seen by itself who calls"},
    {"criu", 0, "PATH", "accepted and without effect: there is no checkpoint"},
    {"help", 'h', nullptr, "show this"},
    {"version", 'v', nullptr, "show the version"},
});

void print_help() {
  std::string text =
      "minirun-oci runs containers from OCI bundles.\n\nUsage: minirun-oci [OPTIONS] VERB [OPTIONS] "
      "...\n\nVerbs:\n";
  for (const Verb* verb : kVerbs) {
    std::string line = std::string("  ") + verb->name;
    line.resize(12, ' ');
    text += line + verb->about + "\n";
  }
  text += "\nOptions:\n" + describe_flags(kGlobalFlags) + "\n`minirun-oci VERB --help` tells more.\n";
  std::fputs(text.c_str(), stdout);
}

void print_help(const Verb& verb) {
  std::string text = std::string("minirun-oci ") + verb.name + ": " + verb.about +
                     ".\n\nUsage: minirun-oci " + verb.name + " [OPTIONS] " + verb.words + "\n";
  if (!verb.flags.empty()) text += "\nOptions:\n" + describe_flags(verb.flags);
  std::fputs(text.c_str(), stdout);
}

const Verb* find_verb(const std::string& name) {
  for (const Verb* verb : kVerbs) {
    if (name == verb->name) return verb;
  }
  return nullptr;
}

/** Whether a process of the runtime becomes one of the container. */
bool enters_container(const Verb& verb) {
  return &verb == &kCreate || &verb == &kRun || &verb == &kExec;
}

Status check_cgroup_manager(const CommandLine& line) {
  std::string manager = line.has("systemd-cgroup") ? "systemd" : line.value("cgroup-manager", "cgroupfs");
  if (manager == "cgroupfs" || manager == "disabled") return {};
  bool systemd_runs = ::access("/run/systemd/system", F_OK) == 0;
  return usage_error(line.has("systemd-cgroup") ? "--systemd-cgroup" : "--cgroup-manager",
                     std::string(systemd_runs ? "systemd is not asked for control groups by this runtime"
                                              : "systemd does not run on this host") +
                         "; let the client use its cgroupfs driver (podman --cgroup-manager cgroupfs)");
}

Status apply_globals(const CommandLine& line, Globals& globals) {
  std::string format = line.value("log-format", "text");
  if (format != "text" && format != "json")
    return usage_error("--log-format", "expected text or json, received \"" + format + "\"");
  Status opened = log().open(line.value("log"), format == "json" ? Log::Format::json : Log::Format::text);
  if (!opened) return opened;
  globals.root = line.value("root", default_root());
  return check_cgroup_manager(line);
}

/** What comes before the verb is the program's, what comes behind it the verb's. */
Result<int> run_verb(const Globals& globals, const Verb& verb, std::span<char* const> arguments) {
  std::vector<Flag> flags(verb.flags.begin(), verb.flags.end());
  flags.push_back({"help", 'h', nullptr, ""});
  auto line = parse_command_line(arguments, flags, verb.options_end_at_word);
  if (!line) return line.error();
  if (line->has("help")) {
    print_help(verb);
    return 0;
  }
  size_t words = line->words().size();
  if (words < verb.fewest_words || words > verb.most_words)
    return usage_error(
        std::string("minirun-oci ") + verb.name,
        std::string("expected ") + (*verb.words != '\0' ? verb.words : "nothing behind the options"));
  return verb.run(globals, *line);
}

/** `arguments` are those of main(), behind the program's name. */
Result<int> run(std::span<char* const> arguments) {
  auto line = parse_command_line(arguments, kGlobalFlags, true);
  if (!line) return line.error();
  if (line->has("version")) {
    std::printf("minirun-oci version %s\nspec: %s\n", kVersion, oci::kNewestVersion);
    return 0;
  }
  if (line->has("help") || line->words().empty()) {
    print_help();
    return line->has("help") ? 0 : kUsage;
  }
  Globals globals;
  globals.origin_ns = monotonic_ns();
  if (Status applied = apply_globals(*line, globals); !applied) return applied.error();
  const Verb* verb = find_verb(line->words().front());
  if (verb == nullptr)
    return usage_error(line->words().front(), "is no verb of minirun-oci; --help lists them");
  if (enters_container(*verb)) {
    char** argv = const_cast<char**>(arguments.data()) - 1;
    if (Status own = protect_own_image(argv); !own) return own.error();
  }
  return run_verb(globals, *verb, arguments.last(line->words().size() - 1));
}

}  // namespace

void leave(int code) {
  std::fflush(stdout);
  ::_exit(code);
}

}  // namespace minirun::runtime

int main(int argc, char** argv) {
  namespace runtime = minirun::runtime;
  minirun::map_heap_ahead();  // the rest is (early_entry.cc)
  auto result = runtime::run({argv + 1, static_cast<size_t>(argc > 0 ? argc - 1 : 0)});
  if (result) runtime::leave(*result);
  runtime::log().error(runtime::message_of(result.error()));
  runtime::leave(runtime::exit_code_of(result.error()));
}
