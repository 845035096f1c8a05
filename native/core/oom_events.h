#pragma once

#include <cstdint>
#include <string>

#include "core/cgroup.h"
#include "core/result.h"
#include "core/unique_fd.h"

namespace minirun {

/**
 * Tells when the kernel runs out of a group's memory, by a descriptor for an event loop: an eventfd of
 * cgroup.event_control on v1 (cgroup-v1/memory.rst), inotify on memory.events on v2.
 */
class OomEvents {
 public:
  /** EOPNOTSUPP: without a memory controller there is nothing to run out of. */
  static Result<OomEvents> watch(const Cgroup& group);

  /** Readable when something has happened that take() tells of; never blocks. */
  int fd() const { return events_.get(); }

  struct News {
    uint64_t kills = 0;  ///< processes that were killed since the last call
    bool oom = false;    ///< memory ran out; without a kill where the killer is disabled (v1)
    bool ended = false;  ///< the group is empty or gone, and nothing more will happen
  };
  News take();

 private:
  OomEvents(UniqueFd events, int version, std::string place);
  uint64_t count_kills() const;

  UniqueFd events_;
  int version_;
  std::string place_;
  uint64_t kills_;
};

}  // namespace minirun
