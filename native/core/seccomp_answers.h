#pragma once

#include <linux/filter.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace minirun {

/** What a filter answers to one system call. */
struct SeccompAnswer {
  /** SECCOMP_RET_* with their data, each once. More than one: it depends on the arguments. */
  std::vector<uint32_t> actions;
  unsigned arguments = 0;  ///< a bit for each argument that the answer hangs on
  bool complete = true;    ///< false: there were more ways through the program than are followed
};

/**
 * Follows a classic BPF program, as the kernel would, for a system call of which nothing but its number is
 * known: where an argument decides, it goes both ways.
 */
SeccompAnswer seccomp_answer(std::span<const sock_filter> program, uint32_t architecture, uint32_t number);

struct SystemCall {
  uint32_t number;
  std::string name;
};

/** The system calls of this machine that libseccomp has names for, by number. */
const std::vector<SystemCall>& known_system_calls();

/** AUDIT_ARCH_* of this machine's own system calls. */
uint32_t native_architecture();

}  // namespace minirun
