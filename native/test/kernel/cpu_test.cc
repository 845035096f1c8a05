#include <doctest/doctest.h>

#include <cmath>

#include "core/file.h"
#include "core/trace.h"
#include "test/kernel/box.h"

using minirun::Box;
using minirun::LimitSpec;

namespace {

double used_ns(Box& box) {
  return static_cast<double>(box.group().stats().cpu_usage_ns.value_or(0));
}

/** The processors that a box uses, over a while. */
double cores(Box& box, int milliseconds) {
  double used = used_ns(box);
  int64_t start = minirun::monotonic_ns();
  minirun::sleep_ms(milliseconds);
  return (used_ns(box) - used) / static_cast<double>(minirun::monotonic_ns() - start);
}

/** Puts all boxes before whatever else this machine has to do. */
void prefer_boxes(Box& box) {
  std::string above = box.place("cpu") + "/..";
  bool v2 = Box::host().version == 2;
  CHECK(minirun::write_control(above + (v2 ? "/cpu.weight" : "/cpu.shares"), v2 ? "10000" : "262144"));
}

LimitSpec cpu(const std::function<void(minirun::CpuLimits&)>& change) {
  LimitSpec limits;
  change(limits.cpu);
  return limits;
}

}  // namespace

TEST_CASE("cpu: a quota of half a processor is half a processor, within 5 %") {
  Box box({"spin"}, cpu([](auto& cpu) {
            cpu.quota_us = 20'000;
            cpu.period_us = 40'000;
            cpu.cpus = "0";  // the kernel hands a quota out in slices, and loses some on the way to another
          }));
  box.must_start();
  prefer_boxes(box);
  minirun::sleep_ms(100);
  double share = 0;
  bool held = minirun::eventually([&] {
    share = cores(box, 1'000);
    return std::abs(share - 0.5) <= 0.025;
  });
  CHECK_MESSAGE(held, "used " << share);
  CHECK(box.group().stats().cpu_throttled_periods.value_or(0) > 0);
}

TEST_CASE("cpu: two containers share a processor by their weights") {
  auto with = [](uint64_t shares) {
    return cpu([shares](auto& cpu) {
      cpu.shares = shares;
      cpu.cpus = "0";
    });
  };
  Box heavy({"spin"}, with(4096));
  Box light({"spin"}, with(1024));
  heavy.must_start();
  light.must_start();
  bool v2 = Box::host().version == 2;
  CHECK(heavy.text("cpu", v2 ? "cpu.weight" : "cpu.shares") == (v2 ? "303" : "4096"));
  double wanted = v2 ? 3.03 : 4;
  double ratio = 0;
  bool held = minirun::eventually([&] {
    double used[] = {used_ns(heavy), used_ns(light)};
    minirun::sleep_ms(600);
    ratio = (used_ns(heavy) - used[0]) / (used_ns(light) - used[1]);
    return ratio > wanted * 0.75 && ratio < wanted * 1.33;
  });
  CHECK_MESSAGE(held, "the heavy one used " << ratio << " times as much, and not " << wanted);
}

TEST_CASE("cpu: the kernel has the limits that were asked for") {
  bool v2 = Box::host().version == 2;
  Box box({"sleep"}, cpu([](auto& cpu) {
            cpu.quota_us = 50'000;
            cpu.period_us = 100'000;
            cpu.burst_us = 10'000;
            cpu.cpus = "0";
            cpu.mems = "0";
          }));
  box.must_start();
  CHECK(box.text("cpu", v2 ? "cpu.max" : "cpu.cfs_quota_us") == (v2 ? "50000 100000" : "50000"));
  CHECK(box.text("cpu", v2 ? "cpu.max.burst" : "cpu.cfs_burst_us") == "10000");
  CHECK(box.text("cpuset", "cpuset.cpus") == "0");
  CHECK(box.text("cpuset", "cpuset.mems") == "0");
  Box idle({"sleep"}, cpu([](auto& cpu) { cpu.idle = 1; }));
  idle.must_start();
  CHECK(idle.text("cpu", "cpu.idle") == "1");
}

TEST_CASE("cpu: what the kernel refuses is an error that names the limit") {
  Box box({"sleep"}, cpu([](auto& cpu) { cpu.cpus = "4095"; }));
  auto refused = box.start();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().step == "cpus");
  CHECK(refused.error().call == "write");
  CHECK(refused.error().code != 0);
}
