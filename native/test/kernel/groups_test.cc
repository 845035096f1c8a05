#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "core/cgroup_files.h"
#include "core/file.h"
#include "core/usage.h"
#include "test/kernel/box.h"

using minirun::Box;
using minirun::Cgroup;
using minirun::DeviceRule;
using minirun::LimitSpec;

namespace {

constexpr int64_t kMiB = 1 << 20;

bool is_v2() {
  return Box::host().version == 2;
}

LimitSpec pids(int64_t limit) {
  LimitSpec limits;
  limits.pids = limit;
  return limits;
}

/** A file on a block device, or such a device: the one that MINIRUN_TEST_DISK names, where the temporary
 * directory is not on any. */
std::string disk_for(const std::string& rootfs) {
  if (const char* disk = std::getenv("MINIRUN_TEST_DISK")) return disk;
  std::string file = rootfs + "/data";
  REQUIRE(minirun::replace_file(file, std::string(2 * kMiB, 'x'), 0644, minirun::Durability::synced));
  return file;
}

minirun::DeviceNumber number_of(const std::string& file) {
  struct stat status {};
  REQUIRE(::stat(file.c_str(), &status) == 0);
  dev_t device = S_ISBLK(status.st_mode) ? status.st_rdev : status.st_dev;
  return {major(device), minor(device)};
}

}  // namespace

TEST_CASE("pids: forks stop at the limit") {
  Box box({"fork", "30"}, pids(10));
  box.must_start();
  CHECK(box.line() == "9");
  auto usage = minirun::read_usage(box.group()).pids;
  CHECK(usage.current == 10);
  CHECK(usage.limit == 10);
}

TEST_CASE("io: reading stops at the rate") {
  // The first half a second's worth is free to be read at once.
  constexpr uint64_t kRate = 1 * kMiB;
  std::string disk;
  auto limited = [&disk](minirun::ContainerSpec& spec) {
    disk = disk_for(spec.rootfs);
    minirun::MountSpec mount;
    mount.destination = "/disk";
    mount.source = disk;
    mount.bind = true;
    spec.mounts.push_back(mount);
    spec.limits.block_io.rates = {
        {minirun::IoRate::read_bytes, number_of(disk), kRate, "/linux/resources/blockIO"}};
  };
  Box box({"read", "/disk", std::to_string(2 * kMiB)}, {}, limited);
  box.must_start();
  std::string took = box.line();
  CHECK_MESSAGE(std::atoi(took.c_str()) > 1000, "reading took " << took << " ms");
  uint64_t bytes = 0;
  for (const auto& count : minirun::read_usage(box.group()).io.service_bytes) {
    if (count.operation == "Read") bytes += count.value;
  }
  CHECK(bytes >= 2 * kMiB);
}

TEST_CASE("io: a weight is the scheduler's that this kernel has") {
  LimitSpec limits;
  limits.block_io.weight = 500;
  Box box({"sleep"}, limits);
  auto started = box.start();
  REQUIRE_MESSAGE(started, started.error().step << " " << started.error().subject);
  std::string weight = is_v2() ? box.text("io", "io.bfq.weight") + box.text("io", "io.weight")
                               : box.text("blkio", "blkio.bfq.weight") + box.text("blkio", "blkio.weight");
  CHECK((weight == "500" || weight == "default 500" || weight == "default 4950"));
}

TEST_CASE("hugetlb: a limit is enforced, or an error that names what is missing") {
  LimitSpec limits;
  limits.hugepages = {{"2MB", 4 * kMiB, "/linux/resources/hugepageLimits/0"}};
  Box box({"sleep"}, limits);
  auto started = box.start();
  if (Box::host().offers("hugetlb")) {
    REQUIRE(started);
    CHECK(box.text("hugetlb", is_v2() ? "hugetlb.2MB.max" : "hugetlb.2MB.limit_in_bytes") ==
          std::to_string(4 * kMiB));
  } else {
    REQUIRE_FALSE(started);
    CHECK(started.error().subject == "controller hugetlb");
    CHECK(started.error().code == EOPNOTSUPP);
  }
}

TEST_CASE("devices: rules are the kernel's, and change while the container runs") {
  LimitSpec limits;
  DeviceRule deny;
  limits.devices = {deny};
  Box box({"mknod", "/dev/one", "10", "229"}, limits);
  box.must_start();
  CHECK(box.line() == "EPERM");

  limits.devices.push_back({true, 'c', 10, 229, DeviceRule::kMknod | DeviceRule::kRead, "/rule"});
  Box made({"mknod", "/dev/one", "10", "229"}, limits);
  made.must_start();
  CHECK(made.line() == "ok");

  Box null({"open", "/dev/null", "w"}, limits);
  null.must_start();
  CHECK(null.line() == "ok");
}

TEST_CASE("freezer: nothing runs until all go on") {
  Box box({"spin"});
  box.must_start();
  auto used = [&box] { return box.group().stats().cpu_usage_ns.value_or(0); };
  REQUIRE(box.group().freeze(true));
  CHECK(*box.group().is_frozen());
  uint64_t before = used();
  minirun::sleep_ms(100);
  CHECK(used() == before);
  REQUIRE(box.group().freeze(false));
  CHECK_FALSE(*box.group().is_frozen());
  CHECK(minirun::eventually([&] {
    minirun::sleep_ms(50);
    return used() > before;
  }));
  REQUIRE(box.group().freeze(true));  // and is killed like this by its end
}
