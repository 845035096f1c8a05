#include "runtime/late_hooks.h"

#include "core/hooks.h"
#include "oci/state.h"
#include "runtime/log.h"

namespace minirun::runtime {

void run_late_hooks(const ContainerSpec& spec, const std::vector<HookSpec>& hooks, const Record& record,
                    const char* status, pid_t pid) {
  if (hooks.empty()) return;
  std::string state = oci::describe_state(spec, record.id, record.bundle)(status).with(pid);
  for (const auto& error : run_hooks(hooks, state))
    log().warning("hook " + error.subject + ": " + errno_name(error.code) + " " + error.note);
}

}  // namespace minirun::runtime
