#include <doctest/doctest.h>

#include "oci/config.h"

using minirun::DeviceRule;
using minirun::IoRate;
using minirun::LimitSpec;

namespace {

minirun::Result<minirun::ContainerSpec> parse(const std::string& linux) {
  return minirun::oci::parse_config(
      R"({"ociVersion": "1.2.0", "root": {"path": "rootfs"},
          "process": {"args": ["sh"], "cwd": "/", "user": {"uid": 0, "gid": 0}},
          "linux": {"namespaces": [{"type": "pid"}, {"type": "mount"}], )" +
          linux + "}}",
      "/bundle");
}

LimitSpec limits(const std::string& resources) {
  auto spec = parse("\"resources\": " + resources);
  REQUIRE_MESSAGE(spec, spec.error().subject << " " << spec.error().note);
  return spec->limits;
}

/** The JSON pointer, below linux.resources, of what is refused. */
std::string refused(const std::string& resources) {
  auto spec = parse("\"resources\": " + resources);
  constexpr std::string_view kStart = "/linux/resources/";
  if (spec) return "";
  CHECK(spec.error().subject.starts_with(kStart));
  return spec.error().subject.substr(kStart.size());
}

}  // namespace

TEST_CASE("every limit of the specification is read") {
  auto all = limits(R"({
    "memory": {"limit": 10, "reservation": 5, "swap": 20, "kernel": -1, "kernelTCP": 7, "swappiness": 60,
               "disableOOMKiller": true, "useHierarchy": true, "checkBeforeUpdate": true},
    "cpu": {"shares": 1024, "quota": 50000, "burst": 1000, "period": 100000, "realtimeRuntime": 950,
            "realtimePeriod": 1000, "cpus": "2-3", "mems": "0", "idle": 1},
    "pids": {"limit": 32},
    "blockIO": {"weight": 10, "leafWeight": 20, "weightDevice": [{"major": 8, "minor": 0, "weight": 500}],
                "throttleReadBpsDevice": [{"major": 8, "minor": 1, "rate": 600}],
                "throttleWriteIOPSDevice": [{"major": 8, "minor": 16, "rate": 300}]},
    "hugepageLimits": [{"pageSize": "2MB", "limit": 209715200}],
    "network": {"classID": 1048577, "priorities": [{"name": "eth0", "priority": 500}]},
    "rdma": {"mlx5_1": {"hcaHandles": 3, "hcaObjects": 10000}},
    "unified": {"memory.high": "100", "io.max": "8:0 rbps=1"},
    "devices": [{"allow": false, "access": "rwm"}, {"allow": true, "type": "c", "major": 10, "minor": -1, "access": "r"}]
  })");
  CHECK(all.memory.limit == 10);
  CHECK(all.memory.reservation == 5);
  CHECK(all.memory.swap == 20);
  CHECK(all.memory.kernel == -1);
  CHECK(all.memory.kernel_tcp == 7);
  CHECK(all.memory.swappiness == 60);
  CHECK(all.memory.disable_oom_killer == true);
  CHECK(all.memory.use_hierarchy == true);
  CHECK(all.memory.check_before_update);
  CHECK(all.cpu.shares == 1024);
  CHECK(all.cpu.burst_us == 1000);
  CHECK(all.cpu.realtime_runtime_us == 950);
  CHECK(all.cpu.realtime_period_us == 1000);
  CHECK(all.cpu.cpus == "2-3");
  CHECK(all.cpu.mems == "0");
  CHECK(all.cpu.idle == 1);
  CHECK(all.pids == 32);
  CHECK(all.block_io.weight == 10);
  CHECK(all.block_io.leaf_weight == 20);
  REQUIRE(all.block_io.device_weights.size() == 1);
  CHECK(all.block_io.device_weights[0].weight == 500);
  REQUIRE(all.block_io.rates.size() == 2);
  CHECK(all.block_io.rates[0].what == IoRate::read_bytes);
  CHECK(minirun::to_string(all.block_io.rates[1].device) == "8:16");
  CHECK(all.block_io.rates[1].what == IoRate::write_operations);
  CHECK(all.hugepages[0].page_size == "2MB");
  CHECK(all.network.class_id == 1048577);
  CHECK(all.network.priorities[0].priority == 500);
  CHECK(all.rdma[0].handles == 3);
  REQUIRE(all.unified.size() == 2);
  CHECK(all.unified[1].setting == "/linux/resources/unified/memory.high");
  REQUIRE(all.devices.size() == 2);
  CHECK(all.devices[0].type == 'a');
  CHECK_FALSE(all.devices[0].major);
  CHECK(all.devices[0].access == DeviceRule::kAll);
  CHECK(all.devices[1].major == 10);
  CHECK_FALSE(all.devices[1].minor);
  CHECK(all.devices[1].access == DeviceRule::kRead);
}

