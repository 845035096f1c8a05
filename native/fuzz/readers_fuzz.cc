// What the kernel tells in texts: mount table, control groups, statistics, device lists. The first byte
// chooses.

#include "core/cgroup_files.h"
#include "core/cgroup_host.h"
#include "core/device_rules.h"
#include "core/kernel_mounts.h"
#include "core/kernel_privileges.h"
#include "core/statistics_files.h"
#include "core/text.h"
#include "core/usage.h"

namespace {

void read_all_figures(std::string_view text) {
  for (int version : {1, 2}) {
    for (const auto& file : minirun::figure_files(version)) {
      minirun::Sample sample;
      file.read(text, sample);
    }
  }
  minirun::Sample sample;
  minirun::read_network(text, sample);
}

void read_usage_files(std::string_view text) {
  minirun::parse_counts(text);
  minirun::parse_numbers(text);
  minirun::parse_list(text);
  minirun::parse_pressure(text);
  minirun::parse_blkio(text);
  minirun::parse_rdma(text);
  minirun::IoUsage io;
  minirun::parse_io_stat(text, io);
  minirun::parse_keyed(std::string(text), "oom_kill");
}

/** Both texts of the host's control groups, split by an empty line; paths that come of them never lead
 * upwards. */
void find(const std::string& text) {
  for (const auto& mount : minirun::parse_kernel_mounts(text, 100).mounts) {
    if (mount.covered_by == mount.id && mount.id != 0) __builtin_trap();
  }
  minirun::parse_kernel_privileges(text);
  size_t middle = text.find("\n\n");
  std::string own = middle == std::string::npos ? "" : text.substr(middle + 2);
  auto host = minirun::find_cgroups(text.substr(0, middle), own);
  for (const auto& hierarchy : host.hierarchies) {
    if (hierarchy.own.empty() || hierarchy.own.front() != '/') __builtin_trap();
    if ((hierarchy.own + "/").find("/../") != std::string::npos) __builtin_trap();
  }
}

void clean(const std::string& text) {
  auto path = minirun::clean_cgroup_path(text);
  if (!path) return;
  if (path->empty() || *path == "/" || ("/" + *path + "/").find("/../") != std::string::npos)
    __builtin_trap();
  if (minirun::clean_cgroup_path(*path) != path) __builtin_trap();
}

/** From any list to any other, the writes lead there. */
void read_devices(const std::string& text) {
  auto state = minirun::parse_device_list(text);
  minirun::device_writes(state, {true, {}});
  if (!minirun::device_writes(state, state).empty() && !state.allow) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 5) {
    case 0:
      find(text);
      break;
    case 1:
      read_all_figures(text);
      break;
    case 2:
      read_usage_files(text);
      break;
    case 3:
      clean(text);
      break;
    case 4:
      read_devices(text);
      break;
  }
  return 0;
}
