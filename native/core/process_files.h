#pragma once

#include <sys/types.h>

#include <charconv>
#include <string>
#include <string_view>

#include "core/result.h"
#include "core/unique_fd.h"

namespace minirun {

/** A process's directory in /proc: what is read through it is never another process's. Empty when it has
 * ended. */
UniqueFd open_process(pid_t pid);

/** The same, of exactly the process that was started at that time (proc_pid_stat(5), field 22). ESRCH
 * otherwise. */
Result<UniqueFd> open_identified_process(pid_t pid, const std::string& start_time, const char* step);

/**
 * The beginning of a file in a process's directory: what one read of `limit` bytes (at most 16 KiB) gives,
 * which is all of a file about one thing, but not of a table. Empty where it can't be read.
 */
std::string read_process_file(int process, const char* name, size_t limit);

/** /proc/PID/status; empty when the process has ended. */
std::string read_process_status(int process);

/** What stands behind the name of a field of /proc/PID/status, without the blanks before it. */
std::string_view status_line(std::string_view status, std::string_view field);

/** The n-th blank-separated word of a field, or nothing. */
std::string_view status_word(std::string_view status, std::string_view field, size_t index);

template <class Number>
Number status_number(std::string_view status, std::string_view field, size_t index = 0, int base = 10) {
  std::string_view word = status_word(status, field, index);
  Number number{};
  std::from_chars(word.data(), word.data() + word.size(), number, base);
  return number;
}

}  // namespace minirun
