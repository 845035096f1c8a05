// Containers that a user without any privileges makes. The tests themselves run as root, and give it up in a
// process of their own.

#include <doctest/doctest.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/capabilities.h"
#include "core/container.h"
#include "core/file.h"
#include "test/new_namespaces.h"
#include "test/own_program.h"
#include "test/temporary_directory.h"

using minirun::Container;
using minirun::ContainerSpec;
using minirun::NamespaceSpec;
using minirun::TemporaryDirectory;

namespace {

constexpr uid_t kUser = 12345;

minirun::MountSpec mount(const char* destination, const char* type) {
  minirun::MountSpec one;
  one.destination = destination;
  one.type = type;
  one.source = type;
  return one;
}

/** Kernel views, a bind, masks: all that the host's side makes for root. */
ContainerSpec spec_in(const TemporaryDirectory& directory) {
  ContainerSpec spec;
  spec.rootfs = directory / "rootfs";
  ::mkdir(spec.rootfs.c_str(), 0755);
  auto self = minirun::own_program();
  REQUIRE(self);
  REQUIRE(minirun::replace_file(spec.rootfs + "/program", *self, 0755, minirun::Durability::none));
  REQUIRE(::chown(spec.rootfs.c_str(), kUser, kUser) == 0);
  REQUIRE(::chmod(directory.path().c_str(), 0755) == 0);
  spec.namespaces = minirun::new_namespaces();
  spec.namespaces.user.origin = NamespaceSpec::created;
  spec.namespaces.cgroup.origin = NamespaceSpec::inherited;
  spec.mappings = {{{0, kUser, 1}}, {{0, kUser, 1}}};
  spec.hostname = "inside";
  spec.mounts = {mount("/proc", "proc"), mount("/dev", "tmpfs"), mount("/dev/pts", "devpts"),
                 mount("/sys", "sysfs"), mount("/bound", "bind")};
  spec.mounts.back().bind = true;
  spec.mounts.back().source = spec.rootfs;
  spec.masked_paths = {"/proc/timer_list", "/sys/firmware"};
  spec.readonly_paths = {"/proc/sys"};
  spec.process.args = {"/program", "--version"};
  spec.process.capabilities.bounding = minirun::capability_bit("CAP_CHOWN");
  spec.process.no_new_privileges = true;
  return spec;
}

std::string how_it_went(ContainerSpec spec, const std::string& cache) {
  Container container(std::move(spec), {cache});
  auto status = container.create();
  if (status) status = container.start();
  if (!status) {
    const minirun::Error& error = status.error();
    return error.step + ": " + error.call + " on " + error.subject + ": " + minirun::errno_name(error.code) +
           " " + error.note;
  }
  auto exit = container.wait(true);
  (void)static_cast<bool>(container.destroy());
  return exit && exit->code == 0 ? "it ran" : "it failed";
}

/** What `work` returns when an ordinary user does it. */
template <class Work>
std::string as_user(Work work) {
  int ends[2];
  REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
  pid_t pid = ::fork();
  if (pid == 0) {
    bool dropped = ::setgroups(0, nullptr) == 0 && ::setresgid(kUser, kUser, kUser) == 0 &&
                   ::setresuid(kUser, kUser, kUser) == 0 && ::prctl(PR_SET_DUMPABLE, 1) == 0;
    std::string text = dropped ? work() : "still root";
    ::_exit(::write(ends[1], text.data(), text.size()) < 0 ? 1 : 0);
  }
  ::close(ends[1]);
  auto text = minirun::read_all(ends[0], "pipe");
  ::close(ends[0]);
  ::waitpid(pid, nullptr, 0);
  return text ? *text : "";
}

}  // namespace

TEST_CASE("a user without privileges makes a container in a user namespace of its own") {
  if (::geteuid() != 0) return;
  TemporaryDirectory directory;
  ContainerSpec spec = spec_in(directory);
  CHECK(as_user([&] { return how_it_went(spec, directory.path()); }) == "it ran");
}

TEST_CASE("without a user namespace the first thing that takes privileges is refused") {
  if (::geteuid() != 0) return;
  TemporaryDirectory directory;
  ContainerSpec spec = spec_in(directory);
  spec.namespaces.user = {};
  spec.mappings = {};
  std::string text = as_user([&] { return how_it_went(spec, directory.path()); });
  CHECK_MESSAGE(text.find("clone: clone3") == 0, text);
  CHECK(text.find("EPERM") != std::string::npos);
}

TEST_CASE("ids that are not the user's are refused, and who gives them is named") {
  if (::geteuid() != 0) return;
  TemporaryDirectory directory;
  ContainerSpec spec = spec_in(directory);
  spec.mappings.uids = {{0, 0, 1}};
  std::string text = as_user([&] { return how_it_went(spec, directory.path()); });
  CHECK_MESSAGE(text.find("user namespace: ") == 0, text);
  CHECK(text.find("newuidmap") != std::string::npos);
}

TEST_CASE("additional groups are refused where they can't be had") {
  if (::geteuid() != 0) return;
  TemporaryDirectory directory;
  ContainerSpec spec = spec_in(directory);
  spec.process.user.groups = {5};
  std::string text = as_user([&] { return how_it_went(spec, directory.path()); });
  CHECK_MESSAGE(text.find("user: setgroups") == 0, text);
}
