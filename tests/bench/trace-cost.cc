// What the trace of a start costs: the calls that native/core makes for each
// step of a plan, on the rows of a real trace. Prints the median of many rounds
// in nanoseconds. native.bench.ts builds and runs it.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "core/trace.h"

int main(int argc, char **argv) {
  size_t rows = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 90;
  constexpr int kRounds = 1001;
  std::vector<int64_t> took;
  for (int round = 0; round < kRounds; ++round) {
    int64_t begun = minirun::monotonic_ns();
    minirun::Trace trace(rows);
    if (!trace.mapped())
      return 1;
    for (size_t row = 0; row < rows; ++row) {
      trace.row(row).begin();
      trace.row(row).end(nullptr, 0);
    }
    took.push_back(minirun::monotonic_ns() - begun);
  }
  std::sort(took.begin(), took.end());
  return std::printf("%lld\n", static_cast<long long>(took[took.size() / 2])) <
         0;
}
