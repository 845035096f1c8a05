#include "core/kernel_privileges.h"

#include "core/file.h"
#include "core/process_files.h"
#include "core/text.h"

namespace minirun {
namespace {

constexpr int kHexadecimal = 16;

uint64_t set_of(std::string_view status, std::string_view field) {
  return status_number<uint64_t>(status, field, 0, kHexadecimal);
}

}  // namespace

KernelPrivileges parse_kernel_privileges(std::string_view status) {
  KernelPrivileges privileges;
  privileges.capabilities = {.bounding = set_of(status, "CapBnd"),
                             .effective = set_of(status, "CapEff"),
                             .inheritable = set_of(status, "CapInh"),
                             .permitted = set_of(status, "CapPrm"),
                             .ambient = set_of(status, "CapAmb")};
  privileges.no_new_privileges = status_number<int>(status, "NoNewPrivs") == 1;
  privileges.seccomp_mode = status_number<int>(status, "Seccomp");
  privileges.seccomp_filters = status_number<unsigned>(status, "Seccomp_filters");
  return privileges;
}

KernelPrivileges read_kernel_privileges(int process) {
  KernelPrivileges privileges = parse_kernel_privileges(read_process_status(process));
  auto last = read_file("/proc/sys/kernel/cap_last_cap");
  if (last) privileges.last_capability = static_cast<unsigned>(parse_number(*last).value_or(0));
  return privileges;
}

Result<KernelIdMaps> read_kernel_id_maps(int process) {
  auto mappings = read_mappings_of("/proc/self/fd/" + std::to_string(process));
  if (!mappings) return mappings.error();
  constexpr size_t kLongestWord = 16;
  return KernelIdMaps{std::move(*mappings),
                      read_process_file(process, "setgroups", kLongestWord).starts_with("allow")};
}

}  // namespace minirun
