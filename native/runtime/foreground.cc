#include "runtime/foreground.h"

#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>

#include <string>

#include "core/syscalls.h"
#include "core/terminal.h"

namespace minirun::runtime {
namespace {

constexpr size_t kReadBytes = size_t{64} * 1024;

// What is about this process itself is not passed on.
constexpr int kFaults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS};
constexpr int kOwn[] = {SIGCHLD, SIGPIPE, SIGTTIN, SIGTTOU};

bool write_all(int fd, const char* bytes, size_t length) {
  while (length > 0) {
    ssize_t written = ::write(fd, bytes, length);
    if (written < 0 && errno == EAGAIN) {
      pollfd room{fd, POLLOUT, 0};
      ::poll(&room, 1, -1);
    } else if (written < 0 && errno != EINTR) {
      return false;
    }
    if (written <= 0) continue;
    bytes += written;
    length -= static_cast<size_t>(written);
  }
  return true;
}

enum class Carried : uint8_t { some, nothing, end };

/** Reads what there is at the moment. */
Carried read_some(int from, std::string& bytes) {
  char buffer[kReadBytes];
  ssize_t length = ::read(from, buffer, sizeof buffer);
  if (length < 0) return errno == EINTR || errno == EAGAIN ? Carried::nothing : Carried::end;
  bytes.append(buffer, static_cast<size_t>(length));
  return length == 0 ? Carried::end : Carried::some;
}

/** Writes as much as there is room for; false: there will be none. */
bool write_some(int to, std::string& bytes) {
  ssize_t length = ::write(to, bytes.data(), bytes.size());
  if (length < 0) return errno == EINTR || errno == EAGAIN;
  bytes.erase(0, static_cast<size_t>(length));
  return true;
}

/** Shows what the terminal has at the moment. */
Carried show(int master) {
  std::string bytes;
  Carried carried = read_some(master, bytes);
  return write_all(STDOUT_FILENO, bytes.data(), bytes.size()) ? carried : Carried::end;
}

}  // namespace

Foreground::Foreground() {
  sigset_t set;
  ::sigfillset(&set);
  for (int signal : kFaults) ::sigdelset(&set, signal);
  // Blocked and never ignored: the program would inherit what is ignored, while the child unblocks
  // everything.
  ::sigprocmask(SIG_BLOCK, &set, nullptr);
  for (int signal : kOwn) ::sigdelset(&set, signal);
  signals_.reset(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
}

Foreground::~Foreground() {
  if (raw_) ::tcsetattr(STDIN_FILENO, TCSADRAIN, &settings_);
}

ExitStatus Foreground::stay_with(ContainedProcess& process) {
  int master = process.stdio().master.get();
  if (master >= 0) take_terminal(master);
  bool input_open = master >= 0;
  // What the terminal has no room for waits here: its program may take no more before its own output is read.
  std::string input;
  for (;;) {
    short wanted = input.empty() ? POLLIN : POLLIN | POLLOUT;
    pollfd watched[] = {{process.pidfd(), POLLIN, 0},
                        {signals_.get(), POLLIN, 0},
                        {master, wanted, 0},
                        {input_open && input.empty() ? STDIN_FILENO : -1, POLLIN, 0}};
    if (::poll(watched, 4, -1) < 0 && errno != EINTR) break;
    if (watched[1].revents != 0) forward_signal(process);
    if ((watched[2].revents & ~POLLOUT) != 0) show(master);
    if (watched[3].revents != 0) input_open = read_some(STDIN_FILENO, input) != Carried::end;
    if (!input.empty() && !write_some(master, input)) {
      input.clear();
      input_open = false;
    }
    if (watched[0].revents != 0) break;
  }
  while (master >= 0 && show(master) == Carried::some) {
  }
  return process.wait(true).value_or(ExitStatus{});
}

/** The container's terminal does echo, editing and signals; this one only passes keys on. */
void Foreground::take_terminal(int master) {
  if (::tcgetattr(STDIN_FILENO, &settings_) < 0) return;
  termios raw = settings_;
  ::cfmakeraw(&raw);
  raw_ = ::tcsetattr(STDIN_FILENO, TCSANOW, &raw) == 0;
  (void)static_cast<bool>(resize_terminal(master, terminal_size(STDIN_FILENO)));
}

void Foreground::forward_signal(ContainedProcess& process) {
  signalfd_siginfo info{};
  if (::read(signals_.get(), &info, sizeof info) != sizeof info) return;
  int master = process.stdio().master.get();
  if (info.ssi_signo == SIGWINCH && master >= 0) {
    (void)static_cast<bool>(resize_terminal(master, terminal_size(STDIN_FILENO)));
  } else {
    sys::pidfd_send_signal(process.pidfd(), static_cast<int>(info.ssi_signo));
  }
}

}  // namespace minirun::runtime
