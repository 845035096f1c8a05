#include <doctest/doctest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/cgroup_files.h"
#include "core/file.h"
#include "core/procfs.h"
#include "core/text.h"
#include "test/kernel/box.h"

using minirun::Box;
using minirun::Cgroup;
using minirun::Container;
using minirun::ContainerSpec;
using minirun::LimitSpec;

namespace {

LimitSpec some_limits() {
  LimitSpec limits;
  limits.memory.limit = limits.memory.swap = 64 << 20;
  limits.cpu.quota_us = 50'000;
  limits.pids = 20;
  limits.devices = {minirun::DeviceRule{}};
  return limits;
}

/** The processes that have a group of this name, wherever the group is by now. */
std::vector<pid_t> processes_of(const std::string& path) {
  std::vector<pid_t> found;
  for (const auto& name : minirun::subdirectories("/proc")) {
    auto pid = minirun::parse_number(name);
    if (pid && minirun::read_text("/proc/" + name + "/cgroup").find(path) != std::string::npos)
      found.push_back(static_cast<pid_t>(*pid));
  }
  return found;
}

void reap_orphans() {
  while (::waitpid(-1, nullptr, WNOHANG) > 0) {
  }
}

/** Whether the group's processes are gone soon: they are killed, and the kernel takes its time. */
bool all_gone(const std::string& path) {
  for (int waited = 0; waited < 200; ++waited) {
    reap_orphans();
    if (processes_of(path).empty()) return true;
    minirun::sleep_ms(10);
  }
  return false;
}

/** Starts a container and dies in it, of SIGKILL at its n-th system call. Whether it came to the end of its
 * work before. */
bool start_and_die(const ContainerSpec& spec, const std::string& directory, int calls) {
  pid_t runtime = ::fork();
  if (runtime == 0) {
    ::ptrace(PTRACE_TRACEME);
    ::raise(SIGSTOP);
    Container container(spec, {directory});
    bool started = container.create() && container.start();
    ::kill(::getpid(), started ? SIGUSR1 : SIGUSR2);
    ::_exit(1);
  }
  int status = 0;
  bool finished = false;
  ::waitpid(runtime, &status, 0);
  for (int done = 0; done < calls && !finished; ++done) {
    ::ptrace(PTRACE_SYSCALL, runtime, nullptr, nullptr);
    ::waitpid(runtime, &status, 0);
    finished = WIFSTOPPED(status) && WSTOPSIG(status) == SIGUSR1;
    REQUIRE_MESSAGE(WIFSTOPPED(status), "the runtime ended by itself");
    REQUIRE(WSTOPSIG(status) != SIGUSR2);
  }
  ::kill(runtime, SIGKILL);
  ::waitpid(runtime, &status, 0);
  return finished;
}

}  // namespace

TEST_CASE("cleanup: the runtime is killed at every point of a start, and what it left can be deleted") {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  // Every point would be each of some 400 system calls; a stride meets all of them over several runs. Where
  // v2 is proved in a virtual machine, a system call takes twenty times as long.
  const int stride = Box::host().version == 2 ? 29 : 7;
  bool finished = false;
  int points = 0;
  for (int calls = 1 + ::getpid() % stride; !finished; calls += stride, ++points) {
    minirun::TemporaryDirectory directory;
    ContainerSpec spec = minirun::spec_of(directory, {"sleep"});
    spec.limits = some_limits();
    finished = start_and_die(spec, directory.path(), calls);
    auto group = Cgroup::open(Box::host(), spec.cgroup_path);
    auto destroyed = group->destroy();
    CHECK_MESSAGE(destroyed, "after " << calls << " calls: " << destroyed.error().call << " "
                                      << destroyed.error().subject << " " << destroyed.error().note);
    CHECK_FALSE(group->exists());
    CHECK_MESSAGE(all_gone(spec.cgroup_path), "after " << calls << " calls a process is left");
    CHECK_FALSE(group->exists());
    minirun::remove_empty_cgroups(Box::host(), Box::group_root());
  }
  CHECK(points > 5);
}

TEST_CASE("cleanup: a group is deleted with stray processes, groups below it, frozen or not") {
  Box box({"sleep"}, some_limits());
  box.must_start();
  for (const auto& directory : box.group().directories()) {
    if (::access(directory.c_str(), F_OK) < 0) continue;
    CHECK(minirun::make_group(directory + "/below/further"));
  }
  // Outside of the container's pid namespace: its end is not theirs.
  pid_t stray = ::fork();
  if (stray == 0) {
    for (;;) ::pause();
  }
  for (const auto& directory : box.group().directories()) {
    std::string below = directory + "/below/further/cgroup.procs";
    if (::access(below.c_str(), F_OK) == 0)
      (void)static_cast<bool>(minirun::write_control(below, std::to_string(stray)));
  }
  REQUIRE(box.group().processes().contains(stray));
  SUBCASE("running") {}
  SUBCASE("frozen") {
    CHECK(box.group().freeze(true));
  }
  SUBCASE("frozen below by the container itself") {
    std::string freezer = box.place(Box::host().version == 2 ? "memory" : "freezer") + "/below/further/";
    bool v2 = Box::host().version == 2;
    CHECK(minirun::write_control(freezer + (v2 ? "cgroup.freeze" : "freezer.state"), v2 ? "1" : "FROZEN"));
  }
  CHECK(box.group().destroy());
  CHECK_FALSE(box.group().exists());
  int status = 0;
  CHECK(::waitpid(stray, &status, 0) == stray);
  CHECK(WTERMSIG(status) == SIGKILL);
}

TEST_CASE("cleanup: a container that forks all the time, without a pid namespace, is killed whole") {
  Box box({"fork-forever"}, {}, [](ContainerSpec& spec) { spec.namespaces.pid = {}; });
  box.must_start();
  minirun::sleep_ms(50);
  CHECK(box.group().destroy());
  CHECK_FALSE(box.group().exists());
  CHECK(box.wait());
  CHECK(all_gone(box.group().path()));
}

TEST_CASE("cleanup: a group that is in use is not taken for another container") {
  Box box({"sleep"});
  box.must_start();
  auto second = Cgroup::open(Box::host(), box.group().path());
  auto refused = second->create({});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == EBUSY);
}

TEST_CASE("cleanup: a container that can't be made leaves a group alone that another one is in") {
  Box first({"sleep"});
  first.must_start();
  minirun::TemporaryDirectory directory;
  ContainerSpec spec = minirun::spec_of(directory, {"sleep"});
  spec.cgroup_path = first.group().path();
  SUBCASE("because the group is taken") {}
  SUBCASE("before it comes to the group") {
    spec.namespaces.network.origin = minirun::NamespaceSpec::joined;
    spec.namespaces.network.path = directory / "no-namespace";
  }
  SUBCASE("because of what it asks for") {
    spec.process.terminal = true;  // and it has no devpts
  }
  {
    Container second(spec, {directory.path()});
    CHECK_FALSE(second.create());
    CHECK(second.destroy());
  }
  CHECK(first.group().processes().contains(first.container().pid()));
  CHECK_FALSE(first.wait(50));
}
