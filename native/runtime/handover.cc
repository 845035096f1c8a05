#include "runtime/handover.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "core/file.h"
#include "core/terminal.h"
#include "core/unique_fd.h"

namespace minirun::runtime {
namespace {

Error console_error(const char* call, const std::string& path, int code) {
  return {"console socket", call, path, code, ""};
}

Result<UniqueFd> connect_to(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return console_error("connect", path, ENAMETOOLONG);
  path.copy(address.sun_path, path.size());
  UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket) return console_error("socket", path, errno);
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) < 0)
    return console_error("connect", path, errno);
  return socket;
}

}  // namespace

Status hand_over_terminal(const std::string& socket_path, int master) {
  auto socket = connect_to(socket_path);
  if (!socket) return socket.error();
  int flags = ::fcntl(master, F_GETFL);
  if (flags < 0 || ::fcntl(master, F_SETFL, flags & ~O_NONBLOCK) < 0)
    return console_error("fcntl", socket_path, errno);
  if (Fault fault = send_descriptor(socket->get(), master, "/dev/ptmx"))
    return console_error(fault.call, socket_path, fault.code);
  return {};
}

Status write_pid_file(const std::string& path, pid_t pid) {
  if (path.empty()) return {};
  Status written = replace_file(path, std::to_string(pid), 0644, Durability::none);
  if (!written) written.error().step = "pid file";
  return written;
}

}  // namespace minirun::runtime
