#include <poll.h>
#include <signal.h>

#include "core/syscalls.h"
#include "runtime/late_hooks.h"
#include "runtime/record.h"
#include "runtime/verb.h"

namespace minirun::runtime {
namespace {

constexpr auto kFlags = std::to_array<Flag>(
    {{"force", 'f', nullptr, "kill it first where it runs; one that is not there is no error"}});

constexpr int kEndMs = 10'000;

/** As the specification wants it (runtime.md, "Delete"); what is half made, and nobody is making any more, is
 * as good as stopped. */
bool may_be_deleted(ContainerStatus status, bool force) {
  return force || status == ContainerStatus::stopped || status == ContainerStatus::creating;
}

/** A container that was killed while it was being made may not have come to have a group that was there
 * before. */
bool has_group(const Record& record) {
  return !record.cgroup.empty() && (record.pid > 0 || !record.cgroup_was_there);
}

bool lives(const Record& record) {
  ContainerStatus status = status_of(record);
  return record.pid > 0 && status != ContainerStatus::stopped;
}

/** Whether a group is another one's or has it below. */
bool is_in(const Record& other, const std::string& group) {
  return other.cgroup == group || other.cgroup.starts_with(group + "/");
}

/**
 * Whether another container of this root has come to live in the group since this one has ended, for
 * cgroupsPath says what it likes. Only a group with processes is worth looking at all of them.
 */
bool has_heir(const std::string& root, const Record& record) {
  if (cgroup_of(record)->processes().empty()) return false;
  auto ids = list_ids(root);
  if (!ids) return false;
  for (const auto& id : *ids) {
    if (id == record.id) continue;
    auto other = find(root, id);
    if (other && is_in(other->record, record.cgroup) && lives(other->record)) return true;
  }
  return false;
}

/** The control group, where there is one that is still the container's. */
std::unique_ptr<Cgroup> own_group(const std::string& root, const Record& record) {
  if (!has_group(record) || (!lives(record) && has_heir(root, record))) return nullptr;
  return cgroup_of(record);
}

/** Kills the first process and waits for its end, which is the end of everything in its pid namespace. */
Status end(const Record& record) {
  auto process = open_process(record);
  if (!process) return {};  // it has ended already
  if (sys::pidfd_send_signal(process->get(), SIGKILL) < 0 && errno != ESRCH)
    return Error{"delete", "pidfd_send_signal", "process " + std::to_string(record.pid), errno, ""};
  if (has_group(record))
    (void)static_cast<bool>(cgroup_of(record)->kill_all());  // also lets it go on where it is frozen
  pollfd ended{process->get(), POLLIN, 0};
  if (::poll(&ended, 1, kEndMs) == 1) return {};
  return Error{"delete", "", "container " + record.id, ETIMEDOUT, "its first process does not end"};
}

/** Who makes or changes it right now holds the lock; with its processes killed that comes to an end. */
Status lock(const std::string& root, const Found& container, bool force) {
  Status locked = container.directory.lock(force ? 0 : StateDirectory::kPatienceMs);
  if (locked || !force || locked.error().code != EBUSY) return locked;
  if (auto group = own_group(root, container.record)) (void)static_cast<bool>(group->kill_all());
  return container.directory.lock();
}

Status delete_container(const Globals& globals, const std::string& id, bool force) {
  auto container = find(globals.root, id);
  if (!container) return container.error();
  if (Status locked = lock(globals.root, *container, force); !locked) return locked;
  auto record = load(container->directory);  // as it is now that nobody changes it any more
  if (!record) return record.error();
  ContainerStatus status = status_of(*record);
  if (!may_be_deleted(status, force))
    return Error{"delete", "", "container " + id, EBUSY,
                 std::string("cannot delete a container that is not stopped: it is ") + name_of(status) +
                     "; stop it, or use --force"};
  if (Status ended = end(*record); !ended) return ended;
  if (auto group = own_group(globals.root, *record)) {
    if (Status destroyed = group->destroy(); !destroyed) return destroyed;
  }
  if (!record->has_late_hooks) return container->directory.remove();
  auto spec = specification_of(*container);
  if (Status removed = container->directory.remove(); !removed) return removed;
  if (spec) run_late_hooks(*spec, spec->hooks.poststop, *record, name_of(ContainerStatus::stopped), 0);
  return {};
}

Result<int> run(const Globals& globals, const CommandLine& line) {
  bool force = line.has("force");
  Status deleted = delete_container(globals, line.words().front(), force);
  if (!deleted && !(force && deleted.error().code == ENOENT)) return deleted.error();
  return 0;
}

}  // namespace

const Verb kDelete{.name = "delete",
                   .words = "CONTAINER",
                   .about = "take away what is left of a container that has ended",
                   .flags = kFlags,
                   .fewest_words = 1,
                   .most_words = 1,
                   .options_end_at_word = false,
                   .run = run};

}  // namespace minirun::runtime
