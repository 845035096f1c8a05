#include "core/contained_process.h"

#include <doctest/doctest.h>
#include <poll.h>

using minirun::LaunchOptions;
using minirun::Status;

namespace {

/** A process that stands still on its way, as one that somebody in its container has stopped. */
class StoppedProcess final : public minirun::ContainedProcess {
 public:
  StoppedProcess(minirun::ContainerSpec spec, LaunchOptions options)
      : ContainedProcess(std::move(spec), {}, std::move(options), {"the process", "minirun:test", 50}) {}

  Status end_rest() override { return {}; }
  Status signal_all(int) const override { return {}; }
  minirun::Reach reach_of_all(int) const override { return {"", ""}; }
  uint64_t oom_kills(const minirun::ExitStatus&) const override { return 0; }

 private:
  Status make_plan() override {
    auto stop = [](minirun::TraceRow&) {
      ::poll(nullptr, 0, -1);
      return minirun::kNoFault;
    };
    plan_.add({minirun::Side::child, "stop", "poll", "", "", "", stop});
    plan_clone(0, "");
    if (spec_.process.terminal) plan_take_terminal();
    plan_created();
    plan_go();
    return {};
  }
  int root() const override { return -1; }
};

}  // namespace

TEST_CASE("a process that comes no further is waited for no longer than it may take, and killed") {
  minirun::ContainerSpec spec;
  LaunchOptions options;
  SUBCASE("on its way to the gate") {}
  SUBCASE("on its way to the program") {
    options.starts_at_once = true;
  }
  SUBCASE("before it has opened its terminal") {
    spec.process.terminal = true;
  }
  StoppedProcess process(spec, options);
  Status created = process.create();
  REQUIRE_FALSE(created);
  CHECK(created.error().step == "stop");
  CHECK(created.error().code == ETIMEDOUT);
  CHECK(created.error().note.find("was killed") != std::string::npos);
  CHECK(process.destroy());
  CHECK_FALSE(process.wait(false));
}
