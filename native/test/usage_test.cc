#include "core/usage.h"

#include <doctest/doctest.h>

#include "core/file.h"
#include "test/temporary_directory.h"

using minirun::Cgroup;
using minirun::TemporaryDirectory;

namespace {

/** A group in `tree` with these files, of a host with one hierarchy. */
minirun::Usage usage_of(int version, const std::vector<std::string>& controllers,
                        const std::vector<std::pair<std::string, std::string>>& files) {
  TemporaryDirectory tree;
  REQUIRE(minirun::make_directories(tree / "x", 0755));
  for (const auto& [name, text] : files)
    REQUIRE(minirun::replace_file(tree / ("x/" + name), text, 0644, minirun::Durability::none));
  return minirun::read_usage(*Cgroup::open({version, {{tree.path(), controllers}}}, "/x"));
}

}  // namespace

TEST_CASE("v1: usage as the kernel's files have it") {
  auto usage =
      usage_of(1, {"cpu", "cpuacct", "memory", "pids", "blkio", "cpuset"},
               {{"cpuacct.usage", "1000\n"},
                {"cpuacct.usage_user", "600\n"},
                {"cpuacct.usage_sys", "400\n"},
                {"cpuacct.usage_percpu", "700 300 \n"},
                {"cpu.stat", "nr_periods 4\nnr_throttled 2\nthrottled_time 9\nnr_bursts 1\nburst_time 5\n"},
                {"cpuset.effective_cpus", "0-2,5\n"},
                {"memory.usage_in_bytes", "10\n"},
                {"memory.max_usage_in_bytes", "20\n"},
                {"memory.limit_in_bytes", "9223372036854771712\n"},
                {"memory.failcnt", "3\n"},
                {"memory.memsw.usage_in_bytes", "15\n"},
                {"memory.memsw.limit_in_bytes", "30\n"},
                {"memory.stat", "cache 1\ntotal_cache 7\n"},
                {"memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n"},
                {"pids.current", "2\n"},
                {"pids.max", "max\n"},
                {"blkio.throttle.io_serviced_recursive", "8:0 Read 3\n8:0 Total 3\nTotal 3\n"},
                {"blkio.bfq.io_serviced_recursive", "Total 0\n"},
                {"blkio.bfq.sectors_recursive", "8:0 44\n"}});
  CHECK(usage.cpu.total_ns == 1000);
  CHECK(usage.cpu.user_ns == 600);
  CHECK(usage.cpu.kernel_ns == 400);
  CHECK(usage.cpu.per_cpu_ns == std::vector<uint64_t>{700, 300});
  CHECK(usage.cpu.throttled_ns == 9);
  CHECK(usage.cpu.bursts == 1);
  CHECK(usage.cpuset.cpus == std::vector<uint32_t>{0, 1, 2, 5});
  CHECK(usage.memory.memory.usage == 10);
  CHECK(usage.memory.memory.limit == UINT64_MAX);
  CHECK(usage.memory.memory.failures == 3);
  CHECK(usage.memory.swap.limit == 30);
  CHECK(usage.memory.swap_only.usage == 5);
  CHECK_FALSE(usage.memory.kernel.usage);
  CHECK(usage.memory.cache == 7);
  CHECK(usage.memory.oom_kills == 2);
  CHECK(usage.memory.raw.at("cache") == 1);
  CHECK(usage.pids.current == 2);
  CHECK(usage.pids.limit == UINT64_MAX);
  REQUIRE(usage.io.serviced.size() == 2);
  CHECK(usage.io.serviced[0].operation == "Read");
  CHECK(usage.io.serviced[0].value == 3);
  REQUIRE(usage.io.sectors.size() == 1);
  CHECK(usage.io.sectors[0].operation == "");
  CHECK(usage.io.sectors[0].value == 44);
}

TEST_CASE("v2: usage as the kernel's files have it") {
  auto usage =
      usage_of(2, {"cpu", "memory", "pids", "io"},
               {{"cpu.stat", "usage_usec 5\nuser_usec 3\nsystem_usec 2\nnr_bursts 1\nburst_usec 4\n"},
                {"cpu.pressure", "some avg10=1.50 avg60=0.25 avg300=0.00 total=77\n"},
                {"cpuset.cpus.effective", "1\n"},
                {"memory.current", "10\n"},
                {"memory.max", "max\n"},
                {"memory.events", "low 0\nhigh 1\nmax 6\noom 2\noom_kill 1\n"},
                {"memory.swap.current", "5\n"},
                {"memory.swap.max", "100\n"},
                {"memory.stat", "anon 1\nfile 7\nkernel 4\nsock 2\n"},
                {"memory.pressure",
                 "some avg10=0.00 avg60=0.00 avg300=0.00 total=1\n"
                 "full avg10=2.00 avg60=0.00 avg300=0.00 total=9\n"},
                {"pids.current", "2\n"},
                {"pids.max", "32\n"},
                {"io.stat", "8:0 rbytes=10 wbytes=20 rios=1 wios=2 dbytes=0 dios=0\n7:0 \n"},
                {"rdma.max", "mlx5_1 hca_handle=3 hca_object=max\n"}});
  CHECK(usage.cpu.total_ns == 5000);
  CHECK(usage.cpu.burst_ns == 4000);
  REQUIRE(usage.cpu.pressure.some);
  CHECK(usage.cpu.pressure.some->avg10 == 1.5);
  CHECK(usage.cpu.pressure.some->total_us == 77);
  CHECK_FALSE(usage.cpu.pressure.full);
  CHECK(usage.cpuset.cpus == std::vector<uint32_t>{1});
  CHECK(usage.memory.memory.usage == 10);
  CHECK(usage.memory.memory.limit == UINT64_MAX);
  CHECK(usage.memory.memory.failures == 6);
  CHECK(usage.memory.swap.usage == 15);
  CHECK(usage.memory.swap.limit == UINT64_MAX);
  CHECK(usage.memory.swap_only.limit == 100);
  CHECK(usage.memory.cache == 7);
  CHECK(usage.memory.kernel.usage == 4);
  CHECK(usage.memory.oom_kills == 1);
  CHECK(usage.memory.pressure.full->total_us == 9);
  CHECK(usage.pids.limit == 32);
  REQUIRE(usage.io.service_bytes.size() == 3);
  CHECK(usage.io.service_bytes[1].operation == "Write");
  CHECK(usage.io.service_bytes[1].value == 20);
  CHECK(usage.rdma.limit["mlx5_1"]["hca_handle"] == 3);
  CHECK(usage.rdma.limit["mlx5_1"]["hca_object"] == UINT64_MAX);
}

TEST_CASE("a group that isn't there uses nothing that is known of") {
  for (int version : {0, 1, 2}) {
    auto usage = minirun::read_usage(*Cgroup::open({version, {}}, "/x"));
    CHECK_FALSE(usage.cpu.total_ns);
    CHECK_FALSE(usage.memory.memory.usage);
    CHECK(usage.io.serviced.empty());
  }
}

TEST_CASE("lists of processors that make no sense end") {
  CHECK(minirun::parse_list("5-1").empty());
  CHECK(minirun::parse_list("0-18446744073709551615").empty());
  CHECK(minirun::parse_list("x,3,\n9") == std::vector<uint32_t>{3});
  CHECK(minirun::parse_list("0-65535,0-65535").size() == 65536);
}
