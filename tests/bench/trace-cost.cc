// What the trace of a start costs: a plan whose steps do nothing, carried out
// by native/core. Prints two medians of many rounds in nanoseconds: with the
// trace in memory, as in the shim; and in a file, with what the steps are about
// written behind it, as in minirun-oci. native.bench.ts builds and runs it.

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "core/plan.h"
#include "core/trace_file.h"

namespace {

constexpr int kRounds = 1001;

/** Texts as long as those of a real start are in the middle. */
minirun::Plan plan_of(size_t steps) {
  minirun::Plan plan;
  for (size_t i = 0; i < steps; ++i) {
    plan.add({minirun::Side::host, "mask /proc/interrupts", "move_mount",
              "/proc/interrupts", "empty → /proc/interrupts, MS_REMOUNT",
              "/linux/maskedPaths/12",
              [](minirun::TraceRow &) { return minirun::kNoFault; }});
  }
  return plan;
}

template <class Round> long long median_ns(size_t steps, Round round) {
  std::vector<long long> took;
  for (int i = 0; i < kRounds; ++i) {
    minirun::Plan plan = plan_of(steps);
    int64_t began = minirun::monotonic_ns();
    round(plan);
    took.push_back(minirun::monotonic_ns() - began);
  }
  std::sort(took.begin(), took.end());
  return took[took.size() / 2];
}

} // namespace

int main(int argc, char **argv) {
  size_t steps = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 90;
  long long memory = median_ns(steps, [](minirun::Plan &plan) {
    (void)static_cast<bool>(plan.apply_host());
  });
  long long file = median_ns(steps, [](minirun::Plan &plan) {
    int fd = ::memfd_create("trace", MFD_CLOEXEC);
    if (fd < 0 || !plan.apply_host(fd) || !minirun::write_trace_text(fd, plan))
      std::abort();
    ::close(fd);
  });
  return std::printf("%lld %lld\n", memory, file) < 0;
}
