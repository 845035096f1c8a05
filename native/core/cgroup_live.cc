// What is done to a group while its processes run: freezing, and other limits.

#include <poll.h>

#include <algorithm>

#include "core/cgroup.h"
#include "core/file.h"
#include "core/trace.h"

namespace minirun {
namespace {

constexpr int64_t kFreezeTimeoutNs = 2'000'000'000;
constexpr int kLongestPauseMs = 20;
/** v1 may never freeze a group that forks all the time unless it is let go on now and then. */
constexpr int kRoundsBeforeThaw = 16;

std::string without_line_end(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

/** What a write replaced. */
struct Replaced {
  std::string file;
  std::string value;
};

Status write_limit(const LimitWrite& write, std::vector<Replaced>& replaced) {
  auto before = read_file(write.file);
  if (!before) return before.error();
  Status written = write_control(write.file, write.value);
  if (!written) {
    written.error().step = write.name;
    return written;
  }
  replaced.push_back({write.file, without_line_end(*before)});
  return {};
}

/**
 * Writes in order, and what was refused once more at the end: on v1 memory must never be above memory and
 * swap together, so which of the two comes first depends on whether they rise or fall.
 */
Status write_limits(const std::vector<LimitWrite>& writes, std::vector<Replaced>& replaced) {
  std::vector<LimitWrite> refused;
  for (const auto& write : writes) {
    if (!write_limit(write, replaced)) refused.push_back(write);
  }
  for (const auto& write : refused) {
    if (Status written = write_limit(write, replaced); !written) return written;
  }
  return {};
}

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

Status Cgroup::update(const LimitSpec& limits) const {
  auto writes = limit_writes(limits);
  if (!writes) return writes.error();
  if (limits.memory_bytes) {
    if (Status room = reclaim(*limits.memory_bytes); !room) return room;
  }
  std::vector<Replaced> replaced;
  Status written = write_limits(*writes, replaced);
  if (written) return {};
  // Each is put back twice, for the same reason as above.
  for (int round = 0; round < 2; ++round) {
    for (auto one = replaced.rbegin(); one != replaced.rend(); ++one)
      (void)static_cast<bool>(write_control(one->file, one->value));
  }
  return written;
}

}  // namespace minirun
