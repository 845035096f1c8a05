#pragma once

#include <linux/filter.h>

#include <string>
#include <vector>

#include "core/plan.h"
#include "core/seccomp_listener.h"
#include "core/spec.h"

namespace minirun {

/**
 * Compiles a profile to a classic BPF program. System calls that are newer than libseccomp get ENOSYS,
 * whatever the default action is: C libraries probe for new calls and fall back on ENOSYS, but take EPERM for
 * an answer.
 */
Result<std::vector<sock_filter>> compile_seccomp(const SeccompSpec& spec);

/**
 * The compiled program, from `cache_directory` when the same profile was compiled before by the same
 * libseccomp for the same architecture (compiling takes 20 to 30 ms, reading some 50 us). The cached file
 * holds its whole key, which is compared; its name is merely a hash. A cache that can't be read or written
 * only costs the time.
 */
Result<std::vector<sock_filter>> load_seccomp(const SeccompSpec& spec, const std::string& cache_directory);

/** The program of a profile that was compiled before, or an empty one. */
std::vector<sock_filter> cached_seccomp(const std::string& source, const std::string& cache_directory);

/** The compiled filter that the child installs. */
struct SeccompProgram {
  std::vector<sock_filter> code;
  std::string note;
};

void plan_seccomp_compilation(Plan& plan, const ContainerSpec& spec, const std::string& cache_directory,
                              SeccompProgram& program);
void plan_seccomp(Plan& plan, const ContainerSpec& spec, const SeccompProgram& program,
                  const SeccompListener& listener);

}  // namespace minirun
