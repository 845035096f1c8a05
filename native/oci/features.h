#pragma once

#include "oci/json.h"

namespace minirun::oci {

/** The versions of the specification whose configurations are read. */
inline constexpr const char* kOldestVersion = "1.0.0";
inline constexpr const char* kNewestVersion = "1.2.1";

/**
 * What this runtime knows of the specification, whatever the host has of it: the features document
 * (runtime-spec, features.md).
 */
Json features();

// Its parts, each beside the parser whose words they are.
Json hook_names();
Json mount_option_names();
Json namespace_types();
Json seccomp_features();

}  // namespace minirun::oci
