#pragma once

#include <cerrno>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace minirun {

/** Why something failed: which step, which call, on what, with which errno; `note` says more where more is
 * known. */
struct Error {
  std::string step;
  std::string call;
  std::string subject;
  int code = 0;
  std::string note;
};

/** Either a value or the Error that stands in its place. The core throws no exceptions. */
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  explicit operator bool() const { return state_.index() == 0; }
  T& operator*() { return *std::get_if<0>(&state_); }
  const T& operator*() const { return *std::get_if<0>(&state_); }
  T* operator->() { return std::get_if<0>(&state_); }
  const T* operator->() const { return std::get_if<0>(&state_); }
  Error& error() { return *std::get_if<1>(&state_); }
  const Error& error() const { return *std::get_if<1>(&state_); }

 private:
  std::variant<T, Error> state_;
};

/** Success, or an Error. */
class [[nodiscard]] Status {
 public:
  Status() = default;
  Status(Error error) : error_(std::move(error)) {}

  explicit operator bool() const { return !error_; }
  Error& error() { return *error_; }
  const Error& error() const { return *error_; }

 private:
  std::optional<Error> error_;
};

/**
 * What a step of a plan came to: nothing, or the call that failed and its errno. Trivial on purpose: the
 * child of a clone returns it without touching the heap.
 */
struct [[nodiscard]] Fault {
  const char* call = nullptr;
  int code = 0;

  explicit operator bool() const { return call != nullptr; }
};

inline constexpr Fault kNoFault{};

/** The Fault of a call that has just failed and left its reason in errno. */
inline Fault failed(const char* call) {
  return {call, errno};
}

/** The symbolic name of an errno, such as "ENOENT"; "E999" for a number that the C library has no name for.
 */
std::string errno_name(int code);

/** What an errno means, in words: "No such file or directory". */
std::string errno_text(int code);

/** The name of a signal: "SIGKILL". */
std::string signal_name(int signal);

}  // namespace minirun
