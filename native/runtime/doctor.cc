#include <sys/utsname.h>

#include <algorithm>
#include <cstdio>

#include "core/probe.h"
#include "core/probe_findings.h"
#include "oci/json.h"
#include "runtime/verb.h"

namespace minirun::runtime {
namespace {

oci::Json describe(const Finding& finding) {
  return oci::Json::object({{"id", finding.id},
                            {"group", finding.group},
                            {"name", finding.name},
                            {"there", finding.there},
                            {"needed", finding.needed},
                            {"found", finding.found},
                            {"lost", finding.lost},
                            {"remedy", finding.remedy}});
}

Result<int> run(const Globals&, const CommandLine&) {
  std::vector<Finding> findings = examine_host();
  std::vector<oci::Json> described;
  for (const Finding& finding : findings) described.push_back(describe(finding));
  utsname names{};
  ::uname(&names);
  auto document = oci::Json::object({{"kernel", names.release},
                                     {"architecture", names.machine},
                                     {"minimumKernel", kMinimumKernel},
                                     {"findings", oci::Json::array(described)}});
  std::puts(oci::indented(document).c_str());
  bool whole = std::none_of(findings.begin(), findings.end(),
                            [](const Finding& finding) { return finding.needed && !finding.there; });
  return whole ? 0 : 1;
}

}  // namespace

const Verb kDoctor{.name = "doctor",
                   .words = "",
                   .about = "try what containers need of this host, and say what is missing, as JSON",
                   .flags = {},
                   .fewest_words = 0,
                   .most_words = 0,
                   .options_end_at_word = false,
                   .run = run};

}  // namespace minirun::runtime
