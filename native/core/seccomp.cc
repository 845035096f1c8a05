#include "core/seccomp.h"

#include <linux/audit.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <memory>

#include "core/file.h"
#include "core/syscalls.h"

namespace minirun {
namespace {

constexpr const char* kStep = "seccomp profile";
constexpr uint32_t kX32Bit = 0x40000000;
constexpr int kHighestCall = 1024;  // numbers of all architectures here lie below

struct ContextDeleter {
  void operator()(void* context) const { seccomp_release(context); }
};
using Context = std::unique_ptr<void, ContextDeleter>;

Error refused(const char* call, std::string subject, int code, std::string note = "") {
  return {kStep, call, std::move(subject), code, std::move(note)};
}

/** Whether programs of an architecture can run on this processor; rules for others would only lengthen the
 * program. */
bool runs_here(uint32_t architecture) {
  switch (seccomp_arch_native()) {
    case SCMP_ARCH_X86_64:
      return architecture == SCMP_ARCH_X86_64 || architecture == SCMP_ARCH_X86 ||
             architecture == SCMP_ARCH_X32;
    case SCMP_ARCH_AARCH64:
      return architecture == SCMP_ARCH_AARCH64 || architecture == SCMP_ARCH_ARM;
    default:
      return architecture == seccomp_arch_native();
  }
}

scmp_arg_cmp comparison(const SeccompArgument& argument) {
  return {argument.index, static_cast<scmp_compare>(argument.compare), argument.value, argument.value_two};
}

/** libseccomp takes one comparison per argument in a rule; a profile that has more means any of them (as
 * runc). */
bool compares_twice(const std::vector<SeccompArgument>& arguments) {
  std::array<int, 6> times{};
  return std::any_of(arguments.begin(), arguments.end(),
                     [&times](const auto& a) { return ++times[a.index] > 1; });
}

int add_rule(void* context, const SeccompRule& rule, int call) {
  std::vector<scmp_arg_cmp> comparisons;
  for (const auto& argument : rule.arguments) comparisons.push_back(comparison(argument));
  if (!compares_twice(rule.arguments)) {
    return seccomp_rule_add_array(context, rule.action, call, static_cast<unsigned>(comparisons.size()),
                                  comparisons.data());
  }
  for (const auto& one : comparisons) {
    if (int status = seccomp_rule_add_array(context, rule.action, call, 1, &one); status < 0) return status;
  }
  return 0;
}

Status add_rules(void* context, const SeccompSpec& spec) {
  for (const auto& rule : spec.rules) {
    if (rule.action == spec.default_action) continue;  // libseccomp refuses what changes nothing
    for (const auto& name : rule.names) {
      int call = seccomp_syscall_resolve_name(name.c_str());
      if (call == __NR_SCMP_ERROR) continue;  // of a newer kernel or another architecture
      if (int status = add_rule(context, rule, call); status < 0)
        return refused("seccomp_rule_add", name, -status);
    }
  }
  return {};
}

Result<std::vector<sock_filter>> export_program(void* context) {
  UniqueFd file(::memfd_create("seccomp", MFD_CLOEXEC));
  if (!file) return refused("memfd_create", "seccomp", errno);
  if (int status = seccomp_export_bpf(context, file.get()); status < 0)
    return refused("seccomp_export_bpf", "seccomp", -status);
  off_t size = ::lseek(file.get(), 0, SEEK_END);
  std::vector<sock_filter> code(static_cast<size_t>(size) / sizeof(sock_filter));
  if (::pread(file.get(), code.data(), static_cast<size_t>(size), 0) != size)
    return refused("pread", "seccomp", errno);
  return code;
}

/** The highest system call number of an architecture that this libseccomp has a name for. */
uint32_t last_known_call(uint32_t architecture) {
  for (int number = kHighestCall; number > 0; --number) {
    char* name = seccomp_syscall_resolve_num_arch(architecture, number);
    if (name == nullptr) continue;
    std::free(name);
    return static_cast<uint32_t>(number);
  }
  return 0;
}

sock_filter statement(uint16_t code, uint32_t k) {
  return BPF_STMT(code, k);
}
sock_filter jump(uint16_t code, uint32_t k, uint8_t yes, uint8_t no) {
  return BPF_JUMP(code, k, yes, no);
}

/** One architecture's part of the prologue: numbers above the last known one return ENOSYS; x32's have a bit
 * set. */
void answer_unknown(std::vector<sock_filter>& code, uint32_t architecture) {
  code.push_back(statement(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch)));
  code.push_back(jump(BPF_JMP | BPF_JEQ | BPF_K, architecture, 0, 4));
  code.push_back(statement(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)));
  code.push_back(jump(BPF_JMP | BPF_JGE | BPF_K, kX32Bit, 2, 0));
  code.push_back(jump(BPF_JMP | BPF_JGT | BPF_K, last_known_call(architecture), 0, 1));
  code.push_back(statement(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS));
}

std::vector<sock_filter> prologue(const SeccompSpec& spec) {
  std::vector<sock_filter> code;
  answer_unknown(code, seccomp_arch_native());
  for (uint32_t architecture : spec.architectures) {
    bool covered = architecture == SCMP_ARCH_X32 || architecture == seccomp_arch_native();
    if (runs_here(architecture) && !covered) answer_unknown(code, architecture);
  }
  return code;
}

