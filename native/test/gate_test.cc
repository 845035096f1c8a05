// These make containers that outlive their creator, so they need root.

#include "core/gate.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/capabilities.h"
#include "core/container.h"
#include "core/file.h"
#include "core/procfs.h"
#include "core/syscalls.h"
#include "core/trace_file.h"
#include "test/new_namespaces.h"
#include "test/own_program.h"
#include "test/temporary_directory.h"

using minirun::Container;
using minirun::ContainerSpec;
using minirun::TemporaryDirectory;
using minirun::UniqueFd;

namespace {

enum class End : uint8_t { releases, is_killed };

ContainerSpec spec_in(const TemporaryDirectory& directory, const std::vector<std::string>& args) {
  ContainerSpec spec;
  spec.rootfs = directory / "rootfs";
  ::mkdir(spec.rootfs.c_str(), 0755);
  auto self = minirun::own_program();
  REQUIRE(self);
  REQUIRE(minirun::replace_file(spec.rootfs + "/program", *self, 0755, minirun::Durability::none));
  spec.namespaces = minirun::new_namespaces();
  spec.cgroup_path = "/minirun-test-native-" + std::to_string(::getpid()) + "/gate";
  spec.process.args = args;
  spec.process.capabilities = minirun::own_capabilities();
  spec.process.no_new_privileges = true;
  return spec;
}

/** A container whose creator has ended; this process adopts it, to be able to reap it. */
struct Orphan {
  Orphan(const TemporaryDirectory& directory, ContainerSpec spec, End end) : group(spec.cgroup_path) {
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    state.reset(::open(directory.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    trace.reset(::openat(state.get(), "trace", O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    int report[2];
    REQUIRE(::pipe2(report, O_CLOEXEC) == 0);
    pid_t creator = ::fork();
    if (creator == 0) create(directory, std::move(spec), end, report[1]);
    ::close(report[1]);
    CHECK(::read(report[0], &pid, sizeof pid) == sizeof pid);
    ::close(report[0]);
    int status = 0;
    ::waitpid(creator, &status, 0);
    pidfd.reset(minirun::sys::pidfd_open(pid));
  }
  ~Orphan() {
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
    (void)static_cast<bool>(minirun::Cgroup::open(minirun::find_cgroups(), group)->destroy());
    minirun::remove_empty_cgroups(minirun::find_cgroups(), group.substr(0, group.rfind('/')));
    ::prctl(PR_SET_CHILD_SUBREAPER, 0);
  }

  [[noreturn]] void create(const TemporaryDirectory& directory, ContainerSpec spec, End end, int report) {
    auto gate = minirun::make_gate(state.get());
    minirun::LaunchOptions options{directory.path()};
    options.outlives_parent = true;
    options.inherits_stdio = true;
    options.trace_file = trace.get();
    options.gate = gate ? gate->get() : -1;
    auto* container = new Container(std::move(spec), std::move(options));
    if (!gate || !container->create()) ::_exit(1);
    pid_t created = container->pid();
    if (::write(report, &created, sizeof created) < 0) ::_exit(1);
    if (!minirun::show_gate(state.get())) ::_exit(1);
    if (end == End::is_killed) ::kill(::getpid(), SIGKILL);
    ::_exit(container->release() ? 0 : 1);
  }

  bool ended(int timeout_ms) const {
    pollfd waited{pidfd.get(), POLLIN, 0};
    return ::poll(&waited, 1, timeout_ms) == 1;
  }

  pid_t pid = -1;
  std::string group;
  UniqueFd state;
  UniqueFd trace;
  UniqueFd pidfd;
};

}  // namespace

TEST_CASE("a container whose creator has ended is started by who comes to its gate") {
  if (::geteuid() != 0) return;
  TemporaryDirectory directory;
  Orphan orphan(directory, spec_in(directory, {"/program", "--version"}), End::releases);
  CHECK_FALSE(orphan.ended(50));
  CHECK(minirun::has_gate(orphan.state.get()));

  // One who knocks and goes away has started nothing.
  CHECK(minirun::knock_at_gate(orphan.state.get()));
  CHECK_FALSE(orphan.ended(50));
  CHECK_FALSE(minirun::read_process_stat(orphan.pid)->has_executed());

  auto connection = minirun::knock_at_gate(orphan.state.get());
  REQUIRE(connection);
  REQUIRE(minirun::open_gate(connection->get()));
  CHECK(orphan.ended(5000));
  auto again = minirun::knock_at_gate(orphan.state.get());
  REQUIRE_FALSE(again);
  CHECK(again.error().code == ECONNREFUSED);
}

TEST_CASE("why a program did not run stands in the trace that its creator left") {
  if (::geteuid() != 0) return;
  TemporaryDirectory directory;
  ContainerSpec spec = spec_in(directory, {"/script"});
  REQUIRE(
      minirun::replace_file(spec.rootfs + "/script", "#!/no/interpreter", 0755, minirun::Durability::none));
  Orphan orphan(directory, std::move(spec), End::releases);
  auto connection = minirun::knock_at_gate(orphan.state.get());
  REQUIRE(connection);
  REQUIRE(minirun::open_gate(connection->get()));
  CHECK(orphan.ended(5000));
  auto trace = minirun::read_trace_file(orphan.trace.get());
  REQUIRE(trace);
  const auto* failed = trace->child_failed();
  REQUIRE(failed != nullptr);
  CHECK(failed->name == "exec");
  CHECK(failed->failed_call == "execve");
  CHECK(failed->subject == "/script");
  CHECK(failed->code == ENOENT);
}

TEST_CASE("a container ends with a creator that is killed before it has let go") {
  if (::geteuid() != 0) return;
  TemporaryDirectory directory;
  Orphan orphan(directory, spec_in(directory, {"/program", "--version"}), End::is_killed);
  CHECK(orphan.ended(5000));
}

TEST_CASE("what is no trace is not read as one") {
  TemporaryDirectory directory;
  REQUIRE(minirun::replace_file(directory / "trace", "nonsense", 0600, minirun::Durability::none));
  UniqueFd file(::open((directory / "trace").c_str(), O_RDONLY | O_CLOEXEC));
  auto trace = minirun::read_trace_file(file.get());
  REQUIRE_FALSE(trace);
  CHECK(trace.error().code == EINVAL);
}
