#pragma once

#include <sys/types.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace minirun {

/** A text that is open where the number of a process stands, for that is known last. */
struct PidText {
  std::vector<std::string> parts;  ///< the number comes between them

  std::string with(pid_t pid) const {
    std::string text;
    for (size_t i = 0; i < parts.size(); ++i) text += (i > 0 ? std::to_string(pid) : "") + parts[i];
    return text;
  }
};

/** Writes down the state of a container that is in `status`, as OCI has it (runtime.md, "State"). */
using DescribeState = std::function<PidText(std::string_view status)>;

}  // namespace minirun
