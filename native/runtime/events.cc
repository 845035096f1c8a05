#include <poll.h>

#include <cstdio>

#include "core/oom_events.h"
#include "core/trace.h"
#include "core/usage.h"
#include "runtime/quantity.h"
#include "runtime/record.h"
#include "runtime/usage_json.h"
#include "runtime/verb.h"

namespace minirun::runtime {
namespace {

constexpr auto kFlags = std::to_array<Flag>({
    {"stats", 0, nullptr, "print what the container uses, once"},
    {"interval", 0, "TIME", "how often to print what it uses (default: 5s)"},
});

constexpr int64_t kNsPerMs = 1'000'000;

void print(const std::string& line) {
  std::puts(line.c_str());
  std::fflush(stdout);
}

void print_usage(const Found& container, const Cgroup& cgroup) {
  oci::Json usage = usage_json(read_usage(cgroup));
  print(event_line("stats", container.record.id, &usage));
}

/** What the container uses at every interval, and each time that its memory runs out, until it has ended. */
Status follow(const Found& container, const Cgroup& cgroup, int64_t interval_ms) {
  auto process = open_process(container.record);
  if (!process) return process.error();
  auto oom = OomEvents::watch(cgroup);
  int oom_fd = oom ? oom->fd() : -1;  // a group without a memory limit has nothing to run out of
  int64_t next = monotonic_ns() + interval_ms * kNsPerMs;
  for (;;) {
    pollfd watched[] = {{process->get(), POLLIN, 0}, {oom_fd, POLLIN, 0}};
    int64_t left = std::max<int64_t>(0, (next - monotonic_ns()) / kNsPerMs);
    int ready = ::poll(watched, 2, static_cast<int>(left));
    if (ready < 0 && errno != EINTR) return Error{"events", "poll", container.record.id, errno, ""};
    if (watched[1].revents != 0) {
      auto news = oom->take();
      if (news.oom || news.kills > 0) print(event_line("oom", container.record.id, nullptr));
      if (news.ended) oom_fd = -1;
    }
    if (watched[0].revents != 0) return {};
    if (monotonic_ns() < next) continue;
    print_usage(container, cgroup);
    next += interval_ms * kNsPerMs;
  }
}

Result<int> run(const Globals& globals, const CommandLine& line) {
  auto interval = parse_milliseconds("--interval", line.value("interval", "5s"));
  if (!interval) return interval.error();
  auto container = find(globals.root, line.words().front());
  if (!container) return container.error();
  ContainerStatus status = status_of(container->record);
  if (status == ContainerStatus::stopped || status == ContainerStatus::creating)
    return Error{"events", "", "container " + container->record.id, ESRCH,
                 std::string("container is not running: it is ") + name_of(status)};
  auto cgroup = cgroup_of(container->record);
  if (line.has("stats")) {
    print_usage(*container, *cgroup);
    return 0;
  }
  if (Status followed = follow(*container, *cgroup, *interval); !followed) return followed.error();
  return 0;
}

}  // namespace

const Verb kEvents{.name = "events",
                   .words = "CONTAINER",
                   .about = "print what a container uses, and that its memory has run out, as lines of JSON",
                   .flags = kFlags,
                   .fewest_words = 1,
                   .most_words = 1,
                   .options_end_at_word = false,
                   .run = run};

}  // namespace minirun::runtime
