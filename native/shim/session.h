#pragma once

#include <list>
#include <string>

#include "core/contained_process.h"
#include "shim/client.h"
#include "shim/end_trace.h"
#include "shim/event_loop.h"
#include "shim/output_log.h"
#include "shim/ring.h"

namespace minirun::shim {

/**
 * The standard streams of a container, or of a further process in one, and everyone who watches or types:
 * output goes to the ring and the log, whether or not anyone listens; clients follow the ring, each at its
 * own pace.
 */
class Session {
 public:
  Session(EventLoop& loop, ContainedProcess& process, OutputLog& log, EndTrace& end);

  /** Listens on `path`; only the owner may connect. */
  Status listen(const std::string& path);
  /** Begins to read the container's output. */
  void start();

  /** Reads what the processes that have ended left behind. What others, that an exec leaves in the
   * background, go on writing is nobody's. */
  void drain();
  /** Signals the process, for whoever signals this one. Answers 0 or an errno. */
  int signal_first(int signal);
  /** Tells everyone of the exit: at once who never attached, the others after all their output. */
  void announce_exit(const std::string& json);
  /** Whether every attached client has all output and knows of the exit. */
  bool everyone_knows() const;

  /** Sends nothing more to anyone; who reads on comes to the end of the stream, and closes. */
  void hang_up();
  bool is_alone() const { return clients_.empty(); }

 private:
  using Clients = std::list<Client>;
  using Iterator = Clients::iterator;

  void accept();
  void watch(Iterator client);
  void on_client(Iterator client, uint32_t events);
  void resume_clients();
  void handle_frames(Client& client);
  void handle(Client& client, const Frame& frame);
  void on_attach(Client& client, const Frame& frame);
  void on_input(Client& client, const Frame& frame);
  void on_resize(Client& client, const Frame& frame);
  void on_end_of_input(Client& client);
  void on_signal(Client& client, const Frame& frame);
  int send_signal(int signal, SignalScope scope);
  int signal_everyone(int signal);
  int hang_up_terminal();
  int thaw();
  void refuse(Client& client, const char* code, const char* title, const std::string& detail);

  size_t read_stream(int fd, Stream stream);
  void drain_stream(UniqueFd& fd, Stream stream);
  void on_stream(UniqueFd& fd, Stream stream, uint32_t events);
  void write_input();
  void close_input();
  int input_fd() const;
  void update_input_interest();

  void serve(Client& client);
  void serve_all();
  void update_interest(Client& client);
  void drop(Iterator client);
  void resize(TerminalSize size);

  EventLoop& loop_;
  ContainedProcess& process_;
  OutputLog& log_;
  EndTrace& end_;
  Ring ring_;
  Clients clients_;
  UniqueFd listener_;
  std::string input_;          ///< what the container has not taken yet
  bool end_of_input_ = false;  ///< stdin closes when input_ is empty
  const Client* typist_ = nullptr;
  std::string exit_json_;
};

}  // namespace minirun::shim
