#include "core/device_rules.h"

#include <doctest/doctest.h>

using minirun::as_exceptions;
using minirun::describe;
using minirun::device_writes;
using minirun::DeviceExceptions;
using minirun::DeviceRule;
using minirun::parse_device_list;

namespace {

constexpr unsigned kRead = DeviceRule::kRead, kWrite = DeviceRule::kWrite, kMknod = DeviceRule::kMknod,
                   kAll = DeviceRule::kAll;
constexpr std::nullopt_t any = std::nullopt;

DeviceRule rule(bool allow, char type, std::optional<uint32_t> major, std::optional<uint32_t> minor,
                unsigned access) {
  return {allow, type, major, minor, access, "/rule"};
}

/** The state after rules as devices.list would show it, with its default before. */
std::string state(const std::vector<DeviceRule>& rules) {
  auto state = as_exceptions(rules);
  if (!state) return "refused";
  std::string text = state->allow ? "allow" : "deny";
  for (const auto& [scope, access] : state->exceptions) {
    DeviceRule one = rule(!state->allow, scope.type, scope.major, scope.minor, access);
    text += ", " + describe(one);
  }
  return text;
}

/**
 * What the program answers to an access, by the instructions that it is made of. The kernel's verifier and
 * the kernel itself judge it where containers are tested.
 */
bool permits(const std::vector<bpf_insn>& code, char type, uint32_t major, uint32_t minor, uint32_t access) {
  uint32_t r[11] = {};
  const uint32_t context[] = {access << 16 | (type == 'b' ? BPF_DEVCG_DEV_BLOCK : BPF_DEVCG_DEV_CHAR), major,
                              minor};
  for (size_t at = 0; at < code.size(); ++at) {
    const bpf_insn& one = code[at];
    uint32_t value = BPF_SRC(one.code) == BPF_X ? r[one.src_reg] : static_cast<uint32_t>(one.imm);
    switch (one.code & ~BPF_X) {
      case BPF_LDX | BPF_MEM | BPF_W:
        r[one.dst_reg] = context[one.off / 4];
        break;
      case BPF_ALU | BPF_MOV:
        r[one.dst_reg] = value;
        break;
      case BPF_ALU | BPF_AND:
        r[one.dst_reg] &= value;
        break;
      case BPF_ALU | BPF_RSH:
        r[one.dst_reg] >>= value;
        break;
      case BPF_JMP32 | BPF_JNE:
        at += r[one.dst_reg] != value ? one.off : 0;
        break;
      case BPF_JMP32 | BPF_JEQ:
        at += r[one.dst_reg] == value ? one.off : 0;
        break;
      case BPF_JMP | BPF_EXIT:
        return r[0] != 0;
      default:
        FAIL("an instruction that isn't expected: " << int{one.code});
    }
  }
  FAIL("the program runs over its end");
  return false;
}

}  // namespace

TEST_CASE("v1: rules become a default and what is excepted from it") {
  CHECK(state({}) == "deny");
  CHECK(state({rule(true, 'c', 1, 3, kAll)}) == "deny, allow c 1:3 rwm");
  CHECK(state({rule(false, 'a', any, any, kAll), rule(true, 'c', 1, 3, kRead),
               rule(true, 'c', 1, 3, kWrite)}) == "deny, allow c 1:3 rw");
  CHECK(state({rule(true, 'a', any, any, kAll), rule(false, 'b', 8, any, kWrite)}) == "allow, deny b 8:* w");
  CHECK(state({rule(true, 'c', 1, 3, kAll), rule(false, 'c', 1, 3, kMknod)}) == "deny, allow c 1:3 rw");
  CHECK(state({rule(true, 'c', 1, 3, kAll), rule(true, 'c', 1, 5, kAll), rule(false, 'c', 1, any, kAll)}) ==
        "deny");
  CHECK(state({rule(true, 'a', any, any, kMknod)}) == "deny, allow b *:* m, allow c *:* m");
  CHECK(state({rule(true, 'c', 1, 3, kAll), rule(true, 'a', any, any, kAll),
               rule(false, 'a', any, any, kAll)}) == "deny");
}

