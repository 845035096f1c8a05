#include <doctest/doctest.h>

#include "core/cgroup.h"
#include "core/file.h"
#include "test/temporary_directory.h"

using minirun::Cgroup;
using minirun::CgroupHost;
using minirun::IoRate;
using minirun::LimitSpec;
using minirun::TemporaryDirectory;

namespace {

const CgroupHost kV1{1,
                     {{"/m", {"memory"}},
                      {"/c", {"cpu", "cpuacct"}},
                      {"/s", {"cpuset"}},
                      {"/p", {"pids"}},
                      {"/b", {"blkio"}},
                      {"/h", {"hugetlb"}},
                      {"/r", {"rdma"}},
                      {"/n", {"net_cls", "net_prio"}}}};
const CgroupHost kV2{2, {{"/u", {"memory", "cpu", "cpuset", "pids", "io", "hugetlb", "rdma", "misc"}}}};

/** The writes for limits, as lines of "FILE=VALUE" below the group /x; an error as its setting and its words.
 */
std::vector<std::string> writes(const CgroupHost& host, const LimitSpec& limits) {
  auto all = Cgroup::open(host, "/x")->limit_writes(limits);
  if (!all) return {all.error().subject + ": " + all.error().note};
  std::vector<std::string> lines;
  for (const auto& write : *all) {
    std::string line;
    for (const auto& choice : write.choices)
      line += (line.empty() ? "" : " | ") + choice.file + "=" + choice.value;
    CHECK(!write.name.empty());
    CHECK(write.setting.starts_with("/linux/resources/"));
    lines.push_back(line);
  }
  return lines;
}

using Lines = std::vector<std::string>;

/** Whether the limits are refused, with an error that begins so. */
bool refused(const CgroupHost& host, const LimitSpec& limits, const std::string& start) {
  auto lines = writes(host, limits);
  return lines.size() == 1 && lines[0].starts_with(start);
}

}  // namespace

TEST_CASE("memory on v1: its limit comes before that of memory and swap together") {
  LimitSpec limits;
  limits.memory.limit = 1000;
  limits.memory.reservation = 500;
  limits.memory.kernel = -1;
  limits.memory.kernel_tcp = 100;
  limits.memory.swappiness = 0;
  limits.memory.disable_oom_killer = true;
  limits.memory.use_hierarchy = true;
  CHECK(writes(kV1, limits) == Lines{"/m/x/memory.limit_in_bytes=1000", "/m/x/memory.soft_limit_in_bytes=500",
                                     "/m/x/memory.kmem.tcp.limit_in_bytes=100", "/m/x/memory.swappiness=0",
                                     "/m/x/memory.oom_control=1"});
  TemporaryDirectory tree;  // a root of the hierarchy that counts swap
  REQUIRE(minirun::replace_file(tree / "memory.memsw.limit_in_bytes", "", 0644, minirun::Durability::none));
  LimitSpec swap;
  swap.memory.limit = 1000;
  swap.memory.swap = -1;
  CHECK(writes({1, {{tree.path(), {"memory"}}}}, swap) ==
        Lines{tree / "x/memory.limit_in_bytes=1000", tree / "x/memory.memsw.limit_in_bytes=-1"});
}

TEST_CASE("memory on v2: swap is the sum without the memory, a reservation is memory.low") {
  LimitSpec limits;
  limits.memory.limit = 1000;
  limits.memory.reservation = 500;
  limits.memory.swap = 1500;
  limits.memory.kernel = limits.memory.kernel_tcp = -1;
  limits.memory.disable_oom_killer = false;
  CHECK(writes(kV2, limits) ==
        Lines{"/u/x/memory.max=1000", "/u/x/memory.swap.max=500", "/u/x/memory.low=500"});
  limits.memory.swap = -1;
  limits.memory.limit = -1;
  limits.memory.reservation.reset();
  CHECK(writes(kV2, limits) == Lines{"/u/x/memory.max=max", "/u/x/memory.swap.max=max"});
}

