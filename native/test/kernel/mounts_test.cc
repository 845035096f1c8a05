#include <doctest/doctest.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/cgroup_files.h"
#include "core/file.h"
#include "test/kernel/box.h"

using minirun::Box;
using minirun::ContainerSpec;

namespace {

bool is_v2() {
  return Box::host().version == 2;
}

void mount_groups(ContainerSpec& spec, const char* type, bool read_only) {
  REQUIRE(minirun::make_directories(spec.rootfs + "/sys/fs/cgroup", 0755));
  minirun::MountSpec mount;
  mount.destination = "/sys/fs/cgroup";
  mount.type = mount.source = type;
  if (read_only) mount.attributes.set = MOUNT_ATTR_RDONLY;
  spec.mounts.push_back(mount);
}

}  // namespace

TEST_CASE(
    "cgroup mounts show the container its own group and none of the host's, whatever namespace it has") {
  std::string top = is_v2() ? "/sys/fs/cgroup" : "/sys/fs/cgroup/memory";
  for (bool own_namespace : {true, false}) {
    for (const char* type : {"cgroup", "cgroup2"}) {
      std::vector<std::string> paths = {"stat", top + "/memory.stat", top + Box::group_root(),
                                        "/sys/fs/cgroup/cpuset"};
      Box box(paths, {}, [&](ContainerSpec& spec) {
        mount_groups(spec, type, true);
        if (own_namespace) spec.namespaces.cgroup.origin = minirun::NamespaceSpec::created;
      });
      CHECK(box.must_start().line().starts_with("- "));
      CHECK(box.line() == "ENOENT");
      CHECK(box.line() == "ENOENT");
    }
  }
}

TEST_CASE("cgroup mounts are as read-only as was asked for (CVE-2023-25809)") {
  std::string file = is_v2() ? "/sys/fs/cgroup/cgroup.procs" : "/sys/fs/cgroup/memory/cgroup.procs";
  for (bool own_namespace : {true, false}) {
    for (bool read_only : {true, false}) {
      Box box({"open", file, "w"}, {}, [&](ContainerSpec& spec) {
        mount_groups(spec, "cgroup", read_only);
        if (own_namespace) spec.namespaces.cgroup.origin = minirun::NamespaceSpec::created;
      });
      CHECK(box.must_start().line() == (read_only ? "EROFS" : "ok"));
    }
  }
}

TEST_CASE("a container with a writable mount has groups of its own, and not its limits (v2)") {
  if (!is_v2()) return;
  auto in_user_namespace = [](ContainerSpec& spec) {
    constexpr uint32_t kFirstId = 700'000;
    mount_groups(spec, "cgroup", false);
    spec.namespaces.cgroup.origin = spec.namespaces.user.origin = minirun::NamespaceSpec::created;
    spec.mappings.uids = spec.mappings.gids = {{0, kFirstId, 1000}};
    for (const char* place : {"", "/dev", "/sys", "/sys/fs", "/sys/fs/cgroup"})
      REQUIRE(::chown((spec.rootfs + place).c_str(), kFirstId, kFirstId) == 0);
  };
  minirun::LimitSpec limits;
  limits.pids = 20;
  Box nested({"nest", "3"}, limits, in_user_namespace);
  CHECK(nested.must_start().line() == "nested");
  CHECK(nested.group().processes().contains(nested.container().pid()));
  CHECK(::access((nested.place("memory") + "/below/below/below").c_str(), F_OK) == 0);

  Box limited({"open", "/sys/fs/cgroup/pids.max", "w"}, limits, in_user_namespace);
  CHECK(limited.must_start().line() == "EACCES");
}

TEST_CASE("a further process joins a container whose groups are nested (v2)") {
  if (!is_v2()) return;
  Box box({"nest", "1"}, {}, [](ContainerSpec& spec) {
    mount_groups(spec, "cgroup", false);
    spec.namespaces.cgroup.origin = minirun::NamespaceSpec::created;
  });
  REQUIRE(box.must_start().line() == "nested");
  // Groups that hand controllers down take no processes any more.
  REQUIRE(minirun::write_control(box.place("memory") + "/cgroup.subtree_control", "+pids"));
  auto entrance = minirun::Cgroup::open(Box::host(), box.group().path());
  REQUIRE(entrance->open_entrance(box.container().pid()));
  struct stat joined {};
  struct stat below {};
  REQUIRE(::fstat(entrance->clone_descriptor(), &joined) == 0);
  REQUIRE(::stat((box.place("memory") + "/below").c_str(), &below) == 0);
  CHECK(joined.st_ino == below.st_ino);
}
