#include "runtime/foreground.h"
#include "runtime/launch.h"

namespace minirun::runtime {
namespace {

constexpr auto kFlags = join_flags(
    kLaunchFlags, std::to_array<Flag>({
                      {"detach", 'd', nullptr, "return when the program runs"},
                      {"keep", 0, nullptr, "keep the state of the container when it has ended, until delete"},
                  }));

Result<int> run(const Globals& globals, const CommandLine& line) {
  bool detached = line.has("detach");
  auto request = read_launch_request(line, detached);
  if (!request) return request.error();
  std::optional<Foreground> foreground;
  if (!detached) foreground.emplace();
  Launch launch(globals, std::move(*request));
  if (Status runs = launch.run(); !runs) return runs.error();
  if (detached) leave(0);
  ExitStatus exit = foreground->stay_with(launch.container());
  foreground.reset();  // gives the terminal back
  if (Status finished = launch.finish(line.has("keep")); !finished) return finished.error();
  leave(exit.code);
}

}  // namespace

const Verb kRun{.name = "run",
                .words = "CONTAINER",
                .about = "make a container, start it, wait for its end and delete it",
                .flags = kFlags,
                .fewest_words = 1,
                .most_words = 1,
                .options_end_at_word = false,
                .run = run};

}  // namespace minirun::runtime
