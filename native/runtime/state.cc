#include <cstdio>

#include "runtime/record.h"
#include "runtime/verb.h"

namespace minirun::runtime {
namespace {

Result<int> run(const Globals& globals, const CommandLine& line) {
  auto container = find(globals.root, line.words().front());
  if (!container) return container.error();
  ContainerStatus status = status_of(container->record);
  std::puts(oci::indented(state_json(container->record, status)).c_str());
  return 0;
}

}  // namespace

const Verb kState{.name = "state",
                  .words = "CONTAINER",
                  .about = "print what a container is, as the specification's state document",
                  .flags = {},
                  .fewest_words = 1,
                  .most_words = 1,
                  .options_end_at_word = false,
                  .run = run};

}  // namespace minirun::runtime
