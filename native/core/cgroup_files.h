#pragma once

// Readers of the files of a control group, which both drivers share.

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/result.h"

namespace minirun {

/** The text of a file; empty where it can't be read. */
std::string read_text(const std::string& file);

/** Nothing where the file is missing or says "max". */
std::optional<uint64_t> read_number(const std::string& file);

/** The number after `key` in a file of "key number" lines. */
std::optional<uint64_t> read_keyed(const std::string& file, const std::string& key);
std::optional<uint64_t> parse_keyed(const std::string& text, const std::string& key);

/** The line of a file that begins with the word `key`, or nothing. */
std::optional<std::string> read_line_of(const std::string& file, const std::string& key);

std::vector<std::string> subdirectories(const std::string& directory);

/**
 * Visits the group in `directory` and those below it: `enter` gets a descriptor of each, before those below
 * it; `leave` gets the name of each but the first, after those below it, in the group that `above` is open
 * on. The tree may be as deep as a hostile container cares to make it: no path grows with it, and two
 * descriptors do.
 */
void walk_groups(const std::string& directory, const std::function<void(int group)>& enter,
                 const std::function<void(int above, const char* name)>& leave);

/** Makes a group and those above it. Whether it is new; one that was there is no error. */
Result<bool> make_group(const std::string& directory);

/** Adds the processes of the group in `directory` and of those below it. */
void collect_processes(const std::string& directory, std::set<pid_t>& pids);

/** Removes a group and those below it, deepest first. Groups go away by rmdir alone: their files are the
 * kernel's. No group is no error. */
Status remove_groups(const std::string& directory);

}  // namespace minirun
