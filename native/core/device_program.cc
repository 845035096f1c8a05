// The device rules of v2: an eBPF program that the kernel asks at each open and mknod of a device.

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include "core/device_rules.h"
#include "core/unique_fd.h"

namespace minirun {
namespace {

constexpr const char* kStep = "device rules";

bpf_insn instruction(uint8_t code, uint8_t destination, uint8_t source, int16_t offset, uint32_t immediate) {
  bpf_insn one{};
  one.code = code;
  one.dst_reg = destination & 0xf;
  one.src_reg = source & 0xf;
  one.off = offset;
  one.imm = static_cast<int32_t>(immediate);
  return one;
}

// Registers. The kernel calls with the context in R1 and takes the answer from R0.
constexpr uint8_t kAnswer = BPF_REG_0, kContext = BPF_REG_1, kType = BPF_REG_2, kAccess = BPF_REG_3,
                  kMajor = BPF_REG_4, kMinor = BPF_REG_5, kHit = BPF_REG_6;

bpf_insn load(uint8_t to, size_t offset) {
  return instruction(BPF_LDX | BPF_MEM | BPF_W, to, kContext, static_cast<int16_t>(offset), 0);
}

bpf_insn compute(uint8_t operation, uint8_t target, uint32_t value) {
  return instruction(BPF_ALU | operation | BPF_K, target, 0, 0, value);
}

/** Compares all 32 bits as they are: BPF_JMP would take the highest for a sign. */
bpf_insn jump_if(uint8_t operation, uint8_t what, uint32_t value, int16_t over) {
  return instruction(BPF_JMP32 | operation | BPF_K, what, 0, over, value);
}

void answer(std::vector<bpf_insn>& code, bool allow) {
  code.push_back(compute(BPF_MOV, kAnswer, allow ? 1 : 0));
  code.push_back(instruction(BPF_JMP | BPF_EXIT, 0, 0, 0, 0));
}

/** What a rule does with a device that it names: it decides on its accesses, and leaves the others to earlier
 * rules. */
std::vector<bpf_insn> verdict(const DeviceRule& rule) {
  std::vector<bpf_insn> code;
  if (rule.access != DeviceRule::kAll && rule.allow) {
    code.push_back(compute(BPF_AND, kAccess, ~rule.access));
    code.push_back(jump_if(BPF_JNE, kAccess, 0, 2));
  } else if (rule.access != DeviceRule::kAll) {
    code.push_back(instruction(BPF_ALU | BPF_MOV | BPF_X, kHit, kAccess, 0, 0));
    code.push_back(compute(BPF_AND, kHit, rule.access));
    code.push_back(jump_if(BPF_JEQ, kHit, 0, 2));
  }
  answer(code, rule.allow);
  return code;
}

void add_rule(std::vector<bpf_insn>& code, const DeviceRule& rule) {
  std::vector<bpf_insn> then = verdict(rule);
  size_t tests = (rule.type != 'a') + rule.major.has_value() + rule.minor.has_value();
  auto skip_unless = [&](uint8_t what, uint32_t value) {
    --tests;
    code.push_back(jump_if(BPF_JNE, what, value, static_cast<int16_t>(tests + then.size())));
  };
  if (rule.type != 'a')
    skip_unless(kType, rule.type == 'b' ? uint32_t{BPF_DEVCG_DEV_BLOCK} : uint32_t{BPF_DEVCG_DEV_CHAR});
  if (rule.major) skip_unless(kMajor, *rule.major);
  if (rule.minor) skip_unless(kMinor, *rule.minor);
  code.insert(code.end(), then.begin(), then.end());
}

int bpf(int command, bpf_attr& attributes) {
  return static_cast<int>(::syscall(SYS_bpf, command, &attributes, sizeof attributes));
}

uint64_t address(const void* pointer) {
  return reinterpret_cast<uint64_t>(pointer);
}

Result<UniqueFd> load_program(const std::vector<bpf_insn>& program) {
  std::array<char, 4096> log{};
  bpf_attr attributes{};
  attributes.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE;
  attributes.insns = address(program.data());
  attributes.insn_cnt = static_cast<uint32_t>(program.size());
  attributes.license = address("MIT");
  constexpr std::string_view kName = "minirun_devices";  // as bpftool shows it
  std::copy(kName.begin(), kName.end(), attributes.prog_name);
  UniqueFd loaded(bpf(BPF_PROG_LOAD, attributes));
  if (loaded) return loaded;
  int code = errno;
  attributes.log_level = 1;  // once more, for the verifier's words
  attributes.log_buf = address(log.data());
  attributes.log_size = log.size();
  UniqueFd again(bpf(BPF_PROG_LOAD, attributes));
  return Error{kStep, "bpf(BPF_PROG_LOAD)", std::to_string(program.size()) + " instructions", code,
               log.data()};
}

/** The device programs that the group has of its own. */
Result<std::vector<UniqueFd>> attached_programs(int group) {
  std::array<uint32_t, 64> ids{};
  bpf_attr query{};
  query.query.target_fd = static_cast<uint32_t>(group);
  query.query.attach_type = BPF_CGROUP_DEVICE;
  query.query.prog_ids = address(ids.data());
  query.query.prog_cnt = ids.size();
  if (bpf(BPF_PROG_QUERY, query) < 0) return Error{kStep, "bpf(BPF_PROG_QUERY)", "the group", errno, ""};
  std::vector<UniqueFd> programs;
  for (uint32_t i = 0; i < query.query.prog_cnt; ++i) {
    bpf_attr by_id{};
    by_id.prog_id = ids[i];
    UniqueFd program(bpf(BPF_PROG_GET_FD_BY_ID, by_id));
    if (program) programs.push_back(std::move(program));
  }
  return programs;
}

Status detach(int group, int program) {
  bpf_attr attributes{};
  attributes.target_fd = static_cast<uint32_t>(group);
  attributes.attach_bpf_fd = static_cast<uint32_t>(program);
  attributes.attach_type = BPF_CGROUP_DEVICE;
  if (bpf(BPF_PROG_DETACH, attributes) == 0) return {};
  return Error{kStep, "bpf(BPF_PROG_DETACH)", "the former program", errno, ""};
}

/** Takes the place of a single former program in one step (Linux 5.6); beside several it is set up first. */
Status attach(int group, int program, const std::vector<UniqueFd>& former) {
  bpf_attr attributes{};
  attributes.target_fd = static_cast<uint32_t>(group);
  attributes.attach_bpf_fd = static_cast<uint32_t>(program);
  attributes.attach_type = BPF_CGROUP_DEVICE;
  attributes.attach_flags = BPF_F_ALLOW_MULTI;
  if (former.size() == 1) {
    attributes.attach_flags |= BPF_F_REPLACE;
    attributes.replace_bpf_fd = static_cast<uint32_t>(former.front().get());
  }
  if (bpf(BPF_PROG_ATTACH, attributes) == 0) return {};
  return Error{kStep, "bpf(BPF_PROG_ATTACH)", "the group", errno, ""};
}

}  // namespace

std::vector<bpf_insn> device_program(const std::vector<DeviceRule>& rules) {
  std::vector<bpf_insn> code;
  code.push_back(load(kType, offsetof(bpf_cgroup_dev_ctx, access_type)));  // the type below, accesses above
  code.push_back(instruction(BPF_ALU | BPF_MOV | BPF_X, kAccess, kType, 0, 0));
  code.push_back(compute(BPF_RSH, kAccess, 16));
  code.push_back(compute(BPF_AND, kType, 0xffff));
  code.push_back(load(kMajor, offsetof(bpf_cgroup_dev_ctx, major)));
  code.push_back(load(kMinor, offsetof(bpf_cgroup_dev_ctx, minor)));
  for (auto rule = rules.rbegin(); rule != rules.rend(); ++rule) {
    add_rule(code, *rule);
    bool decides_all = rule->type == 'a' && !rule->major && !rule->minor && rule->access == DeviceRule::kAll;
    if (decides_all) return code;  // the verifier refuses instructions that are never reached
  }
  answer(code, false);
  return code;
}

Status attach_device_program(const std::string& directory, const std::vector<bpf_insn>& program) {
  UniqueFd group(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!group) return Error{kStep, "open", directory, errno, ""};
  auto loaded = load_program(program);
  if (!loaded) return loaded.error();
  auto former = attached_programs(group.get());
  if (!former) return former.error();
  if (Status attached = attach(group.get(), loaded->get(), *former); !attached) return attached;
  if (former->size() < 2) return {};
  for (const auto& one : *former) {
    if (Status detached = detach(group.get(), one.get()); !detached) return detached;
  }
  return {};
}

}  // namespace minirun
