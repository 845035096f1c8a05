#include "test/kernel/program.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "core/result.h"
#include "core/trace.h"

namespace minirun {
namespace {

void say(const std::string& line) {
  std::string text = line + "\n";
  if (::write(STDOUT_FILENO, text.data(), text.size()) < 0) ::_exit(1);
}

[[noreturn]] void sleep_forever() {
  for (;;) ::pause();
}

[[noreturn]] void spin() {
  for (;;) std::atomic_signal_fence(std::memory_order_seq_cst);  // an endless loop must do something
}

[[noreturn]] void use_memory(size_t bytes) {
  void* memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) ::_exit(1);
  // No two pages alike, and none all zeroes: nothing that a kernel could save room with.
  for (size_t at = 0; at < bytes; at += 4096) std::memcpy(static_cast<char*>(memory) + at, &at, sizeof at);
  say("used");
  sleep_forever();
}

[[noreturn]] void fork_children(int count) {
  int made = 0;
  while (made < count) {
    pid_t child = ::fork();
    if (child == 0) sleep_forever();
    if (child < 0) break;
    ++made;
  }
  say(std::to_string(made));
  sleep_forever();
}

/** Always one process, and never the same: who kills by a list of numbers comes too late. */
[[noreturn]] void fork_forever() {
  ::signal(SIGCHLD, SIG_IGN);
  if (::fork() != 0) sleep_forever();
  for (;;) {
    if (::fork() > 0) ::_exit(0);
  }
}

int open_file(const char* path, const char* how) {
  int fd = ::open(path, (*how == 'w' ? O_WRONLY : O_RDONLY) | O_CLOEXEC | O_NONBLOCK);
  say(fd >= 0 ? "ok" : errno_name(errno));
  return 0;
}

int describe_file(const char* path) {
  struct stat status {};
  if (::stat(path, &status) < 0) return say(errno_name(errno)), 0;
  std::string kind = S_ISCHR(status.st_mode)    ? "c"
                     : S_ISBLK(status.st_mode)  ? "b"
                     : S_ISFIFO(status.st_mode) ? "p"
                                                : "-";
  char text[100];
  std::snprintf(text, sizeof text, "%s %u:%u %o %u:%u", kind.c_str(), major(status.st_rdev),
                minor(status.st_rdev), status.st_mode & 07777, status.st_uid, status.st_gid);
  say(text);
  return 0;
}

int make_node(const char* path, unsigned major, unsigned minor) {
  say(::mknod(path, S_IFCHR | 0666, makedev(major, minor)) == 0 ? "ok" : errno_name(errno));
  return 0;
}

int read_file_direct(const char* path, size_t bytes) {
  constexpr size_t kBlock = 65536;
  int fd = ::open(path, O_RDONLY | O_DIRECT | O_CLOEXEC);
  void* buffer = std::aligned_alloc(4096, kBlock);
  int64_t start = monotonic_ns();
  for (size_t done = 0; done < bytes; done += kBlock) {
    if (::pread(fd, buffer, kBlock, static_cast<off_t>(done)) <= 0) {
      say(errno_name(errno));
      return 1;
    }
  }
  say(std::to_string((monotonic_ns() - start) / 1'000'000));
  return 0;
}

int nest(int depth) {
  std::string group = "/sys/fs/cgroup";
  for (int level = 0; level < depth; ++level) {
    group += "/below";
    if (::mkdir(group.c_str(), 0755) < 0) return say(errno_name(errno)), 1;
  }
  int procs = ::open((group + "/cgroup.procs").c_str(), O_WRONLY | O_CLOEXEC);
  if (procs < 0 || ::write(procs, "0", 1) < 0) return say(errno_name(errno)), 1;
  say("nested");
  sleep_forever();
}

}  // namespace

int run_program(int argc, char** argv) {
  std::string action = argv[0];
  auto number = [&](int index) { return index < argc ? std::strtoull(argv[index], nullptr, 10) : 0; };
  if (action == "sleep") sleep_forever();
  if (action == "spin") spin();
  if (action == "use-memory") use_memory(number(1));
  if (action == "fork") fork_children(static_cast<int>(number(1)));
  if (action == "fork-forever") fork_forever();
  if (action == "open" && argc == 3) return open_file(argv[1], argv[2]);
  for (int i = 1; action == "stat" && i < argc; ++i) describe_file(argv[i]);
  if (action == "stat") return 0;
  if (action == "mknod" && argc == 4)
    return make_node(argv[1], static_cast<unsigned>(number(2)), static_cast<unsigned>(number(3)));
  if (action == "read" && argc == 3) return read_file_direct(argv[1], number(2));
  if (action == "nest") return nest(static_cast<int>(number(1)));
  return 2;
}

}  // namespace minirun