TEST_CASE("what a version of control groups has not got is refused, and the setting named") {
  auto with = [](auto change) {
    LimitSpec limits;
    change(limits);
    return limits;
  };
  auto kernel = with([](auto& limits) { limits.memory.kernel = 1 << 20; });
  auto flat = with([](auto& limits) { limits.memory.use_hierarchy = false; });
  for (const auto& host : {kV1, kV2}) {
    CHECK(refused(host, kernel, "/linux/resources/memory/kernel: "));
    CHECK(refused(host, flat, "/linux/resources/memory/useHierarchy: "));
  }
  auto on_v2 = [&with](auto change, const char* setting) {
    return refused(kV2, with(change), std::string("/linux/resources/") + setting + ": ");
  };
  CHECK(on_v2([](auto& limits) { limits.memory.kernel_tcp = 1; }, "memory/kernelTCP"));
  CHECK(on_v2([](auto& limits) { limits.memory.swappiness = 0; }, "memory/swappiness"));
  CHECK(on_v2([](auto& limits) { limits.memory.disable_oom_killer = true; }, "memory/disableOOMKiller"));
  CHECK(on_v2([](auto& limits) { limits.memory.swap = 1; }, "memory/swap"));
  CHECK(on_v2([](auto& limits) { limits.cpu.realtime_period_us = 1; }, "cpu/realtimePeriod"));
  CHECK(on_v2([](auto& limits) { limits.block_io.leaf_weight = 10; }, "blockIO/leafWeight"));
  CHECK(on_v2([](auto& limits) { limits.network.class_id = 1; }, "network"));
  auto unified = with([](auto& limits) {
    limits.unified.push_back({"memory.high", "1", "/linux/resources/unified"});
  });
  CHECK(refused(kV1, unified, "/linux/resources/unified: "));
}

TEST_CASE("a limit without its controller is an error that names it") {
  LimitSpec limits;
  limits.pids = 10;
  CHECK(refused({1, {{"/c", {"cpu"}}}}, limits, "controller pids: "));
  LimitSpec unified;
  unified.unified.push_back({"hugetlb.2MB.max", "1", "/linux/resources/unified/hugetlb.2MB.max"});
  CHECK(refused({2, {{"/u", {"cpu"}}}}, unified, "controller hugetlb: "));
  CHECK(refused({0, {}}, limits, "controller pids: no control groups"));
}

TEST_CASE("cpu: shares before idle, period before quota before burst") {
  LimitSpec limits;
  limits.cpu.shares = 512;
  limits.cpu.idle = 0;
  limits.cpu.period_us = 50'000;
  limits.cpu.quota_us = 25'000;
  limits.cpu.burst_us = 1'000;
  limits.cpu.cpus = "0-1";
  limits.cpu.mems = "0";
  CHECK(writes(kV2, limits) == Lines{"/u/x/cpu.weight=59", "/u/x/cpu.idle=0", "/u/x/cpu.max=25000 50000",
                                     "/u/x/cpu.max.burst=1000", "/u/x/cpuset.cpus=0-1",
                                     "/u/x/cpuset.mems=0"});
  limits.cpu.realtime_period_us = 1'000'000;
  limits.cpu.realtime_runtime_us = 1'000;
  CHECK(writes(kV1, limits) == Lines{"/c/x/cpu.shares=512", "/c/x/cpu.idle=0", "/c/x/cpu.cfs_period_us=50000",
                                     "/c/x/cpu.cfs_quota_us=25000", "/c/x/cpu.cfs_burst_us=1000",
                                     "/c/x/cpu.rt_period_us=1000000", "/c/x/cpu.rt_runtime_us=1000",
                                     "/s/x/cpuset.cpus=0-1", "/s/x/cpuset.mems=0"});
}

TEST_CASE("shares become weights: least, usual and greatest are the same of both") {
  auto weight = [](uint64_t shares) {
    LimitSpec limits;
    limits.cpu.shares = shares;
    return writes(kV2, limits)[0].substr(sizeof "/u/x/cpu.weight=" - 1);
  };
  CHECK(weight(1) == "1");
  CHECK(weight(2) == "1");
  CHECK(weight(1024) == "100");
  CHECK(weight(262144) == "10000");
  CHECK(weight(1'000'000) == "10000");
}

TEST_CASE("cpu on v2: of quota and period, what isn't asked for stays as it is") {
  TemporaryDirectory tree;
  REQUIRE(minirun::make_directories(tree / "x", 0755));
  REQUIRE(minirun::replace_file(tree / "x/cpu.max", "5000 20000\n", 0644, minirun::Durability::none));
  CgroupHost host{2, {{tree.path(), {"cpu"}}}};
  LimitSpec quota;
  quota.cpu.quota_us = 7000;
  CHECK(writes(host, quota) == Lines{tree / "x/cpu.max=7000 20000"});
  LimitSpec period;
  period.cpu.period_us = 30000;
  CHECK(writes(host, period) == Lines{tree / "x/cpu.max=5000 30000"});
  quota.cpu.quota_us = -1;
  CHECK(writes(kV2, quota) == Lines{"/u/x/cpu.max=max 100000"});
}

