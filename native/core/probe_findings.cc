#include "core/probe_findings.h"

namespace minirun {

std::vector<Finding> examine_host() {
  std::vector<Finding> findings;
  examine_privileges(findings);
  examine_namespaces(findings);
  examine_control_groups(findings);
  examine_file_systems(findings);
  examine_system_calls(findings);
  examine_programs(findings);
  return findings;
}

}  // namespace minirun
