#include "oci/features.h"
#include "oci/named.h"
#include "oci/parts.h"

namespace minirun::oci {
namespace {

constexpr Named<std::vector<HookSpec> HookSet::*> kPoints[] = {
    {"prestart", &HookSet::prestart},
    {"createRuntime", &HookSet::create_runtime},
    {"createContainer", &HookSet::create_container},
    {"startContainer", &HookSet::start_container},
    {"poststart", &HookSet::poststart},
    {"poststop", &HookSet::poststop}};

std::vector<HookSpec> parse_list(const Field& list) {
  std::vector<HookSpec> hooks;
  for (const auto& field : list.items()) {
    HookSpec hook;
    hook.setting = field.pointer();
    field["path"].required_string();
    hook.path = field["path"].absolute_path();
    hook.args = field["args"].strings();
    if (hook.args.empty()) hook.args.push_back(hook.path);
    hook.env = field["env"].strings();
    if (field["timeout"].present()) hook.timeout_seconds = field["timeout"].integer(1, INT32_MAX / 1000, 1);
    hooks.push_back(std::move(hook));
  }
  return hooks;
}

}  // namespace

HookSet parse_hooks(const Field& field) {
  HookSet hooks;
  for (const auto& [name, list] : kPoints) hooks.*list = parse_list(field[std::string(name)]);
  return hooks;
}

Json hook_names() {
  return names_of(kPoints);
}

}  // namespace minirun::oci
