#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/cgroup.h"
#include "core/command.h"
#include "core/file.h"
#include "core/procfs.h"
#include "core/remove_tree.h"
#include "core/unique_fd.h"
#include "test/temporary_directory.h"

using minirun::find_cgroups;
using minirun::is_cgroup_path;
using minirun::TemporaryDirectory;

TEST_CASE(
    "control groups are found in the mount table: v1, each hierarchy once, what is not needed left out") {
  auto host = find_cgroups(
      "31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw,mode=755\n"
      "32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct\n"
      "33 31 0:30 / /sys/fs/cgroup/memory rw,relatime shared:9 - cgroup cgroup rw,memory\n"
      "34 31 0:31 / /sys/fs/cgroup/blkio rw,relatime - cgroup cgroup rw,blkio\n"
      "37 31 0:33 / /sys/fs/cgroup/devices rw,relatime - cgroup cgroup rw,devices\n"
      "35 31 0:30 / /elsewhere/memory rw,relatime - cgroup cgroup rw,memory\n"
      "36 31 0:32 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw\n");
  CHECK(host.version == 1);
  REQUIRE(host.hierarchies.size() == 3);
  CHECK(host.hierarchies[0].mount_point == "/sys/fs/cgroup/cpu,cpuacct");
  CHECK(host.hierarchies[0].controllers == std::vector<std::string>{"cpu", "cpuacct"});
  CHECK(host.offers("memory"));
  CHECK_FALSE(host.offers("pids"));
  CHECK(find_cgroups("").version == 0);
}

TEST_CASE("v2 is taken where its tree has a limiting controller") {
  TemporaryDirectory directory;
  REQUIRE(minirun::replace_file(directory / "cgroup.controllers", "cpuset cpu io memory pids\n", 0644,
                                minirun::Durability::none));
  std::string line = "36 31 0:32 / " + directory.path() + " rw - cgroup2 cgroup2 rw\n";
  auto host = find_cgroups(line);
  CHECK(host.version == 2);
  CHECK(host.hierarchies[0].controllers == std::vector<std::string>{"cpu", "io", "memory", "pids"});
}

TEST_CASE("a control group's path can't be the root or lead out of it") {
  for (const char* path : {"/minirun/x", "/a", "/a.b/c-d"}) CHECK(is_cgroup_path(path));
  for (const char* path : {"", "/", "a/b", "/a/", "/a//b", "/..", "/a/../b", "/a/."})
    CHECK_FALSE(is_cgroup_path(path));
}

TEST_CASE("a limit without its controller is an error that names it") {
  auto cgroup = minirun::Cgroup::open({1, {{"/nowhere", {"cpu"}}}}, "/minirun/x");
  minirun::LimitSpec limits;
  limits.pids = 10;
  auto writes = cgroup->limit_writes(limits);
  REQUIRE_FALSE(writes);
  CHECK(writes.error().subject == "controller pids");
  CHECK(writes.error().code == EOPNOTSUPP);
}

TEST_CASE("freezing without a freezer is an error that names it") {
  auto cgroup = minirun::Cgroup::open({1, {{"/nowhere", {"cpu"}}}}, "/minirun/x");
  auto frozen = cgroup->freeze(true);
  REQUIRE_FALSE(frozen);
  CHECK(frozen.error().subject == "controller freezer");
  CHECK(frozen.error().code == EOPNOTSUPP);
}

namespace {

/** A directory that looks like a group of v2, with these files. */
void make_group(const std::string& place, const std::vector<std::pair<std::string, std::string>>& files) {
  REQUIRE(minirun::make_directories(place, 0755));
  for (const auto& [name, text] : files)
    REQUIRE(minirun::replace_file(place + "/" + name, text, 0644, minirun::Durability::none));
}

}  // namespace

TEST_CASE("a group is frozen when the kernel says so") {
  TemporaryDirectory tree;
  make_group(tree / "minirun/x", {{"cgroup.freeze", "0"}, {"cgroup.events", "populated 1\nfrozen 1\n"}});
  auto cgroup = minirun::Cgroup::open({2, {{tree.path(), {"memory"}}}}, "/minirun/x");
  CHECK(*cgroup->is_frozen());
  CHECK(cgroup->freeze(true));
  CHECK(*minirun::read_file(tree / "minirun/x/cgroup.freeze") == "1");
}

TEST_CASE("limits are written all or none") {
  TemporaryDirectory tree;
  make_group(tree / "minirun/x",
             {{"memory.max", "2000"}, {"memory.oom.group", "0"}, {"memory.swap.max", "0"}});
  auto cgroup = minirun::Cgroup::open({2, {{tree.path(), {"memory", "pids"}}}}, "/minirun/x");
  minirun::LimitSpec limits;
  limits.memory_bytes = limits.swap_bytes = 1000;
  limits.pids = 5;  // pids.max is missing
  auto updated = cgroup->update(limits);
  REQUIRE_FALSE(updated);
  CHECK(updated.error().subject == tree / "minirun/x/pids.max");
  CHECK(*minirun::read_file(tree / "minirun/x/memory.max") == "2000");
  limits.pids.reset();
  CHECK(cgroup->update(limits));
  CHECK(*minirun::read_file(tree / "minirun/x/memory.max") == "1000");
}

TEST_CASE("a command without a slash is looked for along PATH, in order") {
  minirun::ProcessSpec process;
  process.args = {"ls", "-l"};
  process.env = {"HOME=/root", "PATH=/first::/second"};
  auto command = minirun::make_command(process);
  CHECK(command.candidates == std::vector<std::string>{"/first/ls", "./ls", "/second/ls"});
  CHECK(command.argv.size() == 3);
  CHECK(command.argv.back() == nullptr);
  process.args = {"./ls"};
  CHECK(minirun::make_command(process).candidates == std::vector<std::string>{"./ls"});
}

TEST_CASE("a process is known by pid and start time") {
  auto self = minirun::read_process_stat(::getpid());
  REQUIRE(self);
  CHECK(std::stoull(self->start_time) > 0);
  CHECK_FALSE(minirun::read_process_stat(0x7ffffff0));
}

TEST_CASE("a tree is removed without following its links") {
  TemporaryDirectory directory;
  REQUIRE(minirun::make_directories(directory / "tree/a/b", 0755));
  REQUIRE(minirun::make_directories(directory / "kept", 0755));
  REQUIRE(minirun::replace_file(directory / "kept/file", "x", 0644, minirun::Durability::none));
  REQUIRE(::symlink("../../kept", (directory / "tree/a/link").c_str()) == 0);
  CHECK(minirun::remove_tree(directory / "tree/"));
  CHECK(::access((directory / "tree").c_str(), F_OK) < 0);
  CHECK(::access((directory / "kept/file").c_str(), F_OK) == 0);
  CHECK(minirun::remove_tree(directory / "not/there"));
  CHECK_FALSE(minirun::remove_tree("/"));
  CHECK_FALSE(minirun::remove_tree(directory / ".."));
}
