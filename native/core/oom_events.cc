#include "core/oom_events.h"

#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>

#include "core/cgroup_files.h"
#include "core/file.h"

namespace minirun {
namespace {

constexpr const char* kStep = "oom events";

Result<UniqueFd> watch_v1(const std::string& place) {
  UniqueFd events(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!events) return Error{kStep, "eventfd", place, errno, ""};
  std::string control = place + "/memory.oom_control";
  UniqueFd oom(::open(control.c_str(), O_RDONLY | O_CLOEXEC));
  if (!oom) return Error{kStep, "open", control, errno, ""};
  // The kernel keeps what it needs of the two; only the eventfd has to stay open.
  std::string pair = std::to_string(events.get()) + " " + std::to_string(oom.get());
  if (Status written = write_control(place + "/cgroup.event_control", pair); !written) return written.error();
  return events;
}

Result<UniqueFd> watch_v2(const std::string& place) {
  UniqueFd events(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
  if (!events) return Error{kStep, "inotify_init1", place, errno, ""};
  for (const char* name : {"/memory.events", "/cgroup.events"}) {
    if (::inotify_add_watch(events.get(), (place + name).c_str(), IN_MODIFY) < 0)
      return Error{kStep, "inotify_add_watch", place + name, errno, ""};
  }
  return events;
}

void drain(int fd) {
  alignas(inotify_event) char buffer[4096];
  while (::read(fd, buffer, sizeof buffer) > 0) {
  }
}

}  // namespace

OomEvents::OomEvents(UniqueFd events, int version, std::string place)
    : events_(std::move(events)), version_(version), place_(std::move(place)), kills_(count_kills()) {}

Result<OomEvents> OomEvents::watch(const Cgroup& group) {
  auto place = group.directory_of("memory");
  if (!place) return Error{kStep, "cgroup", "controller memory", EOPNOTSUPP, "the group has none"};
  auto events = group.version() == 2 ? watch_v2(*place) : watch_v1(*place);
  if (!events) return events.error();
  return OomEvents(std::move(*events), group.version(), *place);
}

OomEvents::News OomEvents::take() {
  uint64_t signals = 0;
  bool signalled = version_ == 1 && ::read(events_.get(), &signals, sizeof signals) > 0;
  if (version_ == 2) drain(events_.get());
  News news;
  auto populated = version_ == 2 ? read_keyed(place_ + "/cgroup.events", "populated") : std::nullopt;
  bool there = ::access(place_.c_str(), F_OK) == 0;
  news.ended = !there || populated == 0;
  if (!there) return news;  // v1 signals the removal too
  uint64_t kills = count_kills();
  news.kills = kills > kills_ ? kills - kills_ : 0;
  news.oom = signalled || news.kills > 0;
  kills_ = kills;
  return news;
}

uint64_t OomEvents::count_kills() const {
  const char* file = version_ == 2 ? "/memory.events" : "/memory.oom_control";
  return read_keyed(place_ + file, "oom_kill").value_or(0);
}

}  // namespace minirun
