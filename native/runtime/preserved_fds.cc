#include "runtime/preserved_fds.h"

#include <fcntl.h>

namespace minirun::runtime {
namespace {

constexpr const char* kOption = "preserve-fds";
constexpr int64_t kMostPreserved = 1024;

/** What was inherited has outlived an execve; all of this process's own are close-on-exec. */
bool is_inherited(int fd) {
  return ::fcntl(fd, F_GETFD) == 0;
}

}  // namespace

Result<unsigned> read_preserved_fds(const CommandLine& line) {
  auto count = line.number(kOption, 0, kMostPreserved, 0);
  if (!count) return count.error();
  for (int fd = STDERR_FILENO + 1; fd <= STDERR_FILENO + *count; ++fd) {
    if (is_inherited(fd)) continue;
    return usage_error(std::string("--") + kOption, "descriptor " + std::to_string(fd) +
                                                        " is not open; the program would get the " +
                                                        std::to_string(*count) + " from 3 on");
  }
  return static_cast<unsigned>(*count);
}

}  // namespace minirun::runtime
