#pragma once

#include <array>
#include <memory>
#include <string>

#include "core/container.h"
#include "runtime/command_line.h"
#include "runtime/record.h"
#include "runtime/verb.h"

namespace minirun::runtime {

/** The options that create and run have in common. */
inline constexpr std::array kLaunchFlags = std::to_array<Flag>({
    {"bundle", 'b', "DIR", "the OCI bundle (default: the current directory)"},
    {"console-socket", 0, "PATH", "the unix socket that takes the terminal's master"},
    {"pid-file", 0, "FILE", "where to write the process number of the container's first process"},
    {"preserve-fds", 0, "N", "let the program have N more descriptors after 0, 1 and 2"},
    {"no-pivot", 0, nullptr, "change the root without pivot_root, for a root on an initramfs"},
    {"no-new-keyring", 0, nullptr, "keep the caller's session keyring"},
    {"no-subreaper", 0, nullptr, "accepted and without effect: nothing is reaped for others"},
});

template <size_t N, size_t M>
constexpr std::array<Flag, N + M> join_flags(const std::array<Flag, N>& first,
                                             const std::array<Flag, M>& second) {
  std::array<Flag, N + M> all{};
  for (size_t i = 0; i < N; ++i) all[i] = first[i];
  for (size_t i = 0; i < M; ++i) all[N + i] = second[i];
  return all;
}

/** What create and run are asked for. */
struct LaunchRequest {
  std::string id;
  std::string bundle;
  std::string console_socket;
  std::string pid_file;
  unsigned preserved_fds = 0;
  bool new_keyring = true;
  bool no_pivot = false;
  bool detached = false;  ///< this process ends before the container does
};
Result<LaunchRequest> read_launch_request(const CommandLine& line, bool detached);

/** One container that is being made from a bundle, with its state directory. What fails leaves nothing
 * behind. */
class Launch {
 public:
  Launch(const Globals& globals, LaunchRequest request) : globals_(globals), request_(std::move(request)) {}
  ~Launch();

  /** Makes the container and leaves it at its gate, where another process starts it (start.cc). */
  Status create();
  /** Makes the container and runs its program. */
  Status run();
  Container& container() { return *container_; }

  /** After the first process has ended: takes the container's rest away, and with `keep` its state stays. */
  Status finish(bool keep);

 private:
  Status make();
  Status read_specification(ContainerSpec& spec);
  LaunchOptions launch_options(const ContainerSpec& spec);
  Status make_record();
  Status write_record(pid_t pid);
  Status hand_over();
  void release();
  void run_last_hooks();
  void undo();

  const Globals& globals_;
  LaunchRequest request_;
  std::string config_;
  std::unique_ptr<StateDirectory> directory_;
  Record record_;
  UniqueFd gate_;
  UniqueFd trace_;
  std::unique_ptr<Container> container_;
  bool leaves_gate_ = false;
  bool wrote_pid_file_ = false;
  bool released_ = false;
};

}  // namespace minirun::runtime
