#include "runtime/explain.h"

#include <cctype>

#include "shim/report.h"

namespace minirun::runtime {
namespace {

constexpr int kNotFound = 127;
constexpr int kNotExecutable = 126;
constexpr int kFailed = 1;

/** As Go writes an errno: "permission denied". */
std::string errno_in_go(int code) {
  std::string text = errno_text(code);
  text.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(text.front())));
  return text;
}

bool is_command_failure(const Error& error) {
  return (error.step == kExecStep || error.step == kFindStep) &&
         (error.code == ENOENT || error.code == ENOTDIR || error.code == EACCES || error.code == ENOEXEC ||
          error.code == EISDIR);
}

std::string command_message(const std::string& name, int code, const std::string& why) {
  bool by_path = name.find('/') != std::string::npos;
  std::string words = code != ENOENT ? errno_in_go(code)
                      : by_path      ? "stat " + name + ": no such file or directory"
                                     : "executable file not found in $PATH";
  return "exec: \"" + name + "\": " + words + (why.empty() ? "" : ": " + why);
}

}  // namespace

Error explained(const Error& error, const ContainedProcess* container) {
  Error told = error;
  told.call.clear();
  told.subject.clear();
  if (is_command_failure(error)) {
    std::string why = container == nullptr ? "" : container->explain_command(error.code).words;
    told.note = command_message(error.subject, error.code, why);
  } else {
    told.note = shim::explain(error, container).message;
  }
  return told;
}

std::string message_of(const Error& error) {
  if (!error.call.empty()) return explained(error, nullptr).note;
  return error.subject.empty() ? error.note : error.subject + ": " + error.note;
}

int exit_code_of(const Error& error) {
  if (!is_command_failure(error)) return kFailed;
  return error.code == ENOENT || error.code == ENOTDIR ? kNotFound : kNotExecutable;
}

}  // namespace minirun::runtime
