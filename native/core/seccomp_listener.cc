#include "core/seccomp_listener.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <atomic>
#include <cstring>

#include "core/syscalls.h"

namespace minirun {
namespace {

constexpr size_t kMostPieces = 8;
constexpr timespec kMoment{0, 50'000};

Fault connect_to(const std::string& path, UniqueFd& connection) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return {"connect", ENAMETOOLONG};
  std::memcpy(address.sun_path, path.data(), path.size());
  connection.reset(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!connection) return failed("socket");
  int status = ::connect(connection.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
  return status < 0 ? failed("connect") : kNoFault;
}

/** /proc/self names the process as the procfs's own pid namespace, which is the host's, counts. */
Fault read_own_number(char (&pid)[16]) {
  ssize_t length = ::readlink("/proc/self", pid, sizeof pid - 1);
  if (length < 0) return failed("readlink");
  pid[length] = '\0';
  return kNoFault;
}

/** The message in pieces, with the descriptor beside the first byte. */
class Delivery {
 public:
  explicit Delivery(const SeccompListener& listener) : connection_(listener.connection.get()) {
    const auto& parts = listener.message.parts;
    for (size_t i = 0; i < parts.size() && count_ + 2 <= kMostPieces; ++i) {
      if (i > 0) add(listener.pid, std::strlen(listener.pid));
      add(parts[i].data(), parts[i].size());
    }
  }

  Fault send(int fd) {
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof fd)] = {};
    msghdr header{};
    header.msg_control = control;
    header.msg_controllen = sizeof control;
    cmsghdr* rights = CMSG_FIRSTHDR(&header);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(sizeof fd);
    std::memcpy(CMSG_DATA(rights), &fd, sizeof fd);
    while (first_ < count_) {
      header.msg_iov = pieces_ + first_;
      header.msg_iovlen = count_ - first_;
      ssize_t sent = ::sendmsg(connection_, &header, MSG_NOSIGNAL);
      if (sent < 0 && errno != EINTR) return failed("sendmsg");
      if (sent < 0) continue;
      header.msg_control = nullptr;
      header.msg_controllen = 0;
      advance(static_cast<size_t>(sent));
    }
    return kNoFault;
  }

 private:
  void add(const char* bytes, size_t length) { pieces_[count_++] = {const_cast<char*>(bytes), length}; }

  void advance(size_t sent) {
    while (first_ < count_ && sent >= pieces_[first_].iov_len) sent -= pieces_[first_++].iov_len;
    if (first_ == count_) return;
    pieces_[first_].iov_base = static_cast<char*>(pieces_[first_].iov_base) + sent;
    pieces_[first_].iov_len -= sent;
  }

  int connection_;
  iovec pieces_[kMostPieces] = {};
  size_t count_ = 0;
  size_t first_ = 0;
};

/** What the two threads have in common. They tell each other by memory alone. */
struct Handover {
  explicit Handover(const SeccompListener& listener) : delivery(listener) {}

  static constexpr int kNotYet = -2;
  Delivery delivery;
  std::atomic<int> filter = kNotYet;  ///< the descriptor, or -1: there is none
  std::atomic<bool> done = false;
  Fault fault;
  alignas(16) char stack[16384];
};

int send_filter(void* argument) {
  auto* handover = static_cast<Handover*>(argument);
  while (handover->filter.load(std::memory_order_acquire) == Handover::kNotYet)
    ::nanosleep(&kMoment, nullptr);
  int filter = handover->filter.load(std::memory_order_relaxed);
  if (filter >= 0) {
    handover->fault = handover->delivery.send(filter);
    ::close(filter);  // the program gets no descriptor of its own filter
  }
  handover->done.store(true, std::memory_order_release);
  return 0;
}

}  // namespace

void plan_listener(Plan& plan, const ContainerSpec& spec, SeccompListener& listener) {
  if (!spec.seccomp || spec.seccomp->listener_path.empty()) return;
  const std::string& path = spec.seccomp->listener_path;
  auto connect = [&path, &listener](TraceRow& row) {
    Fault fault = connect_to(path, listener.connection);
    if (fault) row.annotate("nobody is there to be asked about system calls");
    return fault;
  };
  plan.add({Side::host, "seccomp listener", "connect", path, path, "/linux/seccomp/listenerPath", connect});
  auto read = [&listener](TraceRow&) { return read_own_number(listener.pid); };
  plan.add({Side::child, "own number", "readlink", "/proc/self", "for the seccomp listener",
            "/linux/seccomp/listenerPath", read});
}

Fault install_with_listener(const SeccompListener& listener, int (*install)(const void*),
                            const void* argument) {
  Handover handover(listener);
  int flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM;
  if (::clone(send_filter, handover.stack + sizeof handover.stack, flags, &handover) < 0)
    return failed("clone");
  int filter = install(argument);
  Fault fault = filter < 0 ? failed("seccomp") : kNoFault;
  handover.filter.store(filter < 0 ? -1 : filter, std::memory_order_release);
  while (!handover.done.load(std::memory_order_acquire)) {
  }
  return fault ? fault : handover.fault;
}

}  // namespace minirun
