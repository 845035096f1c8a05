#pragma once

#include <string>

#include "core/result.h"

namespace minirun {

/**
 * Removes a directory and all below it, by descriptors: never follows a symbolic link, never crosses a mount
 * point (EBUSY, naming it; what lies beside it is removed). A path that isn't there is no error.
 */
Status remove_tree(const std::string& path);

/** The same for an entry of an open directory; `name` is one component and neither "." nor "..". */
Status remove_tree_at(int directory, const std::string& name);

}  // namespace minirun
