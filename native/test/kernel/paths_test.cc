#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/cgroup_files.h"
#include "core/file.h"
#include "test/kernel/box.h"

using minirun::Box;
using minirun::Cgroup;
using minirun::LimitSpec;

namespace {

constexpr uid_t kUser = 65'000;

/** Whether `holds` does in a child that is an ordinary user; it stands in the group `own`, where one is
 * named. */
bool holds_for_user(const std::string& own, const std::function<bool()>& holds) {
  pid_t child = ::fork();
  if (child == 0) {
    bool ready = own.empty() || minirun::write_control(own + "/cgroup.procs", "0");
    ready = ready && ::setresgid(kUser, kUser, kUser) == 0 && ::setresuid(kUser, kUser, kUser) == 0;
    ::_exit(ready && holds() ? 0 : 1);
  }
  int status = 1;
  ::waitpid(child, &status, 0);
  return status == 0;
}

}  // namespace

TEST_CASE("paths: a relative one is found by a process that stands elsewhere") {
  Box box({"sleep"}, {},
          [](minirun::ContainerSpec& spec) { spec.cgroup_path = "minirun-test-kernel-relative/x"; });
  std::string known = box.group().path();
  box.must_start();
  CHECK(box.group().processes().contains(box.container().pid()));
  CHECK(Cgroup::open(minirun::find_cgroups(), known)->processes() == box.group().processes());
  CHECK(box.container().destroy());
  for (const auto& directory : box.group().directories())
    CHECK(minirun::remove_groups(directory.substr(0, directory.rfind('/'))));
}

TEST_CASE(
    "paths: a user to whom nothing was delegated has no group, and is told so where a limit needs one") {
  CHECK(holds_for_user("", [] {
    auto group = Cgroup::open(minirun::find_cgroups(), "x");
    LimitSpec limits;
    limits.pids = 10;
    auto refused = group->limit_writes(limits);
    return group->path().empty() && group->limit_writes({}) && !refused && refused.error().code == EOPNOTSUPP;
  }));
}

TEST_CASE("paths: a user makes groups with limits in what was delegated to them (v2)") {
  if (Box::host().version != 2) return;
  std::string top = Box::host().hierarchies.front().mount_point + Box::group_root();
  std::string session = top + "/session";
  REQUIRE(minirun::make_group(session));
  for (const char* above : {"/..", ""})
    REQUIRE(minirun::write_control(top + above + "/cgroup.subtree_control", "+pids +memory"));
  for (const auto& place : {top, session}) {
    for (const char* file : {"", "/cgroup.procs", "/cgroup.subtree_control"})
      REQUIRE(::chown((place + file).c_str(), kUser, kUser) == 0);
  }
  CHECK(holds_for_user(session, [expected = Box::group_root() + "/box"] {
    auto group = Cgroup::open(minirun::find_cgroups(), "box");
    LimitSpec limits;
    limits.pids = 10;
    limits.memory.limit = 16 << 20;
    if (group->path() != expected || !group->create(limits) || !group->update(limits)) return false;
    bool limited = group->stats().pids_limit == 10 && group->stats().memory_limit == 16 << 20;
    return limited && group->destroy();
  }));
  REQUIRE(minirun::remove_groups(top));
}
