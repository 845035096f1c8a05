#include "core/user_namespace.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "core/capabilities.h"
#include "core/file.h"
#include "core/intermediate.h"
#include "core/namespaces.h"
#include "core/syscalls.h"
#include "core/text.h"

namespace minirun {
namespace {

/** A process that does nothing, in a user namespace of its own: who holds it until somebody else does. */
class Holder {
 public:
  Holder() {
    // It shares the caller's memory, so it must not run the caller's signal handlers either.
    sigset_t all;
    sigset_t before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_ = ::clone(
        [](void*) {
          ::prctl(PR_SET_PDEATHSIG, SIGKILL);
          for (;;) ::pause();
          return 0;
        },
        stack_ + sizeof stack_, CLONE_VM | CLONE_NEWUSER | SIGCHLD, nullptr);
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }
  Holder(const Holder&) = delete;
  Holder& operator=(const Holder&) = delete;
  ~Holder() {
    if (pid_ < 0) return;
    ::kill(pid_, SIGKILL);
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) continue;
  }

  pid_t pid() const { return pid_; }
  std::string file(const char* name) const { return "/proc/" + std::to_string(pid_) + "/" + name; }

 private:
  alignas(16) char stack_[8192];  // it calls pause(2) and nothing else
  pid_t pid_ = -1;
};

/** Runs a program to its end, with what it writes to its standard error. The value is its wait status. */
Result<int> run_and_hear(std::vector<char*>& argv, std::string& said) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) < 0) return Error{"helper", "pipe2", argv[0], errno, ""};
  UniqueFd reader(ends[0]);
  UniqueFd writer(ends[1]);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, writer.get(), STDERR_FILENO);
  pid_t pid = -1;
  int code = ::posix_spawnp(&pid, argv[0], &actions, nullptr, argv.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (code != 0) return Error{"helper", "posix_spawn", argv[0], code, ""};
  writer.reset();
  if (auto text = read_all(reader.get(), argv[0])) said = *text;
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
  return status;
}

/** Calls newuidmap or newgidmap, which are set-user-ID root: PROGRAM PID INSIDE OUTSIDE COUNT... */
Fault ask_helper(const char* program, pid_t pid, const std::vector<IdMapping>& mappings, TraceRow& row) {
  std::vector<std::string> words = {program, std::to_string(pid)};
  for (const auto& one : mappings) {
    for (uint32_t number : {one.inside, one.outside, one.count}) words.push_back(std::to_string(number));
  }
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  std::string said;
  Result<int> status = run_and_hear(argv, said);
  if (!status) {
    row.annotate(std::string(program) + " is needed to map more than one's own id (Debian's package uidmap)");
    return {"posix_spawn", status.error().code};
  }
  if (WIFEXITED(*status) && WEXITSTATUS(*status) == 0) return kNoFault;
  row.annotate("/etc/subuid and /etc/subgid have to give this user these ids; " + said);
  return {program, EPERM};
}

std::string join(const std::vector<IdMapping>& mappings, const char* separator) {
  std::string text;
  for (const auto& one : mappings) {
    if (!text.empty()) text += separator;
    text += std::to_string(one.inside) + " " + std::to_string(one.outside) + " " + std::to_string(one.count);
  }
  return text;
}

/** As /proc/PID/uid_map takes them. */
std::string map_lines(const std::vector<IdMapping>& mappings) {
  return join(mappings, "\n") + "\n";
}

bool is_own_id(const std::vector<IdMapping>& mappings, uint32_t own) {
  return mappings.size() == 1 && mappings.front().count == 1 && mappings.front().outside == own;
}

Fault write_users(const Holder& holder, const std::vector<IdMapping>& uids, TraceRow& row) {
  Status written = write_control(holder.file("uid_map"), map_lines(uids));
  if (written) return kNoFault;
  if (written.error().code == EPERM) return ask_helper("newuidmap", holder.pid(), uids, row);
  return {"write", written.error().code};
}

/** An own group may be mapped without privileges once setgroups is denied (CVE-2014-8989). */
Fault write_groups(const Holder& holder, const std::vector<IdMapping>& gids, TraceRow& row) {
  Status written = write_control(holder.file("gid_map"), map_lines(gids));
  if (!written && written.error().code == EPERM) {
    if (!is_own_id(gids, ::getegid())) return ask_helper("newgidmap", holder.pid(), gids, row);
    written = write_control(holder.file("setgroups"), "deny");
    if (written) written = write_control(holder.file("gid_map"), map_lines(gids));
  }
  return written ? kNoFault : Fault{"write", written.error().code};
}

std::vector<IdMapping> parse_map(const std::string& text) {
  std::vector<IdMapping> mappings;
  for (std::string_view lines = text; !lines.empty();) {
    std::string_view line = take(lines, '\n');
    auto inside = parse_number(take_word(line));
    auto outside = parse_number(take_word(line));
    auto count = parse_number(take_word(line));
    if (!inside || !outside || !count) break;
    mappings.push_back(
        {static_cast<uint32_t>(*inside), static_cast<uint32_t>(*outside), static_cast<uint32_t>(*count)});
  }
  return mappings;
}

