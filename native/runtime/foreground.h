#pragma once

#include <termios.h>

#include "core/contained_process.h"
#include "core/unique_fd.h"

namespace minirun::runtime {

/**
 * This process as the one that stands in front of a container's: signals that it gets are the other's, and
 * with a terminal it carries bytes and sizes between its own terminal and the container's. To be made before
 * the process is, for signals that come meanwhile wait here.
 */
class Foreground {
 public:
  Foreground();
  ~Foreground();

  /** Returns when the process has ended and its terminal's output is read to the end. */
  ExitStatus stay_with(ContainedProcess& process);

 private:
  void take_terminal(int master);
  void forward_signal(ContainedProcess& process);

  UniqueFd signals_;
  termios settings_{};  ///< of this process's terminal, to be put back
  bool raw_ = false;
};

}  // namespace minirun::runtime