/** What a compiled program depends on: profile, library version, native architecture. */
std::string cache_key(const std::string& source) {
  const scmp_version* version = seccomp_version();
  return "minirun seccomp 1\n" + std::to_string(version->major) + "." + std::to_string(version->minor) + "." +
         std::to_string(version->micro) + " " + std::to_string(seccomp_arch_native()) + "\n" + source + "\n";
}

/** FNV-1a: names files, decides nothing. */
std::string cache_name(const std::string& key) {
  uint64_t hash = 0xcbf29ce484222325;
  for (unsigned char byte : key) hash = (hash ^ byte) * 0x100000001b3;
  return "seccomp-" + std::to_string(hash) + ".bpf";
}

std::vector<sock_filter> from_cache(const std::string& path, const std::string& key) {
  Result<std::string> file = read_file(path);
  if (!file || file->compare(0, key.size(), key) != 0) return {};
  size_t bytes = file->size() - key.size();
  if (bytes == 0 || bytes % sizeof(sock_filter) != 0) return {};
  std::vector<sock_filter> code(bytes / sizeof(sock_filter));
  std::copy_n(file->data() + key.size(), bytes, reinterpret_cast<char*>(code.data()));
  return code;
}

/** What the kernel is given. */
struct Filter {
  sock_fprog program;
  uint32_t flags;
};

int install(const void* argument) {
  const auto* filter = static_cast<const Filter*>(argument);
  return static_cast<int>(::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, filter->flags, &filter->program));
}

Fault install(const SeccompProgram& program, uint32_t flags, const SeccompListener& listener) {
  Filter filter{{static_cast<unsigned short>(program.code.size()),
                 const_cast<sock_filter*>(program.code.data())},  // the kernel only reads it
                flags};
  if (!listener.connection) return install(&filter) < 0 ? failed("seccomp") : kNoFault;
  // The thread that sends the descriptor must not get the filter too.
  filter.flags = (flags & ~SECCOMP_FILTER_FLAG_TSYNC) | SECCOMP_FILTER_FLAG_NEW_LISTENER;
  return install_with_listener(listener, install, &filter);
}

}  // namespace

Result<std::vector<sock_filter>> compile_seccomp(const SeccompSpec& spec) {
  Context context(seccomp_init(spec.default_action));
  if (!context) return refused("seccomp_init", "default action", EINVAL);
  for (uint32_t architecture : spec.architectures) {
    if (!runs_here(architecture)) continue;
    int status = seccomp_arch_add(context.get(), architecture);
    if (status < 0 && status != -EEXIST)
      return refused("seccomp_arch_add", std::to_string(architecture), -status);
  }
  // The program is loaded by ourselves, after no_new_privs where that was asked for.
  seccomp_attr_set(context.get(), SCMP_FLTATR_CTL_NNP, 0);
  seccomp_attr_set(context.get(), SCMP_FLTATR_CTL_OPTIMIZE, 2);  // binary tree: fewer instructions a call
  if (Status added = add_rules(context.get(), spec); !added) return added.error();
  auto compiled = export_program(context.get());
  if (!compiled) return compiled;
  std::vector<sock_filter> code = prologue(spec);
  code.insert(code.end(), compiled->begin(), compiled->end());
  if (code.size() > BPF_MAXINSNS) return refused("seccomp", "profile", E2BIG, "more than 4096 instructions");
  return code;
}

std::vector<sock_filter> cached_seccomp(const std::string& source, const std::string& cache_directory) {
  std::string key = cache_key(source);
  return from_cache(cache_directory + "/" + cache_name(key), key);
}

Result<std::vector<sock_filter>> load_seccomp(const SeccompSpec& spec, const std::string& cache_directory) {
  if (!spec.program.empty()) return spec.program;
  std::string key = cache_key(spec.source);
  std::string path = cache_directory + "/" + cache_name(key);
  if (auto cached = from_cache(path, key); !cached.empty()) return cached;
  auto code = compile_seccomp(spec);
  if (!code) return code;
  std::string_view bytes(reinterpret_cast<const char*>(code->data()), code->size() * sizeof(sock_filter));
  (void)static_cast<bool>(make_directories(cache_directory, 0700));
  (void)static_cast<bool>(replace_file(path, key + std::string(bytes), 0600, Durability::none));
  return code;
}

void plan_seccomp_compilation(Plan& plan, const ContainerSpec& spec, const std::string& cache_directory,
                              SeccompProgram& program) {
  if (!spec.seccomp) return;
  auto action = [&spec, cache_directory, &program](TraceRow& row) {
    auto code = load_seccomp(*spec.seccomp, cache_directory);
    if (code) {
      program.code = std::move(*code);
      return kNoFault;
    }
    row.annotate(code.error().call + " " + code.error().subject + " " + code.error().note);
    return Fault{"seccomp_load", code.error().code};
  };
  bool compiled = !spec.seccomp->program.empty();
  std::string what = compiled ? "compiled before" : std::to_string(spec.seccomp->rules.size()) + " rules";
  plan.add({Side::host, kStep, compiled ? "read" : "seccomp_export_bpf", "linux.seccomp", what,
            "/linux/seccomp", action});
}

void plan_seccomp(Plan& plan, const ContainerSpec& spec, const SeccompProgram& program,
                  const SeccompListener& listener) {
  if (!spec.seccomp) return;
  auto action = [&program, &listener, flags = spec.seccomp->flags](TraceRow&) {
    return install(program, flags, listener);
  };
  plan.add({Side::child, "seccomp", "seccomp", "linux.seccomp", "SECCOMP_SET_MODE_FILTER", "/linux/seccomp",
            action});
}

}  // namespace minirun
