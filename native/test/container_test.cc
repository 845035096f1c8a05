// These make containers, so they need root; each container has a mount namespace of its own, and nothing
// leaks.

#include "core/container.h"

#include <doctest/doctest.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "core/capabilities.h"
#include "core/file.h"
#include "core/procfs.h"
#include "core/syscalls.h"
#include "test/new_namespaces.h"
#include "test/own_program.h"
#include "test/temporary_directory.h"

using minirun::Container;
using minirun::ContainerSpec;
using minirun::TemporaryDirectory;

namespace {

/** This very program, which is static, as the container's: it writes what it is told by its arguments. */
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

struct CgroupRoot {
  ~CgroupRoot() {
    minirun::remove_empty_cgroups(minirun::find_cgroups(),
                                  "/minirun-test-native-" + std::to_string(::getpid()));
  }
};

bool readable(int fd, int timeout_ms) {
  pollfd ready{fd, POLLIN, 0};
  return ::poll(&ready, 1, timeout_ms) == 1;
}

}  // namespace

TEST_CASE("between create and start there is a process, in its namespaces and group, and no program") {
  if (::geteuid() != 0) return;
  CgroupRoot root;
  TemporaryDirectory directory;
  Container container(spec_in(directory, "gate"), {directory.path()});
  auto created = container.create();
  REQUIRE_MESSAGE(created, created.error().step << ": " << created.error().call);
  CHECK_FALSE(readable(container.stdio().output.get(), 200));
  auto before = minirun::read_process_stat(container.pid());
  REQUIRE(before);
  CHECK_FALSE(before->has_executed());
  CHECK(container.cgroup().processes() == std::set<pid_t>{container.pid()});

  REQUIRE(container.start());
  CHECK(readable(container.stdio().output.get(), 5000));
  auto exit = container.wait(true);
  REQUIRE(exit);
  CHECK(exit->code == 0);
  CHECK(container.destroy());
}

TEST_CASE("a container that is created and never started goes away whole") {
  if (::geteuid() != 0) return;
  CgroupRoot root;
  TemporaryDirectory directory;
  pid_t pid = -1;
  std::string group;
  {
    Container container(spec_in(directory, "dropped"), {directory.path()});
    REQUIRE(container.create());
    pid = container.pid();
    group = container.cgroup().directories().front();
    CHECK(::access(group.c_str(), F_OK) == 0);
  }
  CHECK_FALSE(minirun::read_process_stat(pid));
  CHECK(::access(group.c_str(), F_OK) < 0);
}

TEST_CASE("a program that can't be executed is known before it is started") {
  if (::geteuid() != 0) return;
  CgroupRoot root;
  TemporaryDirectory directory;
  for (const auto& [program, code] :
       {std::pair("/nothing", ENOENT), {"nothing", ENOENT}, {"/data", EACCES}, {"/", EACCES}}) {
    ContainerSpec spec = spec_in(directory, "missing");
    REQUIRE(minirun::replace_file(spec.rootfs + "/data", "", 0644, minirun::Durability::none));
    spec.process.args = {program};
    Container container(std::move(spec), {directory.path()});
    auto created = container.create();
    REQUIRE_FALSE(created);
    CHECK(created.error().step == minirun::kFindStep);
    CHECK(created.error().code == code);
  }
}

TEST_CASE("a program that execve refuses is an error of the step exec, with its errno") {
  if (::geteuid() != 0) return;
  CgroupRoot root;
  TemporaryDirectory directory;
  ContainerSpec spec = spec_in(directory, "refused");
  REQUIRE(
      minirun::replace_file(spec.rootfs + "/script", "#!/no/interpreter", 0755, minirun::Durability::none));
  spec.process.args = {"/script"};
  Container container(std::move(spec), {directory.path()});
  REQUIRE(container.create());
  auto started = container.start();
  REQUIRE_FALSE(started);
  CHECK(started.error().step == minirun::kExecStep);
  CHECK(started.error().call == "execve");
  CHECK(started.error().code == ENOENT);
}

TEST_CASE("without a mount namespace of its own a container mounts nothing that the host sees") {
  if (::geteuid() != 0) return;
  CgroupRoot root;
  TemporaryDirectory directory;
  ContainerSpec spec = spec_in(directory, "inherited");
  spec.namespaces.mount = {};
  minirun::MountSpec dev;
  dev.destination = "/dev";
  dev.type = "tmpfs";
  dev.source = "tmpfs";
  spec.mounts = {dev};
  spec.masked_paths = {"/dev/full"};
  spec.readonly_paths = {"/dev"};
  auto before = minirun::read_file("/proc/self/mountinfo");
  Container container(std::move(spec), {directory.path()});
  auto created = container.create();
  if (!created && created.error().code == EOPNOTSUPP) return;  // Linux 6.14 and before
  REQUIRE_MESSAGE(created, created.error().step << ": " << created.error().call);
  std::string process = "/proc/" + std::to_string(container.pid());
  struct stat own {};
  struct stat its {};
  REQUIRE(::stat("/proc/self/ns/mnt", &own) == 0);
  REQUIRE(::stat((process + "/ns/mnt").c_str(), &its) == 0);
  CHECK(own.st_ino == its.st_ino);
  CHECK(::access((process + "/root/program").c_str(), X_OK) == 0);
  struct stat full {};
  REQUIRE(::stat((process + "/root/dev/full").c_str(), &full) == 0);
  CHECK(minor(full.st_rdev) == 3);  // the null device, which masks it
  CHECK(::access((process + "/root/dev").c_str(), W_OK) < 0);
  REQUIRE(container.start());
  auto exit = container.wait(true);
  REQUIRE(exit);
  CHECK(exit->code == 0);
  CHECK(container.destroy());
  CHECK(*minirun::read_file("/proc/self/mountinfo") == *before);
}

TEST_CASE("a root that can't be pivoted to is moved over the old one") {
  if (::geteuid() != 0) return;
  CgroupRoot root;
  TemporaryDirectory directory;
  minirun::LaunchOptions options{directory.path()};
  options.no_pivot = true;
  Container container(spec_in(directory, "moved"), std::move(options));
  auto created = container.create();
  REQUIRE_MESSAGE(created, created.error().step << ": " << created.error().call);
  REQUIRE(container.start());
  auto exit = container.wait(true);
  REQUIRE(exit);
  CHECK(exit->code == 0);
  CHECK(container.destroy());
}
