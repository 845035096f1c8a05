// What is done to a group while its processes run: freezing, and other limits.

#include <poll.h>

#include <algorithm>

#include "core/cgroup.h"
#include "core/trace.h"

namespace minirun {
namespace {

constexpr int64_t kFreezeTimeoutNs = 2'000'000'000;
constexpr int kLongestPauseMs = 20;
/** v1 may never freeze a group that forks all the time unless it is let go on now and then. */
constexpr int kRoundsBeforeThaw = 16;

}  // namespace

Status Cgroup::freeze(bool frozen) const {
  int pause = 1;
  int64_t deadline = monotonic_ns() + kFreezeTimeoutNs;
  for (int round = 1;; ++round, pause = std::min(pause * 2, kLongestPauseMs)) {
    if (Status asked = request_freeze(frozen); !asked) return asked;
    auto now = is_frozen();
    if (!now) return now.error();
    if (*now == frozen) return {};
    if (monotonic_ns() > deadline) break;
    if (frozen && version() == 1 && round % kRoundsBeforeThaw == 0)
      (void)static_cast<bool>(request_freeze(false));
    ::poll(nullptr, 0, pause);
  }
  (void)static_cast<bool>(request_freeze(false));
  return Error{frozen ? "freeze" : "thaw", "write", path(), ETIMEDOUT,
               "a process is in uninterruptible sleep (state D in ps)"};
}

Status Cgroup::update(const LimitSpec& limits) {
  auto writes = limit_writes(limits);
  if (!writes) return writes.error();
  if (Status checked = check_devices(limits.devices); !checked) return checked;
  if (Status extended = extend(limits); !extended) return extended;
  if (limits.memory.limit && limits.memory.check_before_update) {
    if (Status room = reclaim(*limits.memory.limit); !room) return room;
  }
  auto replaced = write_limits(*writes);
  if (!replaced) return replaced.error();
  if (limits.devices.empty()) return {};
  Status applied = apply_devices(limits.devices);
  if (!applied) put_back(*replaced);
  return applied;
}

}  // namespace minirun
