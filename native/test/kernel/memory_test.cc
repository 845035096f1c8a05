#include <doctest/doctest.h>
#include <poll.h>
#include <signal.h>

#include "core/cgroup_files.h"
#include "core/oom_events.h"
#include "core/usage.h"
#include "test/kernel/box.h"

using minirun::Box;
using minirun::LimitSpec;
using minirun::OomEvents;

namespace {

constexpr int64_t kMiB = 1 << 20;

LimitSpec memory(int64_t limit, int64_t swap) {
  LimitSpec limits;
  limits.memory.limit = limit;
  limits.memory.swap = swap;
  return limits;
}

bool is_v2() {
  return Box::host().version == 2;
}

}  // namespace

TEST_CASE("memory: what goes over the limit is killed, counted, and heard of at once") {
  Box box({"use-memory", std::to_string(64 * kMiB)}, memory(16 * kMiB, 16 * kMiB));
  REQUIRE(box.container().create());
  auto events = OomEvents::watch(box.group());
  REQUIRE_MESSAGE(events, events.error().call << " " << events.error().subject);
  pollfd readable{events->fd(), POLLIN, 0};
  REQUIRE(box.container().start());
  CHECK(::poll(&readable, 1, 10'000) == 1);
  auto exit = box.wait();
  REQUIRE(exit);
  CHECK(exit->signal == SIGKILL);
  auto news = events->take();
  CHECK(news.kills == 1);
  CHECK(news.oom);
  CHECK(box.container().oom_kills(*exit) == 1);
  auto usage = minirun::read_usage(box.group());
  CHECK(usage.memory.oom_kills == 1);
  if (is_v2())
    CHECK(usage.memory.memory.failures.value_or(0) > 0);  // which newer kernels no longer count on v1
  CHECK(usage.memory.memory.limit == 16 * kMiB);
  CHECK(usage.memory.memory.peak.value_or(0) <= 16 * kMiB);
}

TEST_CASE("memory: a group without trouble is heard of when it ends") {
  Box box({"sleep"}, memory(16 * kMiB, 16 * kMiB));
  box.must_start();
  auto events = OomEvents::watch(box.group());
  REQUIRE(events);
  CHECK(box.container().destroy());
  pollfd readable{events->fd(), POLLIN, 0};
  CHECK(::poll(&readable, 1, 10'000) == 1);
  auto news = events->take();
  CHECK(news.ended);
  CHECK(news.kills == 0);
}

TEST_CASE("memory: beyond its limit a container may have as much swap as it is given") {
  if (!minirun::host_has_swap()) {
    MESSAGE("not proved: this machine has no swap");
    return;
  }
  Box enough({"use-memory", std::to_string(24 * kMiB)}, memory(16 * kMiB, 40 * kMiB));
  enough.must_start();
  CHECK(enough.line() == "used");
  auto usage = minirun::read_usage(enough.group()).memory;
  CHECK(usage.swap_only.usage.value_or(0) > 4 * kMiB);
  CHECK(usage.memory.usage.value_or(0) <= 16 * kMiB);
  CHECK(usage.swap.limit == 40 * kMiB);

  Box too_little({"use-memory", std::to_string(24 * kMiB)}, memory(16 * kMiB, 18 * kMiB));
  too_little.must_start();
  auto exit = too_little.wait();
  REQUIRE(exit);
  CHECK(exit->signal == SIGKILL);
}

TEST_CASE("memory: the kernel has the limits that were asked for") {
  LimitSpec limits = memory(32 * kMiB, 48 * kMiB);
  limits.memory.reservation = 8 * kMiB;
  if (!is_v2()) {
    limits.memory.swappiness = 10;
    limits.memory.kernel_tcp = 4 * kMiB;
  }
  Box box({"sleep"}, limits);
  box.must_start();
  auto value = [&box](const char* file) { return box.text("memory", file); };
  if (is_v2()) {
    CHECK(value("memory.max") == std::to_string(32 * kMiB));
    CHECK(value("memory.swap.max") == std::to_string(16 * kMiB));
    CHECK(value("memory.low") == std::to_string(8 * kMiB));
  } else {
    CHECK(value("memory.limit_in_bytes") == std::to_string(32 * kMiB));
    CHECK(value("memory.memsw.limit_in_bytes") == std::to_string(48 * kMiB));
    CHECK(value("memory.soft_limit_in_bytes") == std::to_string(8 * kMiB));
    CHECK(value("memory.swappiness") == "10");
    CHECK(value("memory.kmem.tcp.limit_in_bytes") == std::to_string(4 * kMiB));
  }
}

TEST_CASE("memory: above high a container is slowed down and not killed") {
  LimitSpec limits = memory(64 * kMiB, 64 * kMiB);
  limits.unified = {{"memory.high", std::to_string(8 * kMiB), "/linux/resources/unified/memory.high"}};
  Box box({"use-memory", std::to_string(12 * kMiB)}, limits);
  if (!is_v2()) {
    auto refused = box.start();
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == EOPNOTSUPP);
    CHECK(refused.error().subject == "/linux/resources/unified/memory.high");
    return;
  }
  box.must_start();
  auto high = [&box] {
    return minirun::read_keyed(box.place("memory") + "/memory.events", "high").value_or(0);
  };
  CHECK(minirun::eventually([&] {
    minirun::sleep_ms(200);
    return high() > 0;
  }));
  CHECK(minirun::read_usage(box.group()).memory.oom_kills == 0);
  CHECK_FALSE(box.wait(0));
}

TEST_CASE("memory: without the killer a container waits for memory (v1)") {
  LimitSpec limits = memory(16 * kMiB, 16 * kMiB);
  limits.memory.disable_oom_killer = true;
  Box box({"use-memory", std::to_string(32 * kMiB)}, limits);
  if (is_v2()) {
    auto refused = box.start();
    REQUIRE_FALSE(refused);
    CHECK(refused.error().subject == "/linux/resources/memory/disableOOMKiller");
    return;
  }
  REQUIRE(box.container().create());
  auto events = OomEvents::watch(box.group());
  REQUIRE(events);
  REQUIRE(box.container().start());
  pollfd readable{events->fd(), POLLIN, 0};
  CHECK(::poll(&readable, 1, 10'000) == 1);
  auto news = events->take();
  CHECK(news.oom);
  CHECK(news.kills == 0);
  CHECK_FALSE(box.wait(100));
  LimitSpec more = memory(64 * kMiB, 64 * kMiB);
  CHECK(box.group().update(more));
  CHECK(box.line() == "used");
}
