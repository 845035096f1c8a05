// PID namespaces: a process has a number in each namespace that it can be seen from. The first one in a new
// namespace is number 1 there: it adopts orphans, and when it ends the kernel kills all others.
//
//   ./pid-namespaces            shows it, step by step
//   ./pid-namespaces sleep      leaves a sleeper in a namespace of its own, until Enter is pressed
//   ./pid-namespaces nested     the same, two namespaces deep
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

constexpr size_t kStackSize = 256 * 1024;
alignas(16) char stacks[2][kStackSize];

[[noreturn]] void fail(const char* call) {
  std::perror(call);
  std::exit(1);
}

pid_t clone_into(int (*function)(void*), int flags, int depth = 0) {
  std::fflush(stdout);
  pid_t child = clone(function, stacks[depth] + kStackSize, flags | SIGCHLD, nullptr);
  if (child < 0) fail("clone");
  return child;
}

/** Prints what /proc says of this process in one of its lines. */
void print_line(const char* file, const char* key) {
  FILE* opened = std::fopen(file, "r");
  if (opened == nullptr) fail(file);
  char line[256];
  while (std::fgets(line, sizeof line, opened) != nullptr) {
    if (std::strncmp(line, key, std::strlen(key)) == 0) std::printf("    %s", line);
  }
  std::fclose(opened);
  std::fflush(stdout);
}

int tell_numbers(void*) {
  std::printf("    inside: getpid() is %d, getppid() is %d\n", getpid(), getppid());
  std::fflush(stdout);
  return 0;
}

/** A /proc shows the namespace of whoever mounted it: without a new one, ps would show what it showed before.
 */
int look_around(void*) {
  if (mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) < 0) fail("mount private");
  std::printf("    with the old /proc:\n");
  std::fflush(stdout);
  if (std::system("ls /proc | grep -c '^[0-9]' | sed 's/^/      processes: /'") != 0) return 1;
  if (mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr) < 0) fail("mount /proc");
  std::printf("    with a new one:\n");
  std::fflush(stdout);
  if (std::system("ls /proc | grep -c '^[0-9]' | sed 's/^/      processes: /'") != 0) return 1;
  print_line("/proc/self/status", "NSpid:");
  return 0;
}

/** Number 1 ends, and its other child with it, whatever that one was doing. */
int end_with_child(void*) {
  pid_t child = fork();
  if (child == 0) {
    for (;;) pause();
  }
  std::printf("    inside: 1 has started %d, and ends\n", child);
  std::fflush(stdout);
  return 0;
}

int sleep_inside(void*) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  for (;;) pause();
}

int nest(void*) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  clone_into(sleep_inside, CLONE_NEWPID, 1);
  for (;;) pause();
}

void keep(int (*function)(void*)) {
  pid_t child = clone_into(function, CLONE_NEWPID);
  std::printf("Outside it is %d; its numbers, the innermost last, are in /proc/%d/status:\n", child, child);
  char path[64];
  std::snprintf(path, sizeof path, "/proc/%d/status", child);
  print_line(path, "NSpid:");
  std::printf("Press Enter to end it. ");
  std::fflush(stdout);
  while (std::getchar() != '\n' && !std::feof(stdin)) {
  }
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
}

void show_all() {
  std::printf("1. clone(CLONE_NEWPID): the child is number 1\n");
  pid_t child = clone_into(tell_numbers, CLONE_NEWPID);
  waitpid(child, nullptr, 0);
  std::printf("    outside: the same process was %d\n\n", child);

  std::printf("2. Its own /proc, which takes a mount namespace, too\n");
  waitpid(clone_into(look_around, CLONE_NEWPID | CLONE_NEWNS), nullptr, 0);

  std::printf("\n3. When number 1 ends, the kernel kills the rest\n");
  waitpid(clone_into(end_with_child, CLONE_NEWPID), nullptr, 0);
  std::printf("    outside: nothing is left to wait for: %s\n",
              waitpid(-1, nullptr, 0) < 0 ? "true" : "false");
}

}  // namespace

int main(int argc, char** argv) {
  const char* what = argc > 1 ? argv[1] : "";
  if (std::strcmp(what, "sleep") == 0) {
    keep(sleep_inside);
  } else if (std::strcmp(what, "nested") == 0) {
    keep(nest);
  } else {
    show_all();
  }
}
