#include "core/terminal.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <termios.h>

#include <cstdio>

namespace minirun {
namespace {

constexpr int kPipeCapacity = 1 << 20;  // the most that an unprivileged user may ask for by default

Fault open_terminal(const ProcessSpec& process, int devpts, Stdio& stdio) {
  stdio.master.reset(::openat(devpts, "ptmx", O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
  if (!stdio.master) return failed("openat");
  int unlocked = 0;
  unsigned number = 0;
  if (::ioctl(stdio.master.get(), TIOCSPTLCK, &unlocked) < 0) return failed("ioctl(TIOCSPTLCK)");
  if (::ioctl(stdio.master.get(), TIOCGPTN, &number) < 0) return failed("ioctl(TIOCGPTN)");
  std::snprintf(stdio.terminal_path, sizeof stdio.terminal_path, "dev/pts/%u", number);
  // Linux 4.13: opens the peer without looking up a path, so no file system can put another in its place.
  stdio.child[0].reset(::ioctl(stdio.master.get(), TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (!stdio.child[0]) return failed("ioctl(TIOCGPTPEER)");
  if (::fchown(stdio.child[0].get(), process.user.uid, static_cast<gid_t>(-1)) < 0) return failed("fchown");
  if (Status sized = resize_terminal(stdio.master.get(), process.size); !sized)
    return {"ioctl(TIOCSWINSZ)", sized.error().code};
  return kNoFault;
}

/** A pipe whose host's end doesn't block; the child's end belongs to the user, who may open /dev/stdout anew.
 */
Fault open_pipe(const UserSpec& user, bool host_reads, UniqueFd& host, UniqueFd& child) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) < 0) return failed("pipe2");
  host.reset(ends[host_reads ? 0 : 1]);
  child.reset(ends[host_reads ? 1 : 0]);
  // More room means fewer wake-ups; where the user's share of pipe memory is used up, the default does as
  // well.
  ::fcntl(host.get(), F_SETPIPE_SZ, kPipeCapacity);
  if (::fcntl(host.get(), F_SETFL, O_NONBLOCK) < 0) return failed("fcntl");
  return ::fchown(child.get(), user.uid, user.gid) < 0 ? failed("fchown") : kNoFault;
}

Fault open_pipes(const UserSpec& user, Stdio& stdio) {
  if (Fault fault = open_pipe(user, false, stdio.input, stdio.child[0])) return fault;
  if (Fault fault = open_pipe(user, true, stdio.output, stdio.child[1])) return fault;
  return open_pipe(user, true, stdio.error, stdio.child[2]);
}

Fault take_stdio(const Stdio& stdio) {
  if (::setsid() < 0) return failed("setsid");
  bool terminal = stdio.is_terminal();
  if (terminal && ::ioctl(stdio.child[0].get(), TIOCSCTTY, 0) < 0) return failed("ioctl(TIOCSCTTY)");
  for (int fd = 0; fd < 3; ++fd) {
    if (::dup2(stdio.child[terminal ? 0 : fd].get(), fd) < 0) return failed("dup2");
  }
  return kNoFault;
}

}  // namespace

void Stdio::close_child_ends() {
  for (auto& end : child) end.reset();
}

void plan_stdio(Plan& plan, const ContainerSpec& spec, const UniqueFd* devpts, Stdio& stdio) {
  const ProcessSpec& process = spec.process;
  if (!process.terminal) {
    auto open = [&process, &stdio](TraceRow&) { return open_pipes(process.user, stdio); };
    plan.add({Side::host, "pipes", "pipe2", "stdin, stdout, stderr", "O_CLOEXEC", "/process/terminal", open});
    return;
  }
  auto open = [&process, devpts, &stdio](TraceRow&) { return open_terminal(process, devpts->get(), stdio); };
  std::string size =
      std::to_string(process.size.cols) + " columns, " + std::to_string(process.size.rows) + " rows";
  plan.add({Side::host, "terminal", "openat", "/dev/pts/ptmx", size, "/process/terminal", open});
}

void plan_child_stdio(Plan& plan, const ContainerSpec& spec, const Stdio& stdio) {
  auto take = [&stdio](TraceRow&) { return take_stdio(stdio); };
  const char* arguments =
      spec.process.terminal ? "new session, controlling terminal, 0 1 2" : "new session, 0 1 2";
  plan.add({Side::child, "stdio", "dup2", "stdin, stdout, stderr", arguments, "/process/terminal", take});
}

Status resize_terminal(int master, TerminalSize size) {
  winsize window{};
  window.ws_col = size.cols;
  window.ws_row = size.rows;
  if (::ioctl(master, TIOCSWINSZ, &window) < 0)
    return Error{"resize", "ioctl(TIOCSWINSZ)", "terminal", errno, ""};
  return {};
}

TerminalSize terminal_size(int master) {
  winsize window{};
  if (::ioctl(master, TIOCGWINSZ, &window) < 0) return {};
  return {window.ws_col, window.ws_row};
}

Status hang_up_terminal(int master) {
  if (master < 0) return Error{"hang up", "ioctl(TIOCGPTPEER)", "terminal", ENOTTY, ""};
  UniqueFd peer(::ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (!peer) return Error{"hang up", "ioctl(TIOCGPTPEER)", "terminal", errno, ""};
  if (::ioctl(peer.get(), TIOCVHANGUP) < 0)
    return Error{"hang up", "ioctl(TIOCVHANGUP)", "terminal", errno, ""};
  return {};
}

void redraw_terminal(int master) {
  pid_t group = ::tcgetpgrp(master);  // translated to the caller's pid namespace by the kernel
  if (group > 0) ::kill(-group, SIGWINCH);
}

}  // namespace minirun
