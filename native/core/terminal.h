#pragma once

#include <string_view>

#include "core/plan.h"
#include "core/spec.h"
#include "core/unique_fd.h"
#include "core/user_namespace.h"

namespace minirun {

/** The container's standard streams. With a terminal, `master` is set and the pipes are not. All close on
 * exec. */
struct Stdio {
  UniqueFd master;              ///< host's end of the terminal, non-blocking
  UniqueFd input;               ///< host's end of stdin, non-blocking
  UniqueFd output;              ///< host's end of stdout, non-blocking
  UniqueFd error;               ///< host's end of stderr, non-blocking
  UniqueFd child[3];            ///< the child's ends: 0, 1, 2 (a terminal has only the first)
  char terminal_path[32] = "";  ///< the terminal's place beneath the root: "dev/pts/0"

  bool is_terminal() const { return static_cast<bool>(master); }
  /** Closes the child's ends on the host, so that end of file can be seen. */
  void close_child_ends();
};

/** Plans three pipes on the host, which belong to the container's user. */
void plan_pipes(Plan& plan, const ProcessSpec& process, const UserNamespace& user, Stdio& stdio);

/**
 * Plans the child to open a terminal in the container's own devpts, so that ttyname() and ps agree inside,
 * and to hand it to the host over `channel`, a connected unix socket. `devpts` is the tree of /dev/pts; null
 * for a process that has entered the container's mount namespace.
 */
void plan_terminal(Plan& plan, const ProcessSpec& process, const UniqueFd* devpts, const UniqueFd& channel,
                   Stdio& stdio);
/**
 * Plans the host's side of it: to be planned behind the clone. `await` waits for the child to say something,
 * and is false when that is in vain.
 */
void plan_terminal_receipt(Plan& plan, const UniqueFd& channel, const std::function<bool()>& await,
                           Stdio& stdio);

/** Sends a descriptor over a unix socket (unix(7), SCM_RIGHTS) beside `name`, 63 bytes at most. Allocates
 * nothing. */
Fault send_descriptor(int channel, int fd, std::string_view name);

/** Plans the child's part: a session with the terminal as its controlling one, and descriptors 0, 1, 2. */
void plan_child_stdio(Plan& plan, const ContainerSpec& spec, const Stdio& stdio);

/** The same for a child that keeps its parent's 0, 1 and 2: a session, and streams that belong to its user.
 */
void plan_inherited_stdio(Plan& plan, const ProcessSpec& process);

/** Sets the window size; the kernel tells the foreground process group when it has changed. */
Status resize_terminal(int master, TerminalSize size);

/** Reads the window size. */
TerminalSize terminal_size(int master);

/**
 * Hangs the terminal up, as when its window is closed: SIGHUP and SIGCONT to the session, and end of file for
 * who reads it (tty_ioctl(4), TIOCVHANGUP; takes CAP_SYS_ADMIN). ENOTTY without a terminal.
 */
Status hang_up_terminal(int master);

/** Raises SIGWINCH in the terminal's foreground process group, so that full-screen programs draw again. */
void redraw_terminal(int master);

}  // namespace minirun
