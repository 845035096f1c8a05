#include "shim/session.h"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <termios.h>

#include "core/syscalls.h"
#include "shim/report.h"

namespace minirun::shim {
namespace {

constexpr size_t kRingBytes = 1 << 20;
constexpr size_t kReadBytes = size_t{64} * 1024;
constexpr size_t kMostPendingInput = size_t{64} * 1024;
constexpr int kReadsPerWakeup = 16;  // then clients get their turn
constexpr uint64_t kFromStart = UINT64_MAX;
constexpr uint8_t kWritable = 1;

/** How many bytes may wait in a pipe, or in a terminal (drivers/tty/pty.c has some KiB). */
size_t capacity_of(int fd) {
  int bytes = ::fcntl(fd, F_GETPIPE_SZ);
  return bytes > 0 ? static_cast<size_t>(bytes) : kReadBytes;
}

TerminalSize size_in(const Frame& frame) {
  return {get<uint16_t>(frame.payload, 0), get<uint16_t>(frame.payload, 2)};
}

}  // namespace

Session::Session(EventLoop& loop, ContainedProcess& process, OutputLog& log, EndTrace& end)
    : loop_(loop), process_(process), log_(log), end_(end), ring_(kRingBytes, log.end()) {}

Status Session::listen(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path)
    return Error{"shim socket", "bind", path, ENAMETOOLONG, "a socket's path has 107 bytes at most"};
  path.copy(address.sun_path, path.size());
  listener_.reset(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!listener_) return Error{"shim socket", "socket", path, errno, ""};
  ::unlink(path.c_str());
  mode_t before = ::umask(0177);
  int bound = ::bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address);
  ::umask(before);
  if (bound < 0) return Error{"shim socket", "bind", path, errno, ""};
  if (::listen(listener_.get(), 64) < 0) return Error{"shim socket", "listen", path, errno, ""};
  loop_.add(listener_.get(), EPOLLIN, [this](uint32_t) { accept(); });
  return {};
}

void Session::start() {
  Stdio& stdio = process_.stdio();
  auto watch = [this](UniqueFd& fd, Stream stream) {
    loop_.add(fd.get(), EPOLLIN, [this, &fd, stream](uint32_t events) { on_stream(fd, stream, events); });
  };
  if (stdio.is_terminal()) {
    watch(stdio.master, Stream::output);
    log_.append_size(process_.spec().process.size);
    return;
  }
  watch(stdio.output, Stream::output);
  watch(stdio.error, Stream::error);
  loop_.add(stdio.input.get(), 0, [this](uint32_t events) {
    if ((events & EPOLLERR) != 0) {  // no reader is left
      close_input();
    } else {
      write_input();
    }
    resume_clients();
  });
}

void Session::drain() {
  Stdio& stdio = process_.stdio();
  stdio.close_child_ends();
  drain_stream(stdio.master, Stream::output);
  drain_stream(stdio.output, Stream::output);
  drain_stream(stdio.error, Stream::error);
  close_input();
  resume_clients();
  serve_all();
}

void Session::drain_stream(UniqueFd& fd, Stream stream) {
  if (!fd) return;
  // What was there when they ended comes first, and is no more than what there is room for.
  for (size_t left = capacity_of(fd.get()); left > 0;) {
    size_t length = read_stream(fd.get(), stream);
    if (length == 0) break;
    left -= std::min(left, length);
  }
  loop_.remove(fd.get());
  fd.reset();
}

void Session::announce_exit(const std::string& json) {
  exit_json_ = json;
  serve_all();
}

bool Session::everyone_knows() const {
  for (const auto& client : clients_) {
    if (!client.told_exit || !client.idle()) return false;
  }
  return true;
}

void Session::hang_up() {
  for (const auto& client : clients_) ::shutdown(client.fd(), SHUT_WR);
}

// Connections

void Session::accept() {
  UniqueFd socket(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!socket) return;
  clients_.emplace_back(std::move(socket));
  Iterator client = std::prev(clients_.end());
  watch(client);
  serve(*client);
}

void Session::watch(Iterator client) {
  loop_.add(client->fd(), EPOLLIN, [this, client](uint32_t events) { on_client(client, events); });
}

void Session::on_client(Iterator client, uint32_t events) {
  // A client that hung up while it was paused has input that is still to be read: resume_clients() does.
  if (client->paused && (events & (EPOLLHUP | EPOLLERR)) != 0) return loop_.remove(client->fd());
  bool sound = (events & EPOLLERR) == 0;
  if (sound && (events & EPOLLIN) != 0) {
    sound = client->receive();
    handle_frames(*client);
    resume_clients();  // the others, where it has turned out that no more input is taken
  }
  if (!sound) return drop(client);
  serve(*client);
  if (client->closing() && client->idle()) drop(client);
}

