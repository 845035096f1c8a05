#pragma once

#include <string>

#include "core/result.h"

namespace minirun::runtime {

/** A signal by its number, its name with or without SIG in any case, or RTMIN+N and RTMAX-N. */
Result<int> parse_signal(const std::string& text);

}  // namespace minirun::runtime
