// Where minirun-oci begins, before the C library does. To execute the program anew (own_image.h) from here
// spares it a start of the C library: that one asks the processor some hundred times what it can (CPUID), and
// in a virtual machine every time the hypervisor answers, which comes to a twentieth of a container's start.
// What is mapped ahead (map_ahead.h) is so for the C library's start already.
//
// Nothing is set up yet: no thread-local storage (and so neither errno nor stack protector), no relocation of
// memcpy and its like. What does not work out here is left to protect_own_image().

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/vfs.h>

#include <cstdint>

#include "core/syscalls.h"

#if defined(__x86_64__)

extern "C" {  // made by the linker
extern const char __executable_start[];
extern const char etext[];
[[gnu::visibility("hidden")]] extern const char __init_array_start[];
extern const char _end[];
}

namespace {

#ifdef __clang__
#define EARLY [[clang::no_stack_protector, clang::no_builtin]]
#else
#define EARLY [[gnu::no_stack_protector, gnu::optimize("no-tree-loop-distribute-patterns")]]
#endif

constexpr long kReadOnly = 1;  // ST_RDONLY, statfs(2)

EARLY long call(long number, long first, const void* second, long third, const void* fourth, long fifth) {
  register const void* r10 asm("r10") = fourth;
  register long r8 asm("r8") = fifth;
  long result;
  asm volatile("syscall"
               : "=a"(result)
               : "a"(number), "D"(first), "S"(second), "d"(third), "r"(r10), "r"(r8)
               : "rcx", "r11", "memory");
  return result;
}

EARLY bool same(const char* a, const char* b) {
  while (*a != '\0' && *a == *b) ++a, ++b;
  return *a == *b;
}

/** Whether a verb that brings a process into a container may stand in the arguments. */
EARLY bool may_enter_container(char** argv) {
  for (char** word = argv; *word != nullptr; ++word) {
    if (same(*word, "create") || same(*word, "run") || same(*word, "exec")) return true;
  }
  return false;
}

EARLY bool is_read_only(long tree) {
  struct statfs fs;
  return call(SYS_fstatfs, tree, &fs, 0, nullptr, 0) == 0 && (fs.f_flags & kReadOnly) != 0;
}

EARLY void populate(const char* from, const char* end, long how) {
  constexpr long kPage = 4096;
  long first = reinterpret_cast<long>(from) & -kPage;
  long last = (reinterpret_cast<long>(end) + kPage - 1) & -kPage;
  call(SYS_madvise, first, reinterpret_cast<void*>(last - first), how, nullptr, 0);
}

/** Code, data, and some pages of the stack: see core/map_ahead.h. */
EARLY void map_image_ahead(const long* stack) {
  constexpr long kStackBytes = 40 * 1024;
  const char* top = reinterpret_cast<const char*>(stack);
  populate(__executable_start, etext, MADV_POPULATE_READ);
  populate(__init_array_start, _end, MADV_POPULATE_WRITE);
  populate(top - kStackBytes, top, MADV_POPULATE_WRITE);
}

}  // namespace

/** `stack` is what the kernel has left: argc, the arguments, a null, the environment, a null. */
extern "C" EARLY void minirun_before_libc(long* stack) {
  char** argv = reinterpret_cast<char**>(stack + 1);
  char** environment = argv + stack[0] + 1;
  if (stack[0] < 2 || !may_enter_container(argv + 1)) return map_image_ahead(stack);
  long tree =
      call(SYS_open_tree, AT_FDCWD, "/proc/self/exe", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC, nullptr, 0);
  if (tree < 0) return map_image_ahead(stack);
  mount_attr read_only;
  read_only.attr_set = MOUNT_ATTR_RDONLY;
  read_only.attr_clr = 0;
  read_only.propagation = 0;
  read_only.userns_fd = 0;
  if (!is_read_only(tree) &&
      call(SYS_mount_setattr, tree, "", AT_EMPTY_PATH, &read_only, sizeof read_only) == 0)
    call(SYS_execveat, tree, "", reinterpret_cast<long>(argv), environment, AT_EMPTY_PATH);
  call(SYS_close, tree, nullptr, 0, nullptr, 0);
  map_image_ahead(stack);
}

// rdx is what the kernel has for _start, and the stack has to be as it was.
asm(R"(
.globl minirun_oci_entry
.type minirun_oci_entry, @function
minirun_oci_entry:
  xor %ebp, %ebp
  mov %rdx, %rbx
  mov %rsp, %r12
  mov %rsp, %rdi
  and $-16, %rsp
  call minirun_before_libc
  mov %r12, %rsp
  mov %rbx, %rdx
  jmp _start
)");

#endif
