#include "runtime/record.h"
#include "runtime/verb.h"

namespace minirun::runtime {
namespace {

Error wrong_state(const Record& record, const char* verb, ContainerStatus status, const char* needed) {
  return {
      verb, "", "container " + record.id, EINVAL,
      std::string("cannot ") + verb + " a container that is " + name_of(status) + ": it has to be " + needed};
}

Result<int> pause(const Globals& globals, const CommandLine& line) {
  auto container = find_locked(globals.root, line.words().front());
  if (!container) return container.error();
  ContainerStatus status = status_of(container->record);
  if (status != ContainerStatus::running && status != ContainerStatus::created)
    return wrong_state(container->record, "pause", status, "running");
  if (Status frozen = cgroup_of(container->record)->freeze(true); !frozen) return frozen.error();
  return 0;
}

Result<int> resume(const Globals& globals, const CommandLine& line) {
  auto container = find_locked(globals.root, line.words().front());
  if (!container) return container.error();
  ContainerStatus status = status_of(container->record);
  if (status != ContainerStatus::paused) return wrong_state(container->record, "resume", status, "paused");
  if (Status thawed = cgroup_of(container->record)->freeze(false); !thawed) return thawed.error();
  return 0;
}

}  // namespace

const Verb kPause{.name = "pause",
                  .words = "CONTAINER",
                  .about = "freeze every process of a container",
                  .flags = {},
                  .fewest_words = 1,
                  .most_words = 1,
                  .options_end_at_word = false,
                  .run = pause};

const Verb kResume{.name = "resume",
                   .words = "CONTAINER",
                   .about = "let a paused container go on",
                   .flags = {},
                   .fewest_words = 1,
                   .most_words = 1,
                   .options_end_at_word = false,
                   .run = resume};

}  // namespace minirun::runtime
