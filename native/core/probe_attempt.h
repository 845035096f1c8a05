#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "core/file.h"

namespace minirun {

/**
 * Does something in a process of its own, which ends at once, and answers the errno that it came to: 0 where
 * it could be done. `act` returns what a system call does, -1 with errno for a failure.
 */
template <class Act>
int attempt(Act act) {
  pid_t child = ::fork();
  if (child < 0) return errno;
  if (child == 0) ::_exit(act() < 0 ? errno : 0);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return errno;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : ECHILD;
}

/** The first line of one of the kernel's files; empty where there is none. */
inline std::string first_line(const std::string& path) {
  auto text = read_file(path);
  if (!text) return "";
  return text->substr(0, text->find('\n'));
}

}  // namespace minirun