TEST_CASE("block I/O: weights of the scheduler that is there, rates of a device") {
  LimitSpec limits;
  auto& io = limits.block_io;
  io.weight = 500;
  io.device_weights = {{{8, 0}, uint16_t{1000}, {}, "/linux/resources/blockIO/weightDevice/0"}};
  io.rates = {{IoRate::read_bytes, {8, 0}, 1024, "/linux/resources/blockIO/throttleReadBpsDevice/0"},
              {IoRate::write_operations, {8, 16}, 0, "/linux/resources/blockIO/throttleWriteIOPSDevice/0"}};
  CHECK(writes(kV1, limits) ==
        Lines{"/b/x/blkio.bfq.weight=500 | /b/x/blkio.weight=500",
              "/b/x/blkio.bfq.weight_device=8:0 1000 | /b/x/blkio.weight_device=8:0 1000",
              "/b/x/blkio.throttle.read_bps_device=8:0 1024",
              "/b/x/blkio.throttle.write_iops_device=8:16 0"});
  CHECK(writes(kV2, limits) == Lines{"/u/x/io.bfq.weight=500 | /u/x/io.weight=default 4950",
                                     "/u/x/io.bfq.weight=8:0 1000 | /u/x/io.weight=8:0 10000",
                                     "/u/x/io.max=8:0 rbps=1024", "/u/x/io.max=8:16 wiops=max"});
}

TEST_CASE("pids, huge pages, rdma, network, and files by their names") {
  LimitSpec limits;
  limits.pids = -1;
  limits.hugepages = {{"2MB", 4096, "/linux/resources/hugepageLimits/0"}};
  limits.rdma = {{"mlx5_1", 3, {}, "/linux/resources/rdma/mlx5_1"}};
  auto v2 = limits;
  limits.network.class_id = 7;
  limits.network.priorities = {{"eth0", 5, "/linux/resources/network/priorities/0"}};
  CHECK(writes(kV1, limits) ==
        Lines{"/p/x/pids.max=max", "/h/x/hugetlb.2MB.limit_in_bytes=4096",
              "/h/x/hugetlb.2MB.rsvd.limit_in_bytes=4096 | /h/x/hugetlb.2MB.limit_in_bytes=4096",
              "/r/x/rdma.max=mlx5_1 hca_handle=3", "/n/x/net_cls.classid=7",
              "/n/x/net_prio.ifpriomap=eth0 5"});
  v2.unified = {{"memory.high", "1000", "/linux/resources/unified/memory.high"},
                {"io.max", "8:0 rbps=1\n8:16 wbps=2", "/linux/resources/unified/io.max"}};
  CHECK(writes(kV2, v2) == Lines{"/u/x/pids.max=max", "/u/x/hugetlb.2MB.max=4096",
                                 "/u/x/hugetlb.2MB.rsvd.max=4096 | /u/x/hugetlb.2MB.max=4096",
                                 "/u/x/rdma.max=mlx5_1 hca_handle=3", "/u/x/memory.high=1000",
                                 "/u/x/io.max=8:0 rbps=1", "/u/x/io.max=8:16 wbps=2"});
}

TEST_CASE("the first file that this kernel has is written, and a line of several is put back alone") {
  TemporaryDirectory tree;
  auto file = [&tree](const char* name, const char* text) {
    REQUIRE(minirun::replace_file(tree / name, text, 0644, minirun::Durability::none));
  };
  file("io.weight", "default 100\n8:0 50\n");
  auto text = [&tree](const char* name) { return *minirun::read_file(tree / name); };
  minirun::LimitWrite weight{"io weight",
                             "",
                             {{tree / "io.bfq.weight", "8:0 1"}, {tree / "io.weight", "8:0 70"}},
                             "8:0",
                             "8:0 default"};
  CHECK(minirun::write_limits({weight}));
  CHECK(text("io.weight").starts_with("8:0 70"));
  file("io.weight", "default 100\n8:0 50\n");
  minirun::LimitWrite missing{"pids limit", "", {{tree / "pids.max", "1"}}, "", ""};
  auto failed = minirun::write_limits({weight, missing});
  REQUIRE_FALSE(failed);
  CHECK(failed.error().step == "pids limit");
  CHECK(failed.error().code == ENOENT);
  CHECK(text("io.weight").starts_with("8:0 50"));
}
