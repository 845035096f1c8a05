#include <cstdio>

#include "oci/json.h"
#include "runtime/record.h"
#include "runtime/verb.h"

namespace minirun::runtime {
namespace {

constexpr auto kFlags =
    std::to_array<Flag>({{"format", 'f', "FORMAT", "table (as it is without this option), or json"},
                         {"quiet", 'q', nullptr, "print the names alone"}});

/** One that goes away while the others are looked at is left out. */
std::vector<std::pair<Record, ContainerStatus>> all_containers(const std::string& root,
                                                               const std::vector<std::string>& ids) {
  std::vector<std::pair<Record, ContainerStatus>> all;
  for (const auto& id : ids) {
    auto container = find(root, id);
    if (!container) continue;
    ContainerStatus status = status_of(container->record);
    all.emplace_back(std::move(container->record), status);
  }
  return all;
}

std::string owner_name(uid_t uid) {
  return uid == 0 ? "root" : "#" + std::to_string(uid);
}

pid_t shown_pid(const Record& record, ContainerStatus status) {
  return status == ContainerStatus::stopped ? 0 : record.pid;
}

Result<int> run(const Globals& globals, const CommandLine& line) {
  std::string format = line.value("format", "table");
  if (format != "table" && format != "json")
    return usage_error("--format", "expected table or json, received \"" + format + "\"");
  auto ids = list_ids(globals.root);
  if (!ids) return ids.error();
  if (line.has("quiet")) {
    for (const auto& id : *ids) std::puts(id.c_str());
    return 0;
  }
  auto all = all_containers(globals.root, *ids);
  if (format == "json") {
    std::vector<oci::Json> documents;
    for (const auto& [record, status] : all) documents.push_back(state_json(record, status));
    std::puts(oci::Json::array(documents).text().c_str());
    return 0;
  }
  std::printf("%-24s %8s %-8s %-40s %-24s %s\n", "ID", "PID", "STATUS", "BUNDLE", "CREATED", "OWNER");
  for (const auto& [record, status] : all) {
    std::printf("%-24s %8d %-8s %-40s %-24s %s\n", record.id.c_str(), shown_pid(record, status),
                name_of(status), record.bundle.c_str(), record.created.c_str(),
                owner_name(record.owner).c_str());
  }
  return 0;
}

}  // namespace

const Verb kList{.name = "list",
                 .words = "",
                 .about = "list the containers of this state root",
                 .flags = kFlags,
                 .fewest_words = 0,
                 .most_words = 0,
                 .options_end_at_word = false,
                 .run = run};

}  // namespace minirun::runtime
