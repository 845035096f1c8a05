// minirun-try-system-call NUMBER: makes one system call without arguments, in a container whose filter
// refuses it, and prints what came back. The kernel's answer is the exit of this program too: SIGSYS where
// the filter kills.

#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>

int main(int argc, char** argv) {
  char* end = nullptr;
  long number = argc == 2 ? std::strtol(argv[1], &end, 10) : -1;
  if (number < 0 || end == argv[1] || *end != '\0') {
    std::fprintf(stderr, "expected the number of a system call\n");
    return EXIT_FAILURE;
  }
  errno = 0;
  long returned = ::syscall(number, 0, 0, 0, 0, 0, 0);
  int code = returned < 0 ? errno : 0;
  std::printf("{\"returned\":%ld,\"errno\":%d}\n", returned, code);
  return EXIT_SUCCESS;
}
