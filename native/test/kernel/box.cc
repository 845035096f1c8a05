#include "test/kernel/box.h"

#include <doctest/doctest.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/capabilities.h"
#include "core/cgroup_files.h"
#include "core/file.h"

namespace minirun {
namespace {

constexpr int kPatienceMs = 10'000;

}  // namespace

ContainerSpec spec_of(const TemporaryDirectory& directory, std::vector<std::string> action) {
  static int count = 0;
  ContainerSpec spec;
  spec.rootfs = directory / "rootfs";
  REQUIRE(make_directories(spec.rootfs + "/dev", 0755));
  static const auto program = read_file("/proc/self/exe");
  REQUIRE(program);
  REQUIRE(replace_file(spec.rootfs + "/program", *program, 0755, Durability::none));
  for (auto* one : {&spec.namespaces.pid, &spec.namespaces.mount, &spec.namespaces.ipc})
    one->origin = NamespaceSpec::created;
  spec.cgroup_path = Box::group_root() + "/" + std::to_string(++count);
  spec.process.args = {"/program", "do"};
  spec.process.args.insert(spec.process.args.end(), action.begin(), action.end());
  spec.process.capabilities = own_capabilities();
  MountSpec dev;
  dev.destination = "/dev";
  dev.type = dev.source = "tmpfs";
  spec.mounts.push_back(dev);
  return spec;
}

Box::Box(std::vector<std::string> action, LimitSpec limits,
         const std::function<void(ContainerSpec&)>& change) {
  ContainerSpec spec = spec_of(directory_, std::move(action));
  spec.limits = std::move(limits);
  if (change) change(spec);
  container_ = std::make_unique<Container>(spec, LaunchOptions{directory_.path()});
  group_ = Cgroup::open(host(), spec.cgroup_path);
}

Box::~Box() {
  CHECK(container_->destroy());
  CHECK_FALSE(group_->exists());
  remove_empty_cgroups(host(), group_root());
}

Status Box::start() {
  if (Status created = container_->create(); !created) return created;
  return container_->start();
}

Box& Box::must_start() {
  Status started = start();
  REQUIRE_MESSAGE(started, started.error().step
                               << ": " << started.error().call << " on " << started.error().subject << ": "
                               << errno_name(started.error().code) << " " << started.error().note);
  return *this;
}

std::string Box::text(const std::string& controller, const std::string& file) const {
  std::string text = read_text(place(controller) + "/" + file);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

std::string Box::line() {
  pollfd readable{container_->stdio().output.get(), POLLIN, 0};
  char buffer[512];
  while (unread_.find('\n') == std::string::npos) {
    if (::poll(&readable, 1, kPatienceMs) != 1) return "";
    ssize_t length = ::read(readable.fd, buffer, sizeof buffer);
    if (length <= 0) return "";
    unread_.append(buffer, static_cast<size_t>(length));
  }
  size_t end = unread_.find('\n');
  std::string line = unread_.substr(0, end);
  unread_.erase(0, end + 1);
  return line;
}

std::optional<ExitStatus> Box::wait(int timeout_ms) {
  pollfd ended{container_->pidfd(), POLLIN, 0};
  if (::poll(&ended, 1, timeout_ms) != 1) return std::nullopt;
  return container_->wait(true);
}

const CgroupHost& Box::host() {
  static const CgroupHost host = find_cgroups();
  return host;
}

std::string Box::group_root() {
  return "/minirun-test-kernel-" + std::to_string(::getpid());
}

bool eventually(const std::function<bool()>& holds) {
  constexpr int kAttempts = 5;
  for (int attempt = 1; attempt < kAttempts; ++attempt) {
    if (holds()) return true;
  }
  return holds();
}

void sleep_ms(int milliseconds) {
  ::poll(nullptr, 0, milliseconds);
}

}  // namespace minirun
