// fork against clone: two ways to make a process. fork() copies everything; clone() is told what to share and
// what to make anew, and is how every container begins.
//
//   ./fork            does all of it, step by step
//   ./fork zombie     leaves a child that nobody waits for, until Enter is pressed
//   ./fork thread     makes a second thread of this process, until Enter is pressed
//   ./fork uts        gives a child a host name of its own, until Enter is pressed
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

int number = 1;  // what the children try to change
constexpr size_t kStackSize = 256 * 1024;

[[noreturn]] void fail(const char* call) {
  std::perror(call);
  std::exit(1);
}

void wait_for(pid_t child) {
  if (waitpid(child, nullptr, 0) < 0) fail("waitpid");
}

/** A clone needs a stack of its own: the child begins in a function and not where its parent stands. */
pid_t clone_into(int (*function)(void*), int flags) {
  void* stack =
      mmap(nullptr, kStackSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
  if (stack == MAP_FAILED) fail("mmap");
  pid_t child = clone(function, static_cast<char*>(stack) + kStackSize, flags, nullptr);
  if (child < 0) fail("clone");
  return child;
}

int change_number(void*) {
  number += 1;
  std::printf("    child %d: number is now %d\n", getpid(), number);
  std::fflush(stdout);
  return 0;
}

int rename_host(void*) {
  if (sethostname("inside", 6) < 0) std::perror("sethostname");
  char name[64] = "";
  gethostname(name, sizeof name - 1);
  std::printf("    child %d: my host name is %s\n", getpid(), name);
  std::fflush(stdout);
  return 0;
}

int stay(void*) {
  for (;;) pause();
}

void wait_for_enter(const char* what) {
  std::printf("%s\nPress Enter to end it. ", what);
  std::fflush(stdout);
  while (std::getchar() != '\n' && !std::feof(stdin)) {
  }
}

void show_all() {
  std::printf("1. fork(): the child gets a copy of all memory\n");
  std::fflush(stdout);
  pid_t child = fork();
  if (child < 0) fail("fork");
  if (child == 0) _exit(change_number(nullptr));
  wait_for(child);
  std::printf("    parent %d: number is still %d\n\n", getpid(), number);

  std::printf("2. clone(CLONE_VM): both work in the same memory\n");
  std::fflush(stdout);
  wait_for(clone_into(change_number, CLONE_VM | SIGCHLD));
  std::printf("    parent %d: number is %d, too\n\n", getpid(), number);

  std::printf("3. clone(CLONE_NEWUTS): the child gets a namespace of its own\n");
  std::fflush(stdout);
  wait_for(clone_into(rename_host, CLONE_NEWUTS | SIGCHLD));
  char name[64] = "";
  gethostname(name, sizeof name - 1);
  std::printf("    parent %d: my host name is still %s\n", getpid(), name);
}

void leave_zombie() {
  pid_t child = fork();
  if (child < 0) fail("fork");
  if (child == 0) _exit(7);
  usleep(50'000);  // it has ended by now, and its exit status waits to be read
  std::printf("Child %d has ended and is a zombie: see /proc/%d/stat.\n", child, child);
  wait_for_enter("Its parent does not wait for it.");
  wait_for(child);
}

void make_thread() {
  // What pthread_create asks for, less what the C library needs for itself.
  clone_into(stay, CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM);
  wait_for_enter("One process, two threads: see /proc/self/task.");
}

void own_host_name() {
  pid_t child = clone_into(stay, CLONE_NEWUTS | SIGCHLD);
  std::printf("Compare /proc/%d/ns/uts with /proc/%d/ns/uts.\n", child, getpid());
  wait_for_enter("The child has a UTS namespace of its own.");
  kill(child, SIGKILL);
  wait_for(child);
}

}  // namespace

int main(int argc, char** argv) {
  const char* what = argc > 1 ? argv[1] : "";
  if (std::strcmp(what, "zombie") == 0) {
    leave_zombie();
  } else if (std::strcmp(what, "thread") == 0) {
    make_thread();
  } else if (std::strcmp(what, "uts") == 0) {
    own_host_name();
  } else {
    show_all();
  }
}
