#include "core/terminal.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <termios.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <optional>

#include "core/syscalls.h"

namespace minirun {
namespace {

constexpr int kPipeCapacity = 1 << 20;  // the most that an unprivileged user may ask for by default

Fault set_size(int terminal, TerminalSize size) {
  winsize window{};
  window.ws_col = size.cols;
  window.ws_row = size.rows;
  return ::ioctl(terminal, TIOCSWINSZ, &window) < 0 ? failed("ioctl(TIOCSWINSZ)") : kNoFault;
}

/** Linux 4.13: opens the peer without looking up a path, so no file system can put another in its place. */
UniqueFd open_peer(int master) {
  return UniqueFd(::ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC));
}

/** Makes a master that was just opened usable, and opens its other side for the process. */
Fault set_up_terminal(const ProcessSpec& process, Stdio& stdio) {
  int unlocked = 0;
  unsigned number = 0;
  if (::ioctl(stdio.master.get(), TIOCSPTLCK, &unlocked) < 0) return failed("ioctl(TIOCSPTLCK)");
  if (::ioctl(stdio.master.get(), TIOCGPTN, &number) < 0) return failed("ioctl(TIOCGPTN)");
  std::snprintf(stdio.terminal_path, sizeof stdio.terminal_path, "dev/pts/%u", number);
  stdio.child[0] = open_peer(stdio.master.get());
  if (!stdio.child[0]) return failed("ioctl(TIOCGPTPEER)");
  if (::fchown(stdio.child[0].get(), process.user.uid, static_cast<gid_t>(-1)) < 0) return failed("fchown");
  return set_size(stdio.master.get(), process.size);
}

/** `devpts` is the container's, of which no path leads elsewhere. */
Fault open_terminal(const ProcessSpec& process, int devpts, Stdio& stdio) {
  stdio.master.reset(::openat(devpts, "ptmx", O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
  return stdio.master ? set_up_terminal(process, stdio) : failed("openat");
}

/** The container may have put anything in the place of /dev/pts/ptmx: what is not devpts is not used. */
Fault open_terminal_inside(const ProcessSpec& process, Stdio& stdio) {
  open_how how{};
  how.flags = O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC;
  how.resolve = RESOLVE_NO_SYMLINKS;
  stdio.master.reset(sys::openat2(AT_FDCWD, "/dev/pts/ptmx", how));
  if (!stdio.master) return failed("openat2");
  struct statfs fs {};
  if (::fstatfs(stdio.master.get(), &fs) < 0) return failed("fstatfs");
  if (fs.f_type != DEVPTS_SUPER_MAGIC) return {"fstatfs", ENODEV};
  return set_up_terminal(process, stdio);
}

/** A message of a few bytes that carries one descriptor. */
struct DescriptorMessage {
  DescriptorMessage() {
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    header.msg_control = control;
    header.msg_controllen = sizeof control;
  }
  char bytes[64] = {};
  iovec part{bytes, sizeof bytes};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
  msghdr header{};
};

/** Nothing when the other side closed without sending one. */
UniqueFd receive_descriptor(int channel) {
  DescriptorMessage message;
  message.part.iov_len = 1;  // what comes behind it is the gate's
  if (::recvmsg(channel, &message.header, MSG_CMSG_CLOEXEC) <= 0) return {};
  const cmsghdr* rights = CMSG_FIRSTHDR(&message.header);
  if (rights == nullptr || rights->cmsg_type != SCM_RIGHTS || rights->cmsg_len != CMSG_LEN(sizeof(int)))
    return {};
  int fd = -1;
  std::memcpy(&fd, CMSG_DATA(rights), sizeof fd);
  return UniqueFd(fd);
}

std::string size_in_words(TerminalSize size) {
  return std::to_string(size.cols) + " columns, " + std::to_string(size.rows) + " rows";
}

/** Who the container's user is outside of its user namespace. Nothing: no one. */
struct StreamOwner {
  std::optional<uint32_t> uid;
  std::optional<uint32_t> gid;
};

StreamOwner owner_of(const UserSpec& user, const UserNamespace& names) {
  if (names.mappings.empty()) return {user.uid, user.gid};
  return {outside_id(names.mappings.uids, user.uid), outside_id(names.mappings.gids, user.gid)};
}

/**
 * A pipe whose host's end doesn't block; the child's end belongs to the user, who may open /dev/stdout anew.
 * Who makes a container without being root can't give it away, and mostly is that user.
 */
Fault open_pipe(const StreamOwner& owner, bool host_reads, UniqueFd& host, UniqueFd& child) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) < 0) return failed("pipe2");
  host.reset(ends[host_reads ? 0 : 1]);
  child.reset(ends[host_reads ? 1 : 0]);
  // More room means fewer wake-ups; where the user's share of pipe memory is used up, the default does as
  // well.
  ::fcntl(host.get(), F_SETPIPE_SZ, kPipeCapacity);
  if (::fcntl(host.get(), F_SETFL, O_NONBLOCK) < 0) return failed("fcntl");
  if (!owner.uid || !owner.gid || ::fchown(child.get(), *owner.uid, *owner.gid) == 0) return kNoFault;
  return errno == EPERM && ::geteuid() != 0 ? kNoFault : failed("fchown");
}

