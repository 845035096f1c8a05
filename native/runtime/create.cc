#include "runtime/launch.h"

namespace minirun::runtime {
namespace {

Result<int> run(const Globals& globals, const CommandLine& line) {
  auto request = read_launch_request(line, true);
  if (!request) return request.error();
  Launch launch(globals, std::move(*request));
  if (Status created = launch.create(); !created) return created.error();
  leave(0);
}

}  // namespace

const Verb kCreate{.name = "create",
                   .words = "CONTAINER",
                   .about = "make a container from a bundle; its program runs when it is started",
                   .flags = kLaunchFlags,
                   .fewest_words = 1,
                   .most_words = 1,
                   .options_end_at_word = false,
                   .run = run};

}  // namespace minirun::runtime
