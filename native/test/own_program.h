#pragma once

#include <cstdlib>
#include <string>

#include "core/file.h"
#include "core/result.h"

namespace minirun {

/**
 * This very program, for containers to execute: their root filesystem has no libraries, and it needs none.
 * One that is linked otherwise is told by MINIRUN_TEST_PROGRAM which file to take instead.
 */
inline Result<std::string> own_program() {
  const char* other = std::getenv("MINIRUN_TEST_PROGRAM");
  return read_file(other != nullptr ? other : "/proc/self/exe");
}

}  // namespace minirun
