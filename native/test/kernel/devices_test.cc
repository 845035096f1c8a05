#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "core/file.h"
#include "test/kernel/box.h"

using minirun::Box;
using minirun::ContainerSpec;
using minirun::DeviceSpec;

namespace {

/** Ids of the container's root and those after it, where it has a user namespace. */
constexpr uint32_t kFirstId = 700'000;

void in_user_namespace(ContainerSpec& spec) {
  spec.namespaces.user.origin = minirun::NamespaceSpec::created;
  spec.mappings.uids = spec.mappings.gids = {{0, kFirstId, 1000}};
  for (const char* place : {"", "/dev", "/program"}) {  // mount points are the container's root's to make
    REQUIRE(::chown((spec.rootfs + place).c_str(), kFirstId, kFirstId) == 0);
    REQUIRE(::chmod((spec.rootfs + place).c_str(), 0755) == 0);
  }
}

const std::vector<DeviceSpec> kDevices = {
    {"/dev/net/tun", 'c', {10, 200}, 0660, 5, 6, "/linux/devices/0"},
    {"/dev/null", 'c', {1, 3}, 0600, 0, 0, "/linux/devices/1"},
    {"/dev/disk", 'b', {7, 200}, 0640, 0, 0, "/linux/devices/2"},
    {"/dev/pipe", 'p', {}, 0622, 0, 0, "/linux/devices/3"},
    {"/srv/nodes/zero", 'c', {1, 5}, 0666, 0, 7, "/linux/devices/4"},
    {"/srv/nodes/pipe", 'p', {}, 0600, 0, 0, "/linux/devices/5"},
};

std::vector<std::string> all_paths() {
  std::vector<std::string> words{"stat"};
  for (const auto& device : kDevices) words.push_back(device.path);
  words.push_back("/dev/tty");
  return words;
}

void check_all(Box& box) {
  CHECK(box.line() == "c 10:200 660 5:6");
  CHECK(box.line() == "c 1:3 600 0:0");
  CHECK(box.line() == "b 7:200 640 0:0");
  CHECK(box.line() == "p 0:0 622 0:0");
  CHECK(box.line() == "c 1:5 666 0:7");
  CHECK(box.line() == "p 0:0 600 0:0");
  CHECK(box.line() == "c 5:0 666 0:0");
}

}  // namespace

TEST_CASE("devices: every type, in /dev and elsewhere, with mode and owners, whatever the umask is") {
  ::umask(077);
  auto give = [](ContainerSpec& spec) { spec.devices = kDevices; };
  SUBCASE("with the machine's ids") {
    Box box(all_paths(), {}, give);
    check_all(box.must_start());
  }
  SUBCASE("in a user namespace, as that sees them") {
    Box box(all_paths(), {}, [&](ContainerSpec& spec) {
      give(spec);
      in_user_namespace(spec);
    });
    check_all(box.must_start());
  }
  ::umask(022);
}

TEST_CASE("devices: those that are there can be used, also in a user namespace") {
  for (bool own_ids : {false, true}) {
    auto change = [own_ids](ContainerSpec& spec) {
      spec.devices = {{"/srv/zero", 'c', {1, 5}, 0666, 0, 0, "/linux/devices/0"}};
      if (own_ids) in_user_namespace(spec);
    };
    for (const char* path : {"/srv/zero", "/dev/zero", "/dev/urandom"}) {
      Box box({"open", path, "r"}, {}, change);
      CHECK(box.must_start().line() == "ok");
    }
  }
}

TEST_CASE("devices: without a tmpfs on /dev the default ones are there nevertheless, again and again") {
  minirun::TemporaryDirectory directory;
  for (int start = 0; start < 2; ++start) {
    std::string rootfs;
    Box box({"stat", "/dev/null", "/dev/ptmx"}, {}, [&](ContainerSpec& spec) {
      spec.mounts.clear();
      // The same root filesystem twice: the second start finds what the first left in it.
      REQUIRE(minirun::make_directories(directory / "rootfs", 0755));
      REQUIRE(minirun::replace_file(directory / "rootfs/program", *minirun::read_file("/proc/self/exe"), 0755,
                                    minirun::Durability::none));
      spec.rootfs = directory / "rootfs";
    });
    CHECK(box.must_start().line() == "c 1:3 666 0:0");
    CHECK(box.line() == "ENOENT");  // a link to the devpts that the bundle doesn't mount
    CHECK(box.wait()->code == 0);
  }
  struct stat status {};
  REQUIRE(::stat((directory / "rootfs/dev/null").c_str(), &status) == 0);
  CHECK(S_ISREG(status.st_mode));  // no node in the root filesystem itself
}

TEST_CASE("devices: what the root filesystem has in their place is not overwritten, and leads nowhere") {
  auto refused = [](const std::function<void(const std::string&)>& prepare) {
    Box box({"sleep"}, {}, [&](ContainerSpec& spec) {
      REQUIRE(minirun::make_directories(spec.rootfs + "/srv", 0755));
      prepare(spec.rootfs + "/srv/node");
      spec.devices = {{"/srv/node", 'c', {1, 5}, 0666, 0, 0, "/linux/devices/0"}};
    });
    auto started = box.start();
    return started ? 0 : started.error().code;
  };
  CHECK(refused([](const std::string& path) {
          REQUIRE(minirun::replace_file(path, "content", 0644, minirun::Durability::none));
        }) == EEXIST);
  CHECK(refused([](const std::string& path) {
          REQUIRE(::mknod(path.c_str(), S_IFCHR | 0666, makedev(1, 11)) == 0);
        }) == EEXIST);
  CHECK(refused([](const std::string& path) { REQUIRE(::mkdir(path.c_str(), 0755) == 0); }) != 0);
  CHECK(refused([](const std::string& path) {
          REQUIRE(::mknod(path.c_str(), S_IFCHR | 0666, makedev(1, 5)) == 0);  // the same device
        }) == 0);
  minirun::TemporaryDirectory outside;
  CHECK(refused([&outside](const std::string& path) {
          REQUIRE(::symlink((outside / "made").c_str(), path.c_str()) == 0);
        }) != 0);
  CHECK(::access((outside / "made").c_str(), F_OK) < 0);
}
