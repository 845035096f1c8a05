#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace minirun::runtime {

/** An option of a verb, or of all of them. */
struct Flag {
  const char* name;   ///< without its dashes
  char letter;        ///< the short form; 0: none
  const char* value;  ///< what its value is called in the help; null for a switch
  const char* help;
};

/** A command line that has been read: options by their names, and the words that are none. */
class CommandLine {
 public:
  bool has(const std::string& name) const { return values_.count(name) != 0; }
  /** The last value that was given. */
  std::string value(const std::string& name, const std::string& absent = "") const;
  /** Every value that was given, in order. */
  std::vector<std::string> values(const std::string& name) const;
  /** A number in decimal. Absent reads as `absent`. */
  Result<int64_t> number(const std::string& name, int64_t lowest, int64_t highest, int64_t absent) const;
  const std::vector<std::string>& words() const { return words_; }

 private:
  friend Result<CommandLine> parse_command_line(std::span<char* const> arguments, std::span<const Flag> flags,
                                                bool options_end_at_word);
  std::multimap<std::string, std::string> values_;
  std::vector<std::string> words_;
};

/**
 * Reads the arguments behind the program's or the verb's name. With `options_end_at_word` the first word that
 * is no option ends them, as `exec` needs, whose command has options of its own; else they may stand
 * anywhere.
 */
Result<CommandLine> parse_command_line(std::span<char* const> arguments, std::span<const Flag> flags,
                                       bool options_end_at_word);

/** An Error of who called: `subject` is what was wrong, `note` what it should be. */
Error usage_error(const std::string& subject, const std::string& note);

/** The lines of a help text that list the flags. */
std::string describe_flags(std::span<const Flag> flags);

}  // namespace minirun::runtime
