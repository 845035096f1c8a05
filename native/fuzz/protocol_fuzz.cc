// shim.sock: whatever clients send, torn anywhere, the shim answers or hangs up, and lives.
//
// The input is a row of pieces: a byte with the client (two of them) and how much is sent at once, then that
// much.

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/container.h"
#include "core/unique_fd.h"
#include "shim/end_trace.h"
#include "shim/event_loop.h"
#include "shim/output_log.h"
#include "shim/session.h"
#include "test/temporary_directory.h"

using minirun::Container;
using minirun::ContainerSpec;
using minirun::UniqueFd;

namespace {

constexpr size_t kClients = 2;

std::string file(const char* name) {
  static const minirun::TemporaryDirectory directory;
  return directory / name;
}

/** A container that was never made, with a pipe to write to: nothing that a client asks for can reach
 * anything. */
struct Target {
  Target() : container(specification(), {}) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0) std::abort();
    reader.reset(ends[0]);
    container.stdio().input.reset(ends[1]);
    if (!log.open() || !session.listen(file("shim.sock"))) std::abort();
    session.start();
  }

  static ContainerSpec specification() {
    ContainerSpec spec;
    spec.process.args = {"true"};
    return spec;
  }

  minirun::shim::EventLoop loop;
  Container container;
  UniqueFd reader;
  minirun::shim::OutputLog log{file("output.log"), 1 << 20, 1};
  minirun::shim::EndTrace end;
  minirun::shim::Session session{loop, container, log, end};
};

UniqueFd connect_client() {
  UniqueFd client(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  file("shim.sock").copy(address.sun_path, sizeof address.sun_path - 1);
  if (::connect(client.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) < 0) std::abort();
  return client;
}

void drain(int fd) {
  char buffer[65536];
  while (::recv(fd, buffer, sizeof buffer, MSG_DONTWAIT) > 0) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Target target;
  UniqueFd clients[kClients];
  for (auto& client : clients) client = connect_client();
  target.loop.run_once(0);
  while (size > 1) {
    int client = clients[*data % kClients].get();
    size_t piece = std::min<size_t>(*data / kClients + 1, size - 1);
    if (::send(client, data + 1, piece, MSG_NOSIGNAL | MSG_DONTWAIT) < 0) break;
    data += 1 + piece;
    size -= 1 + piece;
    target.loop.run_once(0);
    for (auto& one : clients) drain(one.get());
  }
  for (auto& client : clients) client.reset();
  target.loop.run_once(0);
  target.session.drain();
  target.session.announce_exit("{}");
  target.loop.run_once(0);
  return 0;
}
