#include <signal.h>

#include <cstdlib>

#include "core/syscalls.h"
#include "runtime/record.h"
#include "runtime/signals.h"
#include "runtime/verb.h"

namespace minirun::runtime {
namespace {

constexpr auto kFlags = std::to_array<Flag>(
    {{"all", 'a', nullptr, "signal every process of the container, not its first alone"}});

Status signal_first(const Record& record, int signal) {
  auto process = open_process(record);
  if (!process) return process.error();
  if (sys::pidfd_send_signal(process->get(), signal) < 0)
    return Error{"kill", "pidfd_send_signal", "process " + std::to_string(record.pid), errno, ""};
  return {};
}

/** A frozen process takes even SIGKILL only when it goes on (cgroup v1, freezer-subsystem.rst). */
void thaw_for_end(const Cgroup& cgroup) {
  auto frozen = cgroup.is_frozen();
  if (frozen && *frozen && cgroup.version() == 1) (void)static_cast<bool>(cgroup.freeze(false));
}

Result<int> run(const Globals& globals, const CommandLine& line) {
  auto container = find(globals.root, line.words().front());
  if (!container) return container.error();
  auto signal = parse_signal(line.words().size() > 1 ? line.words()[1] : "TERM");
  if (!signal) return signal.error();
  const Record& record = container->record;
  auto cgroup = cgroup_of(record);
  if (!line.has("all")) {
    if (Status sent = signal_first(record, *signal); !sent) return sent.error();
  } else if (Status sent = *signal == SIGKILL ? cgroup->kill_all() : cgroup->signal_all(*signal); !sent) {
    return sent.error();
  }
  if (*signal == SIGKILL) thaw_for_end(*cgroup);
  return 0;
}

}  // namespace

const Verb kKill{.name = "kill",
                 .words = "CONTAINER [SIGNAL]",
                 .about = "send a signal, by its name or number (TERM), to the container's first process",
                 .flags = kFlags,
                 .fewest_words = 1,
                 .most_words = 2,
                 .options_end_at_word = false,
                 .run = run};

}  // namespace minirun::runtime
