#include "core/plan.h"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

using minirun::Fault;
using minirun::kNoFault;
using minirun::Plan;
using minirun::Side;
using minirun::Step;
using minirun::TraceRow;

namespace {

Step step(Side side, const std::string& name, std::function<Fault(TraceRow&)> action) {
  return {side, name, "call", "subject of " + name, "", "", std::move(action)};
}

}  // namespace

TEST_CASE("the host's steps run in order, up to the first that fails") {
  Plan plan;
  std::string ran;
  auto note = [&ran](const char* name) { return [&ran, name](TraceRow&) { return ran += name, kNoFault; }; };
  plan.add(step(Side::host, "a", note("a")));
  plan.add(step(Side::child, "x", note("x")));
  plan.add(step(Side::host, "b", note("b")));
  plan.add(step(Side::host, "bad", [](TraceRow& row) {
    row.annotate("why");
    return Fault{"open", ENOENT};
  }));
  plan.add(step(Side::host, "c", note("c")));
  auto status = plan.apply_host();
  REQUIRE_FALSE(status);
  CHECK(ran == "ab");
  CHECK(status.error().step == "bad");
  CHECK(status.error().call == "open");
  CHECK(status.error().subject == "subject of bad");
  CHECK(status.error().code == ENOENT);
  CHECK(status.error().note == "why");
  CHECK(plan.trace()->times(0).state == TraceRow::done);
  CHECK(plan.trace()->times(1).state == TraceRow::pending);
  CHECK(plan.trace()->times(4).state == TraceRow::pending);
}

TEST_CASE("a step that the child fails is known to the host, with its note") {
  Plan plan;
  plan.add(step(Side::child, "fine", [](TraceRow&) { return kNoFault; }));
  plan.add(step(Side::child, "bad", [](TraceRow& row) {
    row.annotate("from the child");
    return Fault{"mount", EPERM};
  }));
  plan.add(step(Side::child, "never", [](TraceRow&) { return kNoFault; }));
  plan.add(step(Side::host, "clone", [&plan](TraceRow&) {
    pid_t pid = ::fork();
    if (pid == 0) ::_exit(plan.apply(Side::child) ? 0 : 1);
    int status = 0;
    ::waitpid(pid, &status, 0);
    return Fault{"read", ECHILD};
  }));
  auto status = plan.apply_host();
  REQUIRE_FALSE(status);
  CHECK(status.error().step == "bad");
  CHECK(status.error().code == EPERM);
  CHECK(status.error().note == "from the child");
  CHECK(plan.trace()->times(0).state == TraceRow::done);
  CHECK(plan.trace()->times(2).state == TraceRow::pending);
}

TEST_CASE("a child that is killed leaves the step that it was in") {
  Plan plan;
  plan.add(step(Side::child, "last", [](TraceRow&) { return ::_exit(1), kNoFault; }));
  plan.add(step(Side::host, "clone", [&plan](TraceRow&) {
    pid_t pid = ::fork();
    if (pid == 0) plan.apply(Side::child);
    int status = 0;
    ::waitpid(pid, &status, 0);
    return kNoFault;
  }));
  REQUIRE(plan.apply_host());
  REQUIRE(plan.child_running() != nullptr);
  CHECK(plan.child_running()->name == "last");
  CHECK_FALSE(plan.child_error());
}
