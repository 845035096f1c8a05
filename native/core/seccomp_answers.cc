#include "core/seccomp_answers.h"

#include <linux/seccomp.h>
#include <seccomp.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <optional>

namespace minirun {
namespace {

constexpr size_t kMostSteps = 200'000;
constexpr uint32_t kHighestCall = 1024;
constexpr unsigned kArguments = 6;

/** A register or a cell of memory: a number, or something made of arguments. */
struct Word {
  std::optional<uint32_t> number = 0;
  unsigned arguments = 0;
};

struct State {
  size_t at = 0;
  Word a;
  Word x;
  std::array<Word, BPF_MEMWORDS> memory;
};

/** A program being followed for one system call. */
class Walk {
 public:
  Walk(std::span<const sock_filter> program, uint32_t architecture, uint32_t number)
      : program_(program), architecture_(architecture), number_(number) {}

  SeccompAnswer answer() {
    open_.push_back({});
    while (!open_.empty()) {
      State state = open_.back();
      open_.pop_back();
      while (steps_ < kMostSteps && state.at < program_.size() && step(state)) ++steps_;
      if (steps_ >= kMostSteps) {
        answer_.complete = false;
        break;
      }
    }
    if (answer_.actions.size() < 2) answer_.arguments = 0;
    return answer_;
  }

 private:
  /** Executes an instruction; false when this way ends. */
  bool step(State& state) {
    const sock_filter& code = program_[state.at++];
    switch (BPF_CLASS(code.code)) {
      case BPF_LD:
        load(code, state, state.a);
        return true;
      case BPF_LDX:
        load(code, state, state.x);
        return true;
      case BPF_ST:
        state.memory[code.k % BPF_MEMWORDS] = state.a;
        return true;
      case BPF_STX:
        state.memory[code.k % BPF_MEMWORDS] = state.x;
        return true;
      case BPF_ALU:
        compute(code, state);
        return true;
      case BPF_JMP:
        jump(code, state);
        return true;
      case BPF_RET:
        end(BPF_RVAL(code.code) == BPF_A ? state.a.number.value_or(SECCOMP_RET_KILL_PROCESS) : code.k);
        return false;
      default:  // BPF_MISC
        if (BPF_MISCOP(code.code) == BPF_TAX) {
          state.x = state.a;
        } else {
          state.a = state.x;
        }
        return true;
    }
  }

  void load(const sock_filter& code, const State& state, Word& target) const {
    switch (BPF_MODE(code.code)) {
      case BPF_IMM:
        target = {code.k, 0};
        return;
      case BPF_MEM:
        target = state.memory[code.k % BPF_MEMWORDS];
        return;
      case BPF_LEN:
        target = {sizeof(seccomp_data), 0};
        return;
      default:
        target = data_at(code.k);
    }
  }

  Word data_at(uint32_t offset) const {
    if (offset == offsetof(seccomp_data, nr)) return {number_, 0};
    if (offset == offsetof(seccomp_data, arch)) return {architecture_, 0};
    if (offset < offsetof(seccomp_data, args)) return {std::nullopt, 0};  // where the caller stands
    unsigned index = (offset - offsetof(seccomp_data, args)) / sizeof(uint64_t);
    return {std::nullopt, index < kArguments ? 1U << index : 0};
  }

  static void compute(const sock_filter& code, State& state) {
    const Word operand = BPF_SRC(code.code) == BPF_X ? state.x : Word{code.k, 0};
    state.a.arguments |= operand.arguments;
    if (!state.a.number || !operand.number) {
      state.a.number.reset();
      return;
    }
    state.a.number = compute(BPF_OP(code.code), *state.a.number, *operand.number);
  }

  static std::optional<uint32_t> compute(unsigned operation, uint32_t a, uint32_t b) {
    switch (operation) {
      case BPF_ADD:
        return a + b;
      case BPF_SUB:
        return a - b;
      case BPF_MUL:
        return a * b;
      case BPF_DIV:
        return b == 0 ? std::nullopt : std::optional(a / b);
      case BPF_OR:
        return a | b;
      case BPF_AND:
        return a & b;
      case BPF_XOR:
        return a ^ b;
      case BPF_LSH:
        return b < 32 ? a << b : 0;
      case BPF_RSH:
        return b < 32 ? a >> b : 0;
      case BPF_NEG:
        return 0U - a;
      default:
        return std::nullopt;
    }
  }

  void jump(const sock_filter& code, State& state) {
    if (BPF_OP(code.code) == BPF_JA) {
      state.at += code.k;
      return;
    }
    const Word operand = BPF_SRC(code.code) == BPF_X ? state.x : Word{code.k, 0};
    if (state.a.number && operand.number) {
      state.at += holds(BPF_OP(code.code), *state.a.number, *operand.number) ? code.jt : code.jf;
      return;
    }
    answer_.arguments |= state.a.arguments | operand.arguments;
    State other = state;
    other.at += code.jf;
    open_.push_back(other);
    state.at += code.jt;
  }

  static bool holds(unsigned operation, uint32_t a, uint32_t b) {
    switch (operation) {
      case BPF_JEQ:
        return a == b;
      case BPF_JGT:
        return a > b;
      case BPF_JGE:
        return a >= b;
      default:  // BPF_JSET
        return (a & b) != 0;
    }
  }

  void end(uint32_t action) {
    auto& actions = answer_.actions;
    if (std::find(actions.begin(), actions.end(), action) == actions.end()) actions.push_back(action);
  }

  std::span<const sock_filter> program_;
  uint32_t architecture_;
  uint32_t number_;
  size_t steps_ = 0;
  std::vector<State> open_;  ///< ways that are still to be followed
  SeccompAnswer answer_;
};

std::vector<SystemCall> name_system_calls() {
  std::vector<SystemCall> calls;
  for (uint32_t number = 0; number < kHighestCall; ++number) {
    char* name = seccomp_syscall_resolve_num_arch(seccomp_arch_native(), static_cast<int>(number));
    if (name == nullptr) continue;
    calls.push_back({number, name});
    std::free(name);
  }
  return calls;
}

}  // namespace

SeccompAnswer seccomp_answer(std::span<const sock_filter> program, uint32_t architecture, uint32_t number) {
  return Walk(program, architecture, number).answer();
}

const std::vector<SystemCall>& known_system_calls() {
  static const std::vector<SystemCall> calls = name_system_calls();
  return calls;
}

uint32_t native_architecture() {
  return seccomp_arch_native();
}

}  // namespace minirun
