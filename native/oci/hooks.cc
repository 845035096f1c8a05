#include "oci/parts.h"

namespace minirun::oci {
namespace {

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
  return {.prestart = parse_list(field["prestart"]),
          .create_runtime = parse_list(field["createRuntime"]),
          .create_container = parse_list(field["createContainer"]),
          .start_container = parse_list(field["startContainer"]),
          .poststart = parse_list(field["poststart"]),
          .poststop = parse_list(field["poststop"])};
}

}  // namespace minirun::oci
