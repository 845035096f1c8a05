#include "core/gate.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cstdio>

namespace minirun {
namespace {

constexpr const char* kName = "gate";
constexpr const char* kHidden = "gate.new";

/** The socket's address by its directory's descriptor: paths of state directories may be longer than an
 * address can be. */
sockaddr_un address_in(int directory, const char* name) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::snprintf(address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d/%s", directory, name);
  return address;
}

Error gate_error(const char* call) {
  return {"gate", call, kName, errno, ""};
}

UniqueFd new_socket() {
  return UniqueFd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

}  // namespace

Result<UniqueFd> make_gate(int directory) {
  UniqueFd socket = new_socket();
  if (!socket) return gate_error("socket");
  sockaddr_un address = address_in(directory, kHidden);
  mode_t before = ::umask(0177);
  int bound = ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
  ::umask(before);
  if (bound < 0) return gate_error("bind");
  if (::listen(socket.get(), 1) < 0) return gate_error("listen");
  return socket;
}

Status show_gate(int directory) {
  return ::renameat(directory, kHidden, directory, kName) < 0 ? gate_error("renameat") : Status();
}

bool has_gate(int directory) {
  return ::faccessat(directory, kName, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

Result<UniqueFd> knock_at_gate(int directory) {
  UniqueFd socket = new_socket();
  if (!socket) return gate_error("socket");
  sockaddr_un address = address_in(directory, kName);
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) < 0)
    return gate_error("connect");
  return socket;
}

Status open_gate(int connection) {
  if (::send(connection, "+", 1, MSG_NOSIGNAL) != 1) return gate_error("send");
  char byte = 0;
  while (::read(connection, &byte, 1) < 0 && errno == EINTR) {
  }
  return {};
}

void remove_gate(int directory) {
  ::unlinkat(directory, kName, 0);
}

}  // namespace minirun
