#include <doctest/doctest.h>

#include "core/cgroup_files.h"
#include "test/kernel/box.h"

using minirun::Box;
using minirun::DeviceRule;
using minirun::LimitSpec;

namespace {

constexpr int64_t kMiB = 1 << 20;

bool is_v2() {
  return Box::host().version == 2;
}

}  // namespace

TEST_CASE("update: every limit of a container that runs rises and falls") {
  LimitSpec first;
  first.memory.limit = first.memory.swap = 32 * kMiB;
  first.cpu.quota_us = 50'000;
  first.cpu.burst_us = 10'000;
  first.pids = 20;
  Box box({"sleep"}, first);
  box.must_start();

  LimitSpec second;
  second.memory.limit = second.memory.swap = 128 * kMiB;
  second.memory.reservation = 16 * kMiB;
  second.cpu.shares = 2048;
  second.cpu.quota_us = 5'000;
  second.cpu.burst_us = 1'000;
  second.cpu.period_us = 20'000;
  second.cpu.cpus = "0";  // on v1 in a group that the container hasn't been in before
  second.pids = -1;
  second.devices = {DeviceRule{}};
  auto updated = box.group().update(second);
  REQUIRE_MESSAGE(updated,
                  updated.error().step << ": " << updated.error().subject << " " << updated.error().note);
  auto stats = box.group().stats();
  CHECK(stats.memory_limit == 128 * kMiB);
  CHECK_FALSE(stats.pids_limit);
  CHECK(box.text("cpu", is_v2() ? "cpu.max" : "cpu.cfs_quota_us") == (is_v2() ? "5000 20000" : "5000"));
  CHECK(box.text("cpu", is_v2() ? "cpu.max.burst" : "cpu.cfs_burst_us") == "1000");
  CHECK(box.text("cpuset", "cpuset.cpus") == "0");
  CHECK(box.text("cpuset", "cgroup.procs") == std::to_string(box.container().pid()));

  LimitSpec third;
  third.memory.limit = third.memory.swap = 8 * kMiB;
  third.cpu.idle = 1;
  CHECK(box.group().update(third));
  CHECK(box.group().stats().memory_limit == 8 * kMiB);
  LimitSpec fourth;
  fourth.cpu.shares = 512;
  fourth.cpu.idle = 0;
  CHECK(box.group().update(fourth));
  CHECK(box.text("cpu", "cpu.idle") == "0");
}

TEST_CASE("update: all or none") {
  LimitSpec first;
  first.memory.limit = first.memory.swap = 64 * kMiB;
  first.cpu.quota_us = 50'000;
  first.cpu.period_us = 100'000;
  first.pids = 20;
  Box box({"use-memory", std::to_string(24 * kMiB)}, first);
  box.must_start();
  REQUIRE(box.line() == "used");

  LimitSpec below_use;
  below_use.pids = 5;
  below_use.cpu.quota_us = 20'000;
  below_use.memory.limit = below_use.memory.swap = 8 * kMiB;
  below_use.memory.check_before_update = true;
  auto refused = box.group().update(below_use);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == EBUSY);

  LimitSpec impossible;
  impossible.pids = 5;
  impossible.cpu.quota_us = 20'000;
  impossible.cpu.cpus = "4095";
  auto failed = box.group().update(impossible);
  REQUIRE_FALSE(failed);
  CHECK(failed.error().step == "cpus");

  CHECK(box.group().stats().memory_limit == 64 * kMiB);
  CHECK(box.group().stats().pids_limit == 20);
  CHECK(box.text("cpu", is_v2() ? "cpu.max" : "cpu.cfs_quota_us") == (is_v2() ? "50000 100000" : "50000"));
  CHECK_FALSE(box.wait(0));
}

TEST_CASE("update: device rules take effect at once") {
  LimitSpec limits;
  limits.devices = {DeviceRule{}};
  Box box({"sleep"}, limits);
  box.must_start();
  LimitSpec more;
  more.devices = {DeviceRule{}, {true, 'c', 10, 229, DeviceRule::kAll, "/rule"}};
  CHECK(box.group().update(more));
  if (!is_v2()) {
    CHECK(minirun::read_line_of(box.place("devices") + "/devices.list", "c 10:229"));
    CHECK(box.group().update(limits));
    CHECK_FALSE(minirun::read_line_of(box.place("devices") + "/devices.list", "c 10:229"));
  }
}