/** Reads again from clients that were not read from while the container took no input. */
void Session::resume_clients() {
  for (Iterator client = clients_.begin(); client != clients_.end(); ++client) {
    if (!client->paused || input_.size() > kMostPendingInput) continue;
    client->paused = false;
    handle_frames(*client);
    if (!client->paused) watch(client);
    update_interest(*client);
  }
}

/** Handles whole frames until one has to wait. */
void Session::handle_frames(Client& client) {
  while (!client.paused && !client.closing()) {
    auto frame = client.parser().next();
    if (!frame) break;
    handle(client, *frame);
  }
  if (client.parser().broken() && !client.closing())
    refuse(client, "malformed-frame", "Malformed frame", "a frame is empty or larger than 1 MiB + 16 bytes");
}

void Session::handle(Client& client, const Frame& frame) {
  auto opcode = static_cast<Opcode>(frame.opcode);
  size_t size = frame.payload.size();
  if (opcode == Opcode::attach && size == 9) return on_attach(client, frame);
  if (opcode == Opcode::input) return on_input(client, frame);
  if (opcode == Opcode::resize && size == 4) return on_resize(client, frame);
  if (opcode == Opcode::ack && size == 8) return client.acknowledge(get<uint64_t>(frame.payload));
  if (opcode == Opcode::end_of_input && size == 0) return on_end_of_input(client);
  if (opcode == Opcode::signal && size == 2) return on_signal(client, frame);
  refuse(client, "malformed-frame", "Malformed frame",
         "opcode " + std::to_string(frame.opcode) + " with a payload of " + std::to_string(size) +
             " bytes is not part of the protocol");
}

void Session::on_attach(Client& client, const Frame& frame) {
  if (client.attached())
    return refuse(client, "already-attached", "Already attached", "a connection can attach only once");
  auto from = get<uint64_t>(frame.payload);
  uint64_t offset = from == kFromStart ? ring_.begin() : std::min(from, ring_.end());
  client.attach(offset, (get<uint8_t>(frame.payload, 8) & kWritable) != 0);
  TerminalSize size = process_.stdio().is_terminal() ? terminal_size(process_.stdio().master.get())
                                                     : process_.spec().process.size;
  // What has left the ring already is told of by the gap that follows.
  uint64_t first = std::max(offset, ring_.begin());
  client.queue(Opcode::ready, ready_message(process_.spec().process.terminal, first, ring_.end(), size));
}

void Session::on_input(Client& client, const Frame& frame) {
  if (!client.writable())
    return refuse(client, "not-writable", "Not writable", "the connection was attached for watching only");
  if (typist_ != &client) {
    typist_ = &client;
    if (client.wanted_size) resize(*client.wanted_size);
    client.wanted_size.reset();
  }
  if (input_fd() < 0 || end_of_input_) return;
  input_ += frame.payload;
  write_input();
  client.paused = input_.size() > kMostPendingInput;
}

void Session::on_resize(Client& client, const Frame& frame) {
  if (!client.attached()) return refuse(client, "not-attached", "Not attached", "attach before resizing");
  if (!client.writable()) return;  // who only watches takes the size as it is
  TerminalSize size = size_in(frame);
  if (size.cols == 0 || size.rows == 0) return;
  if (typist_ == nullptr || typist_ == &client) return resize(size);
  client.wanted_size = size;
}

void Session::on_end_of_input(Client& client) {
  if (!client.writable())
    return refuse(client, "not-writable", "Not writable", "the connection was attached for watching only");
  if (!process_.stdio().is_terminal()) {
    end_of_input_ = true;
  } else {
    termios settings{};
    if (::tcgetattr(process_.stdio().master.get(), &settings) == 0)
      input_.push_back(static_cast<char>(settings.c_cc[VEOF]));
  }
  write_input();
}

void Session::on_signal(Client& client, const Frame& frame) {
  int signal = get<uint8_t>(frame.payload, 0);
  auto scope = static_cast<SignalScope>(get<uint8_t>(frame.payload, 1));
  client.queue(Opcode::signalled, signalled_message(send_signal(signal, scope)));
}

/** Answers 0 or an errno. */
int Session::send_signal(int signal, SignalScope scope) {
  if (scope == SignalScope::terminal) return hang_up_terminal();
  if (scope == SignalScope::group) return thaw();
  return scope == SignalScope::everyone ? signal_everyone(signal) : signal_first(signal);
}

int Session::hang_up_terminal() {
  int64_t start_ns = monotonic_ns();
  Status sent = minirun::hang_up_terminal(process_.stdio().master.get());
  end_.hung_up(start_ns, sent);
  return sent ? 0 : sent.error().code;
}

int Session::thaw() {
  int64_t start_ns = monotonic_ns();
  Status thawed = process_.cgroup().freeze(false);
  end_.thawed(process_.cgroup().path(), start_ns, thawed);
  return thawed ? 0 : thawed.error().code;
}

