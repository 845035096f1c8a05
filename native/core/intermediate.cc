#include "core/intermediate.h"

#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

namespace minirun {
namespace {

// The container's first process goes on on a copy of it, with buffers for paths and directories.
constexpr size_t kStackBytes = size_t{512} * 1024;

/** Memory for a stack, with a page below it that must not be touched. */
class Stack {
 public:
  Stack() {
    void* memory = ::mmap(nullptr, kStackBytes, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) return;
    memory_ = static_cast<char*>(memory);
    ::mprotect(memory_, static_cast<size_t>(::sysconf(_SC_PAGESIZE)), PROT_NONE);
  }
  Stack(const Stack&) = delete;
  Stack& operator=(const Stack&) = delete;
  ~Stack() {
    if (memory_ != nullptr) ::munmap(memory_, kStackBytes);
  }

  /** Where it begins, for it grows downwards. Null: there was no memory. */
  void* top() const { return memory_ == nullptr ? nullptr : memory_ + kStackBytes; }

 private:
  char* memory_ = nullptr;
};

struct Work {
  const std::function<Fault()>& run;
  Fault fault{"clone", ECHILD};  // what is left when the process is killed
};

int enter(void* argument) {
  auto* work = static_cast<Work*>(argument);
  work->fault = work->run();
  return 0;
}

}  // namespace

Fault run_intermediate(const std::function<Fault()>& work) {
  Stack stack;
  if (stack.top() == nullptr) return failed("mmap");
  Work order{work};
  // A child that is cloned with CLONE_PARENT tells its end by the signal that this process has for its own.
  pid_t pid = ::clone(enter, stack.top(), CLONE_VM | CLONE_VFORK | CLONE_FILES | SIGCHLD, &order);
  if (pid < 0) return failed("clone");
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
  return order.fault;
}

}  // namespace minirun