Fault become_root(const UserNamespace& user) {
  if (!outside_id(user.mappings.uids, 0) || !outside_id(user.mappings.gids, 0)) return kNoFault;
  // EPERM: setgroups is denied in this namespace, and the groups stay the caller's.
  if (::syscall(SYS_setgroups, 0, nullptr) < 0 && errno != EPERM) return failed("setgroups");
  if (::syscall(SYS_setresgid, 0, 0, 0) < 0) return failed("setresgid");
  return ::syscall(SYS_setresuid, 0, 0, 0) < 0 ? failed("setresuid") : kNoFault;
}

std::optional<uint32_t> translate(uint32_t id, uint32_t from, uint32_t to, uint32_t count) {
  if (id < from || id - from >= count) return std::nullopt;
  return to + (id - from);
}

}  // namespace

std::optional<uint32_t> outside_id(const std::vector<IdMapping>& mappings, uint32_t inside) {
  for (const auto& one : mappings) {
    if (auto id = translate(inside, one.inside, one.outside, one.count)) return id;
  }
  return std::nullopt;
}

std::optional<uint32_t> inside_id(const std::vector<IdMapping>& mappings, uint32_t outside) {
  for (const auto& one : mappings) {
    if (auto id = translate(outside, one.outside, one.inside, one.count)) return id;
  }
  return std::nullopt;
}

std::string describe(const std::vector<IdMapping>& mappings) {
  return join(mappings, ", ");
}

Fault make_user_namespace(const IdMappings& mappings, UniqueFd& fd, TraceRow& row) {
  Holder holder;
  if (holder.pid() < 0) {
    if (errno == ENOSPC || errno == EUSERS) row.annotate("see /proc/sys/user/max_user_namespaces");
    if (errno == EPERM) row.annotate("see the sysctls kernel.unprivileged_userns_clone and apparmor's of it");
    return failed("clone");
  }
  if (Fault fault = write_users(holder, mappings.uids, row)) return fault;
  if (Fault fault = write_groups(holder, mappings.gids, row)) return fault;
  fd.reset(::open(holder.file("ns/user").c_str(), O_RDONLY | O_CLOEXEC));
  return fd ? kNoFault : failed("open");
}

bool in_first_user_namespace() {
  auto map = read_file("/proc/self/uid_map");
  if (!map) return true;
  auto all = parse_map(*map);
  return all.size() == 1 && all[0].inside == 0 && all[0].outside == 0 && all[0].count == UINT32_MAX;
}

Result<IdMappings> read_mappings_of(const std::string& process) {
  auto uids = read_file(process + "/uid_map");
  if (!uids) return uids.error();
  auto gids = read_file(process + "/gid_map");
  if (!gids) return gids.error();
  return IdMappings{parse_map(*uids), parse_map(*gids)};
}

Result<IdMappings> read_mappings(int user_namespace) {
  Result<IdMappings> mappings = IdMappings{};
  Fault fault = run_intermediate([user_namespace, &mappings] {
    if (sys::setns(user_namespace, CLONE_NEWUSER) < 0) return failed("setns");
    mappings = read_mappings_of("/proc/self");
    return kNoFault;
  });
  if (fault) return Error{"user namespace", fault.call, "its mappings", fault.code, ""};
  return mappings;
}

bool is_privileged() {
  return (held_capabilities().effective & capability_bit("CAP_SYS_ADMIN")) != 0;
}

void plan_user_namespace(Plan& plan, const ContainerSpec& spec, UserNamespace& user) {
  const NamespaceSpec& wanted = spec.namespaces.user;
  if (wanted.origin == NamespaceSpec::created) {
    auto make = [&spec, &user](TraceRow& row) {
      user.mappings = spec.mappings;
      return make_user_namespace(spec.mappings, user.fd, row);
    };
    std::string arguments =
        "CLONE_NEWUSER, uids " + describe(spec.mappings.uids) + ", gids " + describe(spec.mappings.gids);
    plan.add({Side::host, "user namespace", "clone", "/proc/PID/uid_map", arguments, wanted.setting, make});
  }
  if (wanted.origin == NamespaceSpec::joined) {
    auto find = [&user, &wanted](TraceRow& row) {
      if (Fault fault = open_namespace(wanted.path, CLONE_NEWUSER, user.fd, row)) return fault;
      auto mappings = read_mappings(user.fd.get());
      if (!mappings) return Fault{"setns", mappings.error().code};
      user.mappings = std::move(*mappings);
      return kNoFault;
    };
    plan.add({Side::host, "user namespace", "open", wanted.path, wanted.path, wanted.setting, find});
  }
}

void plan_namespace_root(Plan& plan, const UserNamespace& user) {
  auto become = [&user](TraceRow&) { return become_root(user); };
  plan.add({Side::child, "namespace root", "setresuid", "the new process", "uid 0, gid 0",
            "/linux/uidMappings", become});
}

}  // namespace minirun
