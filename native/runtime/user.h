#pragma once

#include <string>

#include "core/result.h"
#include "core/spec.h"

namespace minirun::runtime {

/** A user or group by its number. */
Result<uint32_t> read_id(const std::string& text);

/** "UID" or "UID:GID". */
Status read_user(const std::string& text, UserSpec& user);

}  // namespace minirun::runtime
