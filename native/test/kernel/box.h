#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/container.h"
#include "test/temporary_directory.h"

namespace minirun {

/**
 * A container whose program is this very one, which is static, doing something by its arguments (program.h).
 * It has a control group below one that all boxes share, and goes away with all that it has made.
 */
class Box {
 public:
  /** `change` has the last word on the specification. */
  explicit Box(std::vector<std::string> action, LimitSpec limits = {},
               const std::function<void(ContainerSpec&)>& change = {});
  Box(const Box&) = delete;
  Box& operator=(const Box&) = delete;
  ~Box();

  /** Creates and starts. */
  Status start();
  /** The same, and fails the test where it doesn't succeed. */
  Box& must_start();

  Container& container() { return *container_; }
  /** The group as another process would open it. */
  Cgroup& group() { return *group_; }
  /** The group's directory in the hierarchy of a controller. */
  std::string place(const std::string& controller) const {
    return group_->directory_of(controller).value_or("");
  }
  /** What the file in the hierarchy of its controller says, without the end of its line: "memory.max". */
  std::string text(const std::string& controller, const std::string& file) const;

  /** The next line that the program writes; empty when it writes none within 10 s. */
  std::string line();
  /** How the program ended; nothing when it goes on for longer than that. */
  std::optional<ExitStatus> wait(int timeout_ms = 10'000);

  static const CgroupHost& host();
  static std::string group_root();

 private:
  TemporaryDirectory directory_;
  std::unique_ptr<Container> container_;
  std::unique_ptr<Cgroup> group_;
  std::string unread_;
};

/** A specification of a container below `directory`, with `action` for this program. */
ContainerSpec spec_of(const TemporaryDirectory& directory, std::vector<std::string> action);

/** Repeats what other people's load may spoil, at most five times; the last result counts. */
bool eventually(const std::function<bool()>& holds);

void sleep_ms(int milliseconds);

}  // namespace minirun
