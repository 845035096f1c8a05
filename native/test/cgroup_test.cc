#include "core/cgroup.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/cgroup_files.h"
#include "core/file.h"
#include "core/text.h"
#include "test/temporary_directory.h"

using minirun::Cgroup;
using minirun::CgroupHost;
using minirun::find_cgroups;
using minirun::is_cgroup_path;
using minirun::LimitSpec;
using minirun::TemporaryDirectory;

namespace {

constexpr const char* kV1Mounts =
    "31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw,mode=755\n"
    "32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct\n"
    "33 31 0:30 / /sys/fs/cgroup/memory rw,relatime shared:9 - cgroup cgroup rw,memory\n"
    "34 31 0:31 / /sys/fs/cgroup/perf_event rw,relatime - cgroup cgroup rw,perf_event\n"
    "37 31 0:33 / /sys/fs/cgroup/devices rw,relatime - cgroup cgroup rw,devices\n"
    "35 31 0:30 / /elsewhere/memory rw,relatime - cgroup cgroup rw,memory\n"
    "38 31 0:34 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,name=systemd\n"
    "36 31 0:32 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw\n";

/** A directory that looks like a group, with these files. */
void make_group(const std::string& place, const std::vector<std::pair<std::string, std::string>>& files) {
  REQUIRE(minirun::make_directories(place, 0755));
  for (const auto& [name, text] : files)
    REQUIRE(minirun::replace_file(place + "/" + name, text, 0644, minirun::Durability::none));
}

std::string content(const std::string& file) {
  auto text = minirun::read_file(file);
  return text ? *text : "none";
}

}  // namespace

TEST_CASE(
    "control groups are found in the mount table: v1, each hierarchy once, what is none of ours left out") {
  auto host = find_cgroups(kV1Mounts, "4:cpu,cpuacct:/a/b\n3:memory:/m\n0::/u\n");
  CHECK(host.version == 1);
  REQUIRE(host.hierarchies.size() == 3);
  CHECK(host.hierarchies[0].mount_point == "/sys/fs/cgroup/cpu,cpuacct");
  CHECK(host.hierarchies[0].controllers == std::vector<std::string>{"cpu", "cpuacct"});
  CHECK(host.hierarchies[0].own == "/a/b");
  CHECK(host.hierarchies[1].own == "/m");
  CHECK(host.hierarchies[2].own == "/");
  CHECK(host.offers("memory"));
  CHECK_FALSE(host.offers("pids"));
  CHECK(find_cgroups("", "").version == 0);
}

TEST_CASE("v2 is taken where its tree has a limiting controller") {
  TemporaryDirectory directory;
  make_group(directory.path(), {{"cgroup.controllers", "cpuset cpu io memory pids\n"}});
  std::string line = "36 31 0:32 / " + directory.path() + " rw - cgroup2 cgroup2 rw\n";
  auto host = find_cgroups(line, "0::/user/session\n");
  CHECK(host.version == 2);
  CHECK(host.hierarchies[0].controllers == std::vector<std::string>{"cpuset", "cpu", "io", "memory", "pids"});
  CHECK(host.hierarchies[0].own == "/user/session");
}

TEST_CASE("where a part of the tree is mounted, the own group is below that part") {
  TemporaryDirectory directory;
  make_group(directory.path(), {{"cgroup.controllers", "memory\n"}});
  std::string line = "36 31 0:32 /outer/box " + directory.path() + " rw - cgroup2 cgroup2 rw\n";
  CHECK(find_cgroups(line, "0::/outer/box/inner\n").hierarchies[0].own == "/inner");
  CHECK(find_cgroups(line, "0::/outer/box\n").hierarchies[0].own == "/");
  CHECK(find_cgroups(line, "0::/outer/boxes\n").hierarchies[0].own == "/");
  CHECK(find_cgroups(line, "0::/../elsewhere\n").hierarchies[0].own == "/");
}

TEST_CASE("a control group's path can't be the root or lead out of it") {
  for (const char* path : {"/minirun/x", "/a", "/a.b/c-d"}) CHECK(is_cgroup_path(path));
  for (const char* path : {"", "/", "a/b", "/a/", "/a//b", "/..", "/a/../b", "/a/.", "/a\nb"})
    CHECK_FALSE(is_cgroup_path(path));
}

TEST_CASE("a cgroupsPath is taken as it is meant, and refused where it leads upwards or to the root") {
  using minirun::clean_cgroup_path;
  CHECK(clean_cgroup_path("//a/./b/") == "/a/b");
  CHECK(clean_cgroup_path("a//b") == "a/b");
  for (const char* path : {"", "/", ".", "//", "..", "a/..", "/a/../b", "a\n"})
    CHECK_FALSE(clean_cgroup_path(path));
}

TEST_CASE("a relative path is relative to the own group on v1, and beside it on v2") {
  TemporaryDirectory tree;
  make_group(tree / "memory/m/own", {});
  make_group(tree / "cpu/c", {});
  CgroupHost v1{1, {{tree / "memory", {"memory"}, "/m/own"}, {tree / "cpu", {"cpu", "cpuacct"}, "/c"}}};
  auto group = Cgroup::open(v1, "boxes/x");
  CHECK(group->directories() ==
        std::vector<std::string>{tree / "memory/m/own/boxes/x", tree / "cpu/c/boxes/x"});
  CHECK(group->path() == "memory:/m/own/boxes/x\ncpu,cpuacct:/c/boxes/x\n");
  // Another process stands elsewhere, and finds it nevertheless.
  CgroupHost elsewhere{1, {{tree / "memory", {"memory"}, "/"}, {tree / "cpu", {"cpu", "cpuacct"}, "/"}}};
  CHECK(Cgroup::open(elsewhere, group->path())->directories() == group->directories());
  CHECK(Cgroup::open(elsewhere, "x")->path() == "/x");

  CgroupHost v2{2, {{tree / "memory", {"memory"}, "/m/own"}}};
  CHECK(Cgroup::open(v2, "x")->path() == "/m/x");
  CHECK(Cgroup::open({2, {{tree / "memory", {"memory"}, "/"}}}, "x")->path() == "/x");
}

