// These make containers and execute in them, so they need root.

#include "core/exec_process.h"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/capabilities.h"
#include "core/container.h"
#include "core/file.h"
#include "core/procfs.h"
#include "test/new_namespaces.h"
#include "test/own_program.h"
#include "test/temporary_directory.h"

using minirun::Container;
using minirun::ContainerSpec;
using minirun::ExecProcess;
using minirun::ExecTarget;
using minirun::TemporaryDirectory;

namespace {

/** This very program, which is static, is the container's; it stands at its gate and executes nothing. */
ContainerSpec spec_in(const TemporaryDirectory& directory, const std::string& id) {
  ContainerSpec spec;
  spec.rootfs = directory / "rootfs";
  ::mkdir(spec.rootfs.c_str(), 0755);
  auto self = minirun::own_program();
  REQUIRE(self);
  REQUIRE(minirun::replace_file(spec.rootfs + "/program", *self, 0755, minirun::Durability::none));
  spec.namespaces = minirun::new_namespaces();
  spec.cgroup_path = "/minirun-test-native-" + std::to_string(::getpid()) + "/" + id;
  spec.process.args = {"/program", "--version"};
  spec.process.capabilities = minirun::own_capabilities();
  spec.process.no_new_privileges = true;
  return spec;
}

ExecTarget target_of(const Container& container) {
  auto stat = minirun::read_process_stat(container.pid());
  REQUIRE(stat);
  return {container.pid(), stat->start_time};
}

/**
 * Runs `body` in a process of its own, for an exec changes the pid namespace of all children that its caller
 * has from then on. Answers its exit code.
 */
template <class Body>
int apart(Body body) {
  pid_t pid = ::fork();
  if (pid == 0) ::_exit(body());
  int status = 0;
  ::waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

struct CgroupRoot {
  ~CgroupRoot() {
    minirun::remove_empty_cgroups(minirun::find_cgroups(),
                                  "/minirun-test-native-" + std::to_string(::getpid()));
  }
};

}  // namespace

TEST_CASE("a further process joins group and namespaces, waits at its gate, and runs its program") {
  if (::geteuid() != 0) return;
  CgroupRoot root;
  TemporaryDirectory directory;
  ContainerSpec spec = spec_in(directory, "exec");
  Container container(spec, {directory.path()});
  REQUIRE(container.create());
  auto group = container.cgroup().processes();
  int code = apart([&] {
    ExecProcess process(spec, {directory.path()}, target_of(container));
    if (!process.create()) return 1;
    if (process.cgroup().processes().count(process.pid()) == 0) return 2;
    auto before = minirun::read_process_stat(process.pid());
    if (!before || before->has_executed()) return 3;
    if (!process.start()) return 4;
    auto exit = process.wait(true);
    return exit && exit->code == 0 ? 0 : 5;
  });
  CHECK(code == 0);
  CHECK(container.cgroup().processes() == group);
  CHECK(container.destroy());
}

TEST_CASE("one that is created and never started goes away, and the container stays") {
  if (::geteuid() != 0) return;
  CgroupRoot root;
  TemporaryDirectory directory;
  ContainerSpec spec = spec_in(directory, "dropped");
  Container container(spec, {directory.path()});
  REQUIRE(container.create());
  int code = apart([&] {
    ExecProcess process(spec, {directory.path()}, target_of(container));
    return process.create() ? 0 : 1;
  });
  CHECK(code == 0);
  CHECK(container.cgroup().processes() == std::set<pid_t>{container.pid()});
  CHECK(container.destroy());
}

TEST_CASE("nothing is executed where the number is another process's by now") {
  if (::geteuid() != 0) return;
  TemporaryDirectory directory;
  ContainerSpec spec = spec_in(directory, "reused");
  ExecProcess process(std::move(spec), {directory.path()}, {::getpid(), "1"});
  auto created = process.create();
  REQUIRE_FALSE(created);
  CHECK(created.error().step == "container");
  CHECK(created.error().code == ESRCH);
}