TEST_CASE("v1: a hole in a wider rule can't be expressed, unless nothing of it is asked for") {
  CHECK(state({rule(true, 'c', 1, any, kAll), rule(false, 'c', 1, 3, kWrite)}) == "refused");
  CHECK(state({rule(true, 'c', 1, any, kRead), rule(false, 'c', 1, 3, kWrite)}) == "deny, allow c 1:* r");
  CHECK(state({rule(true, 'c', any, 3, kAll), rule(false, 'c', 1, any, kAll)}) == "refused");
  auto refused = as_exceptions({rule(true, 'c', any, any, kAll), rule(false, 'c', 1, 3, kAll)});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == EOPNOTSUPP);
  CHECK(refused.error().subject == "/rule");
}

TEST_CASE("v1: from one state to another by the fewest writes") {
  auto lines = [](const std::string& list, const std::vector<DeviceRule>& rules) {
    std::string text;
    auto to = as_exceptions(rules);
    REQUIRE(to);
    for (const auto& write : device_writes(parse_device_list(list), *to))
      text += (text.empty() ? "" : ", ") + std::string(write.allow ? "allow " : "deny ") + write.line;
    return text;
  };
  CHECK(lines("a *:* rwm\n", {rule(true, 'c', 1, 3, kAll)}) == "deny a *:* rwm, allow c 1:3 rwm");
  CHECK(lines("c 1:3 rwm\nc 1:5 rw\n", {rule(true, 'c', 1, 3, kRead), rule(true, 'c', 1, 8, kAll)}) ==
        "deny c 1:3 wm, deny c 1:5 rw, allow c 1:8 rwm");
  CHECK(lines("c 1:3 rwm\nc 136:* rw\n",
              {rule(true, 'c', 136, any, kRead | kWrite), rule(true, 'c', 1, 3, kAll)}) == "");
  CHECK(lines("c 1:3 rwm\n", {rule(true, 'a', any, any, kAll), rule(false, 'b', 8, 0, kAll)}) ==
        "allow a *:* rwm, deny b 8:0 rwm");
}

TEST_CASE("v2: of the rules that name a device, the last decides on each access") {
  auto code =
      minirun::device_program({rule(false, 'a', any, any, kAll), rule(true, 'c', 1, any, kRead | kWrite),
                               rule(false, 'c', 1, 3, kWrite), rule(true, 'b', 0xfff00000, 7, kMknod),
                               rule(true, 'a', any, 99, kAll)});
  CHECK(permits(code, 'c', 1, 5, kRead | kWrite));
  CHECK(permits(code, 'c', 1, 3, kRead));
  CHECK_FALSE(permits(code, 'c', 1, 3, kWrite));
  CHECK_FALSE(permits(code, 'c', 1, 3, kRead | kWrite));
  CHECK_FALSE(permits(code, 'c', 1, 5, kMknod));
  CHECK_FALSE(permits(code, 'b', 1, 5, kRead));
  CHECK(permits(code, 'b', 0xfff00000, 7, kMknod));
  CHECK_FALSE(permits(code, 'b', 0xfff00000, 8, kMknod));
  CHECK(permits(code, 'b', 12, 99, kAll));
  CHECK(permits(code, 'c', 12, 99, kAll));
}

TEST_CASE("v2: accesses that two rules allow together are allowed") {
  auto code = minirun::device_program({rule(true, 'c', 1, 3, kRead), rule(true, 'c', 1, 3, kWrite)});
  CHECK(permits(code, 'c', 1, 3, kRead | kWrite));
  CHECK_FALSE(permits(code, 'c', 1, 3, kAll));
}

TEST_CASE("v2: nothing comes after a rule about everything, for the verifier refuses what is never reached") {
  auto all = minirun::device_program({rule(true, 'c', 1, 3, kAll), rule(true, 'a', any, any, kAll)});
  CHECK(all.size() == 8);
  CHECK(permits(all, 'b', 8, 0, kAll));
  CHECK_FALSE(permits(minirun::device_program({}), 'c', 1, 3, kRead));
}

TEST_CASE("the default devices are let through after all rules") {
  auto rules = minirun::with_default_devices({rule(false, 'a', any, any, kAll)});
  CHECK(state(rules).starts_with("deny, allow c 1:3 rwm, allow c 1:5 rwm"));
  auto code = minirun::device_program(rules);
  CHECK(permits(code, 'c', 136, 12, kRead | kWrite));
  CHECK_FALSE(permits(code, 'c', 10, 200, kRead));
}
