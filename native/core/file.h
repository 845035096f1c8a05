#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "core/unique_fd.h"

namespace minirun {

/** The whole of a file, which may be one of the kernel's (their size is not known before they are read). */
Result<std::string> read_file(const std::string& path);

/** The same, of an open descriptor, from where it stands. */
Result<std::string> read_all(int fd, const std::string& path);

/** What of a file that was replaced a loss of power leaves. */
enum class Durability : uint8_t {
  none,  ///< perhaps nothing: an empty file, where the kernel had the new name on the disk before the bytes
  content,  ///< the old file or the new one, each whole
  synced,   ///< the new one
};

/**
 * Replaces a file whole: temporary file beside it, rename. Readers see the old or the new, and either
 * outlives this process whatever the durability, which says what of it is on the disk before this returns.
 */
Status replace_file(const std::string& path, std::string_view content, mode_t mode, Durability durability);

/** Writes to a control file of the kernel in one call. */
Status write_control(const std::string& path, std::string_view value);

/** Makes a directory and those above it; there already is no error. */
Status make_directories(const std::string& path, mode_t mode);

}  // namespace minirun