Fault open_pipes(const StreamOwner& owner, Stdio& stdio) {
  if (Fault fault = open_pipe(owner, false, stdio.input, stdio.child[0])) return fault;
  if (Fault fault = open_pipe(owner, true, stdio.output, stdio.child[1])) return fault;
  return open_pipe(owner, true, stdio.error, stdio.child[2]);
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

bool is_null_device(const struct stat& status) {
  return S_ISCHR(status.st_mode) && status.st_rdev == makedev(1, 3);
}

/**
 * The program's user owns its streams, so that it can open /dev/stdout anew. Everybody's /dev/null stays as
 * it is, and what can't be given away is merely not opened.
 */
Fault keep_stdio(uid_t uid) {
  if (::setsid() < 0) return failed("setsid");
  for (int fd = 0; fd < 3; ++fd) {
    struct stat status {};
    if (::fstat(fd, &status) < 0 || status.st_uid == uid || is_null_device(status)) continue;
    static_cast<void>(::fchown(fd, uid, static_cast<gid_t>(-1)) < 0);
  }
  return kNoFault;
}

}  // namespace

void Stdio::close_child_ends() {
  for (auto& end : child) end.reset();
}

Fault send_descriptor(int channel, int fd, std::string_view name) {
  DescriptorMessage message;
  message.part.iov_len = std::min(name.size(), sizeof message.bytes - 1);
  std::memcpy(message.bytes, name.data(), message.part.iov_len);
  cmsghdr* rights = CMSG_FIRSTHDR(&message.header);
  rights->cmsg_level = SOL_SOCKET;
  rights->cmsg_type = SCM_RIGHTS;
  rights->cmsg_len = CMSG_LEN(sizeof fd);
  std::memcpy(CMSG_DATA(rights), &fd, sizeof fd);
  return ::sendmsg(channel, &message.header, MSG_NOSIGNAL) < 0 ? failed("sendmsg") : kNoFault;
}

void plan_pipes(Plan& plan, const ProcessSpec& process, const UserNamespace& user, Stdio& stdio) {
  auto open = [&process, &user, &stdio](TraceRow&) {
    return open_pipes(owner_of(process.user, user), stdio);
  };
  plan.add({Side::host, "pipes", "pipe2", "stdin, stdout, stderr", "O_CLOEXEC", "/process/terminal", open});
}

void plan_terminal(Plan& plan, const ProcessSpec& process, const UniqueFd* devpts, const UniqueFd& channel,
                   Stdio& stdio) {
  auto open = [&process, devpts, &channel, &stdio](TraceRow&) {
    Fault fault = devpts != nullptr ? open_terminal(process, devpts->get(), stdio)
                                    : open_terminal_inside(process, stdio);
    return fault ? fault : send_descriptor(channel.get(), stdio.master.get(), "T");
  };
  plan.add({Side::child, "terminal", devpts != nullptr ? "openat" : "openat2", "/dev/pts/ptmx",
            size_in_words(process.size), "/process/terminal", open});
}

void plan_terminal_receipt(Plan& plan, const UniqueFd& channel, const std::function<bool()>& await,
                           Stdio& stdio) {
  auto receive = [&channel, await, &stdio](TraceRow&) {
    if (await()) stdio.master = receive_descriptor(channel.get());
    if (!stdio.master) return Fault{"recvmsg", ECHILD};
    stdio.child[0] = open_peer(stdio.master.get());
    return stdio.child[0] ? kNoFault : failed("ioctl(TIOCGPTPEER)");
  };
  plan.add(
      {Side::host, "take terminal", "recvmsg", "/dev/pts/ptmx", "SCM_RIGHTS", "/process/terminal", receive});
}

void plan_child_stdio(Plan& plan, const ContainerSpec& spec, const Stdio& stdio) {
  auto take = [&stdio](TraceRow&) { return take_stdio(stdio); };
  const char* arguments =
      spec.process.terminal ? "new session, controlling terminal, 0 1 2" : "new session, 0 1 2";
  plan.add({Side::child, "stdio", "dup2", "stdin, stdout, stderr", arguments, "/process/terminal", take});
}

void plan_inherited_stdio(Plan& plan, const ProcessSpec& process) {
  auto keep = [uid = process.user.uid](TraceRow&) { return keep_stdio(uid); };
  plan.add({Side::child, "stdio", "setsid", "stdin, stdout, stderr", "new session, the caller's 0 1 2",
            "/process/terminal", keep});
}

Status resize_terminal(int master, TerminalSize size) {
  if (Fault fault = set_size(master, size)) return Error{"resize", fault.call, "terminal", fault.code, ""};
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
