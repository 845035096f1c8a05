#pragma once

#include <cstdint>
#include <string>

#include "core/result.h"

namespace minirun::runtime {

/** A length of time, "250ms", "5s", "1m" or "2h", in milliseconds; at least one. `option` is named where it
 * is none. */
Result<int64_t> parse_milliseconds(const std::string& option, const std::string& text);

/** A number of bytes, with k, m, g or t (of 1024) and b behind it if need be; -1 is none. */
Result<int64_t> parse_bytes(const std::string& option, const std::string& text);

}  // namespace minirun::runtime