TEST_CASE("0 is not set where a limit of nothing would have no meaning") {
  auto none = limits(R"({"memory": {"limit": 0, "swap": 0, "reservation": 0}, "blockIO": {"weight": 0},
    "cpu": {"shares": 0, "quota": 0, "period": 0, "realtimePeriod": 0, "realtimeRuntime": 0}, "pids": {"limit": 0}})");
  CHECK_FALSE(none.memory.limit);
  CHECK_FALSE(none.memory.swap);
  CHECK_FALSE(none.memory.reservation);
  CHECK_FALSE(none.cpu.shares);
  CHECK_FALSE(none.cpu.quota_us);
  CHECK_FALSE(none.cpu.period_us);
  CHECK_FALSE(none.cpu.realtime_runtime_us);
  CHECK_FALSE(none.block_io.weight);
  CHECK(none.pids == 0);
}

TEST_CASE("a limit that is none is named by its JSON pointer") {
  CHECK(refused(R"({"memory": {"limit": "1G"}})") == "memory/limit");
  CHECK(refused(R"({"memory": {"limit": 100, "swap": 50}})") == "memory/swap");
  CHECK(refused(R"({"memory": {"limit": -1, "swap": 50}})") == "memory/swap");
  CHECK(refused(R"({"memory": {"limit": 100, "swap": -1}})") == "");
  CHECK(refused(R"({"memory": {"swappiness": 101}})") == "memory/swappiness");
  CHECK(refused(R"({"cpu": {"shares": -1}})") == "cpu/shares");
  CHECK(refused(R"({"cpu": {"quota": 100, "burst": 200}})") == "cpu/burst");
  CHECK(refused(R"({"cpu": {"idle": 2}})") == "cpu/idle");
  CHECK(refused(R"({"pids": {"limit": -2}})") == "pids/limit");
  CHECK(refused(R"({"blockIO": {"weight": 5}})") == "blockIO/weight");
  CHECK(refused(R"({"blockIO": {"weight": 70000}})") == "blockIO/weight");
  CHECK(refused(R"({"blockIO": {"weightDevice": [{"major": 8, "minor": 0}]}})") == "blockIO/weightDevice/0");
  CHECK(refused(R"({"blockIO": {"throttleReadBpsDevice": [{"major": 8, "rate": 1}]}})") ==
        "blockIO/throttleReadBpsDevice/0/minor");
  CHECK(refused(R"({"hugepageLimits": [{"pageSize": "2M/../x", "limit": 1}]})") ==
        "hugepageLimits/0/pageSize");
  CHECK(refused(R"({"hugepageLimits": [{"pageSize": "2MB"}]})") == "hugepageLimits/0/limit");
  CHECK(refused(R"({"rdma": {"mlx5_1": {}}})") == "rdma/mlx5_1");
  CHECK(refused(R"({"unified": {"../x/memory.max": "1"}})") == "unified/..~1x~1memory.max");
  CHECK(refused(R"({"unified": {"memory.max": 1}})") == "unified/memory.max");
  CHECK(refused(R"({"devices": [{"access": "rwm"}]})") == "devices/0/allow");
  CHECK(refused(R"({"devices": [{"allow": true, "type": "p"}]})") == "devices/0/type");
  CHECK(refused(R"({"devices": [{"allow": true, "access": "rx"}]})") == "devices/0/access");
}

TEST_CASE("a cgroupsPath is absolute, relative or left out, and never leads upwards") {
  auto path = [](const char* text) {
    auto spec = parse(std::string("\"cgroupsPath\": ") + text);
    return spec ? spec->cgroup_path : "refused: " + spec.error().subject;
  };
  CHECK(path("\"/minirun/x\"") == "/minirun/x");
  CHECK(path("\"boxes/x\"") == "boxes/x");
  CHECK(path("\"machine.slice:libpod:1\"") == "machine.slice:libpod:1");
  CHECK(path("\"\"") == "");
  CHECK(path("\"/\"") == "refused: /linux/cgroupsPath");
  CHECK(path("\"/a/../b\"") == "refused: /linux/cgroupsPath");
}
