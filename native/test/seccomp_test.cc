#include "core/seccomp.h"

#include <doctest/doctest.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <cstdlib>
#include <cstring>

#include "core/file.h"
#include "core/syscalls.h"
#include "test/temporary_directory.h"

using minirun::SeccompSpec;

namespace {

/** Allows everything but getppid, which is refused with EPERM. */
SeccompSpec refusing_getppid() {
  SeccompSpec spec;
  spec.default_action = SCMP_ACT_ERRNO(EPERM);
  spec.source = "refusing getppid";
  for (int number = 0; number < 500; ++number) {
    char* name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, number);
    if (name == nullptr) continue;
    if (std::string(name) != "getppid") spec.rules.push_back({{name}, SCMP_ACT_ALLOW, {}});
    std::free(name);
  }
  return spec;
}

/** The errno of a system call without arguments under a filter, 0 for success. */
int errno_under(const std::vector<sock_filter>& code, long call) {
  pid_t pid = ::fork();
  if (pid == 0) {
    sock_fprog program{static_cast<unsigned short>(code.size()), const_cast<sock_filter*>(code.data())};
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    if (::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) < 0) ::_exit(255);
    ::_exit(::syscall(call, 0, 0, 0) < 0 ? errno : 0);
  }
  int status = 0;
  ::waitpid(pid, &status, 0);
  return WEXITSTATUS(status);
}

}  // namespace

TEST_CASE("a known call that is refused gets the profile's errno, one newer than the library ENOSYS") {
  auto code = minirun::compile_seccomp(refusing_getppid());
  REQUIRE(code);
  CHECK(errno_under(*code, SYS_getppid) == EPERM);
  CHECK(errno_under(*code, SYS_getpid) == 0);
  CHECK(errno_under(*code, 460) == ENOSYS);
  CHECK(errno_under(*code, 1000000) == ENOSYS);
}

TEST_CASE("a compiled program is taken from the cache only for the very same input") {
  minirun::TemporaryDirectory cache;
  SeccompSpec spec = refusing_getppid();
  auto first = minirun::load_seccomp(spec, cache.path());
  auto second = minirun::load_seccomp(spec, cache.path());
  REQUIRE(first);
  REQUIRE(second);
  REQUIRE(first->size() == second->size());
  CHECK(std::memcmp(first->data(), second->data(), first->size() * sizeof(sock_filter)) == 0);
  spec.source = "another";
  spec.rules.pop_back();
  auto third = minirun::load_seccomp(spec, cache.path());
  REQUIRE(third);
  CHECK(third->size() != first->size());
}
