#pragma once

#include <linux/filter.h>

#include <string>
#include <vector>

#include "core/result.h"
#include "core/spec.h"

namespace minirun::oci {

/**
 * Reads BUNDLE/config.json (OCI runtime specification 1.0 to 1.2) into a specification for the core. Fields
 * that the specification knows and this runtime doesn't are refused, unknown ones ignored. The Error has step
 * "config.json", subject the JSON pointer of what is wrong, code EINVAL and the words in `note`.
 */
Result<ContainerSpec> read_bundle(const std::string& bundle, const std::string& cache_directory = "");

/**
 * The compiled program of a bundle's seccomp profile; empty where the bundle has none. What was compiled
 * before is found without parsing the bundle.
 */
Result<std::vector<sock_filter>> read_bundle_filter(const std::string& bundle,
                                                    const std::string& cache_directory);

/**
 * Reads a process.json: OCI's `process` object by itself, as `exec --process` takes it. The Error's step is
 * "process.json".
 */
Result<ProcessSpec> read_process(const std::string& path);

/**
 * The same from the text of a config.json; relative paths in it are relative to `bundle`. A seccomp profile
 * whose program lies in `cache_directory` is not parsed again: it is most of a usual config.json.
 */
Result<ContainerSpec> parse_config(const std::string& text, const std::string& bundle,
                                   const std::string& cache_directory = "");

}  // namespace minirun::oci
