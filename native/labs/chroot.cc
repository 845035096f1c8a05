// chroot against pivot_root: both change what / is. chroot() changes one process's idea of it and leaves the
// old root mounted; pivot_root() swaps the root mount itself, so that the old one can be unmounted and is
// gone.
//
//   ./chroot            does all of it, step by step
//   ./chroot jail       stays in a chroot, until Enter is pressed
//   ./chroot escape     breaks out of a chroot, and stays, until Enter is pressed
//   ./chroot pivot      stays behind a pivot_root, until Enter is pressed
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

constexpr const char* kRoot = "/tmp/small-root";

[[noreturn]] void fail(const char* call) {
  std::perror(call);
  std::exit(1);
}

/** A root with one file in it, in a mount namespace of this process's own: it goes with the process. */
void make_small_root() {
  if (unshare(CLONE_NEWNS) < 0) fail("unshare");
  if (mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) < 0) fail("mount private");
  mkdir(kRoot, 0755);
  if (mount("small", kRoot, "tmpfs", MS_NOSUID | MS_NODEV, "size=64k") < 0) fail("mount tmpfs");
  int note = open("/tmp/small-root/only-this", O_CREAT | O_WRONLY | O_CLOEXEC, 0644);
  if (note < 0) fail("open");
  close(note);
}

const char* seen_at_root() {
  if (access("/only-this", F_OK) == 0) return "the small root";
  return access("/etc/passwd", F_OK) == 0 ? "the whole file system" : "something else";
}

void enter_chroot() {
  if (chroot(kRoot) < 0) fail("chroot");
  if (chdir("/") < 0) fail("chdir");
  std::printf("    in the chroot, / is %s\n", seen_at_root());
}

/**
 * The classic way out. The kernel stops ".." at the root of the process alone. A second chroot moves that
 * root below the working directory; from there ".." never meets it, and climbs to the real top. It takes
 * CAP_SYS_CHROOT, which root has.
 */
void escape() {
  mkdir("below", 0755);
  if (chroot("below") < 0) fail("chroot again");
  for (int step = 0; step < 64; ++step) {
    if (chdir("..") < 0) fail("chdir ..");
  }
  if (chroot(".") < 0) fail("chroot to the top");
  std::printf("    after 64 times \"..\", / is %s\n", seen_at_root());
}

/** What container runtimes do: the new root takes the old one's place, and the old one is let go. */
void enter_pivot_root() {
  if (chdir(kRoot) < 0) fail("chdir");
  // "." twice: the old root comes to lie on the new one, and is the first to be unmounted (pivot_root(2)).
  if (syscall(SYS_pivot_root, ".", ".") < 0) fail("pivot_root");
  if (umount2(".", MNT_DETACH) < 0) fail("umount2");
  if (chdir("/") < 0) fail("chdir");
  std::printf("    behind pivot_root, / is %s\n", seen_at_root());
}

/** Does one thing in a child, which takes its mount namespace along when it ends. */
void apart(void (*act)()) {
  std::fflush(stdout);
  pid_t child = fork();
  if (child < 0) fail("fork");
  if (child == 0) {
    make_small_root();
    act();
    std::fflush(stdout);
    _exit(0);
  }
  waitpid(child, nullptr, 0);
}

void wait_for_enter() {
  std::printf("Look at this process with: ls -l /proc/%d/root/\nPress Enter to end it. ", getpid());
  std::fflush(stdout);
  while (std::getchar() != '\n' && !std::feof(stdin)) {
  }
}

void jail_and_escape() {
  enter_chroot();
  escape();
}

void pivot_and_escape() {
  enter_pivot_root();
  escape();
}

}  // namespace

int main(int argc, char** argv) {
  const char* what = argc > 1 ? argv[1] : "";
  void (*act)() = nullptr;
  if (std::strcmp(what, "jail") == 0) act = enter_chroot;
  if (std::strcmp(what, "escape") == 0) act = jail_and_escape;
  if (std::strcmp(what, "pivot") == 0) act = enter_pivot_root;
  if (act != nullptr) {
    make_small_root();
    act();
    wait_for_enter();
    return 0;
  }
  std::printf("1. chroot: / is another directory\n");
  apart(enter_chroot);
  std::printf("\n2. The escape from chroot\n");
  apart(jail_and_escape);
  std::printf("\n3. The same against pivot_root\n");
  apart(pivot_and_escape);
  std::printf("    above the top there is nothing: the old root is not mounted any more\n");
}