int Session::signal_everyone(int signal) {
  Reach reach = process_.reach_of_all(signal);
  int64_t start_ns = monotonic_ns();
  Status sent = process_.signal_all(signal);
  int code = sent ? 0 : sent.error().code;
  end_.sent(signal, reach, start_ns, code);
  return code;
}

int Session::signal_first(int signal) {
  int64_t start_ns = monotonic_ns();
  int code = sys::pidfd_send_signal(process_.pidfd(), signal) < 0 ? errno : 0;
  end_.sent(signal, {"pidfd_send_signal", "process " + std::to_string(process_.pid())}, start_ns, code);
  return code;
}

void Session::refuse(Client& client, const char* code, const char* title, const std::string& detail) {
  client.queue(Opcode::problem, problem_message(code, title, detail));
  client.close_when_flushed();
}

// The container's streams

/** Reads once, so many bytes; 0 when there is nothing now, or never again. */
size_t Session::read_stream(int fd, Stream stream) {
  char buffer[kReadBytes];
  ssize_t length = 0;
  do {
    length = ::read(fd, buffer, sizeof buffer);
  } while (length < 0 && errno == EINTR);
  if (length <= 0) return 0;
  std::string_view bytes(buffer, static_cast<size_t>(length));
  ring_.append(stream, bytes);
  log_.append(stream, bytes);
  return bytes.size();
}

void Session::on_stream(UniqueFd& fd, Stream stream, uint32_t events) {
  if ((events & EPOLLOUT) != 0) {  // only a terminal is written to where it is read from
    write_input();
    resume_clients();
  }
  int reads = 0;
  while (reads < kReadsPerWakeup && read_stream(fd.get(), stream) > 0) ++reads;
  serve_all();
  // A pipe without writers is at its end. A terminal never hangs up here: the shim has its other side open
  // too.
  if (reads == 0 && (events & (EPOLLHUP | EPOLLERR)) != 0) loop_.remove(fd.get());
}

int Session::input_fd() const {
  const Stdio& stdio = process_.stdio();
  return stdio.is_terminal() ? stdio.master.get() : stdio.input.get();
}

void Session::write_input() {
  size_t written = 0;
  while (written < input_.size()) {
    ssize_t length = ::write(input_fd(), input_.data() + written, input_.size() - written);
    if (length < 0 && errno == EINTR) continue;
    if (length < 0 && errno != EAGAIN) return close_input();
    if (length < 0) break;
    written += static_cast<size_t>(length);
  }
  input_.erase(0, written);
  if (end_of_input_ && input_.empty()) return close_input();
  update_input_interest();
}

/** The container takes no more input: what waits is dropped, and a pipe is closed. */
void Session::close_input() {
  input_.clear();
  UniqueFd& pipe = process_.stdio().input;
  if (pipe) loop_.remove(pipe.get());
  pipe.reset();
}

void Session::update_input_interest() {
  bool terminal = process_.stdio().is_terminal();
  uint32_t events = (terminal ? EPOLLIN : 0u) | (input_.empty() ? 0u : EPOLLOUT);
  if (input_fd() >= 0) loop_.modify(input_fd(), events);
}

void Session::resize(TerminalSize size) {
  if (!process_.stdio().is_terminal()) return;
  int master = process_.stdio().master.get();
  TerminalSize before = terminal_size(master);
  if (before == size || !resize_terminal(master, size)) return;
  log_.append_size(size);
  for (auto& client : clients_) {
    // Who types has a size of their own, that of their window; who watches shows the terminal's.
    if (!client.attached() || client.writable()) continue;
    client.queue(Opcode::resized, resized_message(size));
    serve(client);
  }
}

// Output to clients

void Session::serve(Client& client) {
  if (client.attached() && !client.closing()) {
    Client::Progress progress = client.send_output(ring_);
    if (progress == Client::Progress::jumped && process_.stdio().is_terminal())
      redraw_terminal(process_.stdio().master.get());
  }
  bool may_hear_exit = !client.attached() || client.has_all(ring_);
  if (!exit_json_.empty() && !client.told_exit && may_hear_exit) {
    client.queue(Opcode::exit, exit_json_);
    client.told_exit = true;
  }
  client.flush();
  update_interest(client);
}

void Session::serve_all() {
  for (auto& client : clients_) serve(client);
}

void Session::update_interest(Client& client) {
  loop_.modify(client.fd(), (client.paused ? 0u : EPOLLIN) | (client.idle() ? 0u : EPOLLOUT));
}

void Session::drop(Iterator client) {
  if (typist_ == &*client) typist_ = nullptr;
  loop_.remove(client->fd());
  clients_.erase(client);
}

}  // namespace minirun::shim
