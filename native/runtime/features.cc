#include "oci/features.h"

#include <cstdio>

#include "runtime/verb.h"

namespace minirun::runtime {
namespace {

Result<int> run(const Globals&, const CommandLine&) {
  std::puts(oci::indented(oci::features()).c_str());
  return 0;
}

}  // namespace

const Verb kFeatures{.name = "features",
                     .words = "",
                     .about = "show what this runtime knows of the OCI specification",
                     .flags = {},
                     .fewest_words = 0,
                     .most_words = 0,
                     .options_end_at_word = false,
                     .run = run};

}  // namespace minirun::runtime
