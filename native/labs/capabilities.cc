// Capabilities: what root may do, in pieces. A process has five sets of them: what it can use now
// (effective), what it could (permitted), what it passes on (inheritable, ambient), and what nobody after it
// can have (bounding).
//
//   ./capabilities          shows it, step by step
//   ./capabilities drop     stays as root without CAP_CHOWN, until Enter is pressed
//   ./capabilities keep     stays as an ordinary user with CAP_NET_BIND_SERVICE alone, until Enter is pressed
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

constexpr const char* kFile = "/tmp/owned-by-the-lab";

[[noreturn]] void fail(const char* call) {
  std::perror(call);
  std::exit(1);
}

struct Sets {
  __user_cap_data_struct half[2];  // capabilities 0 to 31, and 32 to 63
};

Sets read_sets() {
  Sets sets{};
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  if (syscall(SYS_capget, &header, sets.half) < 0) fail("capget");
  return sets;
}

void write_sets(const Sets& sets) {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  if (syscall(SYS_capset, &header, sets.half) < 0) fail("capset");
}

void tell() {
  Sets sets = read_sets();
  std::printf("    uid %d: effective %08x%08x, permitted %08x%08x\n", getuid(), sets.half[1].effective,
              sets.half[0].effective, sets.half[1].permitted, sets.half[0].permitted);
}

/** To give a file to somebody else takes CAP_CHOWN, whoever it belongs to. */
void try_chown() {
  FILE* file = std::fopen(kFile, "w");
  if (file == nullptr) fail(kFile);
  std::fclose(file);
  std::printf("    chown: %s\n", chown(kFile, 1000, 1000) == 0 ? "done" : std::strerror(errno));
  std::fflush(stdout);
  unlink(kFile);
}

void drop_chown() {
  Sets sets = read_sets();
  unsigned bit = 1U << CAP_CHOWN;
  sets.half[0].effective &= ~bit;
  sets.half[0].permitted &= ~bit;
  sets.half[0].inheritable &= ~bit;
  // Out of the bounding set, too, or root's next execve brings it back.
  if (prctl(PR_CAPBSET_DROP, CAP_CHOWN, 0, 0, 0) < 0) fail("drop from the bounding set");
  write_sets(sets);
  tell();
}

/** A change of user takes all capabilities away; this keeps one over it, and over execve. */
void keep_one_as_user() {
  if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0) fail("keep capabilities");
  if (setgid(1000) < 0) fail("setgid");
  if (setuid(1000) < 0) fail("setuid");
  Sets sets{};
  unsigned bit = 1U << CAP_NET_BIND_SERVICE;
  sets.half[0] = {.effective = bit, .permitted = bit, .inheritable = bit};
  write_sets(sets);
  if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_NET_BIND_SERVICE, 0, 0) < 0) fail("raise ambient");
  tell();
}

void without_chown() {
  drop_chown();
  try_chown();
}

void as_root() {
  tell();
  try_chown();
}

void apart(void (*act)()) {
  std::fflush(stdout);
  pid_t child = fork();
  if (child < 0) fail("fork");
  if (child == 0) {
    act();
    std::fflush(stdout);
    _exit(0);
  }
  waitpid(child, nullptr, 0);
}

void wait_for_enter() {
  std::printf("Look at it: grep Cap /proc/%d/status\nPress Enter to end it. ", getpid());
  std::fflush(stdout);
  while (std::getchar() != '\n' && !std::feof(stdin)) {
  }
}

}  // namespace

int main(int argc, char** argv) {
  const char* what = argc > 1 ? argv[1] : "";
  if (std::strcmp(what, "drop") == 0) {
    drop_chown();
    wait_for_enter();
  } else if (std::strcmp(what, "keep") == 0) {
    keep_one_as_user();
    wait_for_enter();
  } else {
    std::printf("1. Root with all that it has here\n");
    apart(as_root);
    std::printf("\n2. Root without CAP_CHOWN: still uid 0\n");
    apart(without_chown);
    std::printf("\n3. An ordinary user with one capability, which even a program that it executes keeps\n");
    apart(keep_one_as_user);
  }
}
