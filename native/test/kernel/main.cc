// Control groups as this machine's kernel keeps them, with containers in them: run as root, on v1 and on v2.

#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>
#include <unistd.h>

#include <cstring>

#include "test/kernel/program.h"

int main(int argc, char** argv) {
  if (argc > 2 && std::strcmp(argv[1], "do") == 0) return minirun::run_program(argc - 2, argv + 2);
  if (::geteuid() != 0) {
    std::fputs("minirun-kernel-test makes containers and needs root\n", stderr);
    return 1;
  }
  doctest::Context context(argc, argv);
  return context.run();
}
