// seccomp: a program for the kernel that is run before every system call, and says what becomes of it. It
// can't be taken back, and children inherit it. This is the whole of it, without a library.
//
//   ./seccomp           shows it, step by step
//   ./seccomp filter    stays behind a filter, until Enter is pressed
//   ./seccomp kill      has a child killed by its filter, and does not wait for it until Enter is pressed
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#if defined(__x86_64__)
constexpr unsigned kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr unsigned kArchitecture = AUDIT_ARCH_AARCH64;
#endif

namespace {

[[noreturn]] void fail(const char* call) {
  std::perror(call);
  std::exit(1);
}

/** Lets every call through but mkdirat, for which the kernel does `action`. */
void refuse_mkdir(unsigned action) {
  sock_filter program[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, kArchitecture, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mkdirat, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, action),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  sock_fprog filter{.len = sizeof program / sizeof *program, .filter = program};
  // Else a set-user-ID program could be run with calls that fail where it does not expect it.
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) fail("no_new_privs");
  if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter) < 0) fail("seccomp");
}

/** The system call itself: the C library might ask for mkdir instead, which the filter doesn't know. */
void try_mkdir() {
  int made = static_cast<int>(syscall(SYS_mkdirat, -100, "/tmp/made-by-the-lab", 0755));
  std::printf("    mkdirat: %s\n", made == 0 ? "made" : std::strerror(errno));
  if (made == 0) rmdir("/tmp/made-by-the-lab");
  std::fflush(stdout);
}

void with_error() {
  refuse_mkdir(SECCOMP_RET_ERRNO | EPERM);
  try_mkdir();
  std::printf("    and a child of it, whatever it executes:\n");
  std::fflush(stdout);
  if (fork() == 0) {
    try_mkdir();
    _exit(0);
  }
  wait(nullptr);
}

void with_kill() {
  refuse_mkdir(SECCOMP_RET_KILL_PROCESS);
  try_mkdir();
}

pid_t apart(void (*act)()) {
  std::fflush(stdout);
  pid_t child = fork();
  if (child < 0) fail("fork");
  if (child > 0) return child;
  act();
  _exit(0);
}

void wait_for_enter(const char* what) {
  std::printf("%s\nPress Enter to end it. ", what);
  std::fflush(stdout);
  while (std::getchar() != '\n' && !std::feof(stdin)) {
  }
}

void show_all() {
  std::printf("1. Without a filter of its own\n");
  waitpid(apart(try_mkdir), nullptr, 0);
  std::printf("\n2. A filter that answers in the kernel's place: EPERM\n");
  waitpid(apart(with_error), nullptr, 0);
  std::printf("\n3. A filter that kills\n");
  int status = 0;
  waitpid(apart(with_kill), &status, 0);
  std::printf("    the child was ended by signal %d (%s)\n", WTERMSIG(status), strsignal(WTERMSIG(status)));
}

}  // namespace

int main(int argc, char** argv) {
  const char* what = argc > 1 ? argv[1] : "";
  if (std::strcmp(what, "filter") == 0) {
    refuse_mkdir(SECCOMP_RET_ERRNO | EPERM);
    wait_for_enter("Seccomp_filters in /proc/self/status counts one more.");
  } else if (std::strcmp(what, "kill") == 0) {
    pid_t child = apart(with_kill);
    usleep(50'000);
    wait_for_enter("The child is a zombie: field 52 of its stat says by which signal it ended.");
    waitpid(child, nullptr, 0);
  } else {
    show_all();
  }
}