TEST_CASE("a relative path without a place that can be written to is no group, and limits are then errors") {
  CgroupHost v1{1, {{"/nowhere", {"memory", "freezer"}, "/"}}};
  auto group = Cgroup::open(v1, "x");
  CHECK(group->path() == "");
  CHECK(group->directories().empty());
  CHECK(group->processes().empty());
  CHECK(group->destroy());
  CHECK(group->limit_writes({}));
  LimitSpec limits;
  limits.memory.limit = 1;
  auto writes = group->limit_writes(limits);
  REQUIRE_FALSE(writes);
  CHECK(writes.error().note.find("can't write") != std::string::npos);
  for (int version : {0, 1, 2}) {
    auto none = Cgroup::open({version, {}}, "/x");
    CHECK(none->kill_all());
    CHECK_FALSE(none->is_frozen());
    CHECK_FALSE(none->stats().memory_current);
    CHECK(none->destroy());
  }
}

TEST_CASE("freezing without a freezer is an error that names it") {
  auto cgroup = Cgroup::open({1, {{"/nowhere", {"cpu"}}}}, "/minirun/x");
  auto frozen = cgroup->freeze(true);
  REQUIRE_FALSE(frozen);
  CHECK(frozen.error().subject == "controller freezer");
  CHECK(frozen.error().code == EOPNOTSUPP);
}

TEST_CASE("a group is frozen when the kernel says so") {
  TemporaryDirectory tree;
  make_group(tree / "minirun/x", {{"cgroup.freeze", "0"}, {"cgroup.events", "populated 1\nfrozen 1\n"}});
  auto cgroup = Cgroup::open({2, {{tree.path(), {"memory"}}}}, "/minirun/x");
  CHECK(*cgroup->is_frozen());
  CHECK(cgroup->freeze(true));
  CHECK(content(tree / "minirun/x/cgroup.freeze") == "1");
}

TEST_CASE("a group that is frozen or has processes is not taken for a new container") {
  TemporaryDirectory tree;
  for (const char* above : {"", "/minirun"})
    make_group(tree.path() + above, {{"cgroup.subtree_control", "memory"}});
  make_group(tree / "minirun/x", {{"cgroup.events", "frozen 1\n"}, {"cgroup.procs", ""}});
  auto cgroup = Cgroup::open({2, {{tree.path(), {"memory"}}}}, "/minirun/x");
  auto frozen = cgroup->create({});
  REQUIRE_FALSE(frozen);
  CHECK(frozen.error().code == EBUSY);
  CHECK(frozen.error().note.find("frozen") != std::string::npos);
  make_group(tree / "minirun/x", {{"cgroup.events", "frozen 0\n"}, {"cgroup.procs", "12\n13\n"}});
  auto busy = cgroup->create({});
  REQUIRE_FALSE(busy);
  CHECK(busy.error().note.find("2 processes") != std::string::npos);
  make_group(tree / "minirun/x", {{"cgroup.procs", ""}});
  CHECK(cgroup->create({}));
}

TEST_CASE("limits are written all or none") {
  TemporaryDirectory tree;
  for (const char* above : {"", "/minirun"})
    make_group(tree.path() + above, {{"cgroup.subtree_control", "memory pids"}});
  make_group(tree / "minirun/x", {{"memory.max", "2000"}, {"memory.swap.max", "0"}});
  auto cgroup = Cgroup::open({2, {{tree.path(), {"memory", "pids"}}}}, "/minirun/x");
  LimitSpec limits;
  limits.memory.limit = limits.memory.swap = 1000;
  limits.pids = 5;  // pids.max is missing
  auto updated = cgroup->update(limits);
  REQUIRE_FALSE(updated);
  CHECK(updated.error().subject == tree / "minirun/x/pids.max");
  CHECK(content(tree / "minirun/x/memory.max") == "2000");
  limits.pids.reset();
  CHECK(cgroup->update(limits));
  CHECK(content(tree / "minirun/x/memory.max") == "1000");
}

TEST_CASE("groups are removed whole, however deep they are nested") {
  TemporaryDirectory tree;
  std::string path = tree / "x";
  for (int depth = 0; depth < 300; ++depth) path += "/a-name-long-enough";  // longer than PATH_MAX
  REQUIRE(::chdir(tree.path().c_str()) == 0);
  for (const auto& part : minirun::split(path.substr(tree.path().size()), '/')) {
    ::mkdir(part.c_str(), 0755);
    ::mkdir((part + "-beside").c_str(), 0755);
    REQUIRE(::chdir(part.c_str()) == 0);
  }
  REQUIRE(::chdir("/") == 0);
  CHECK(minirun::remove_groups(tree / "x"));
  CHECK(::access((tree / "x").c_str(), F_OK) < 0);
  CHECK(::access((tree / "x-beside").c_str(), F_OK) == 0);
  CHECK(minirun::remove_groups(tree / "x"));
}
