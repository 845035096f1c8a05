#pragma once

#include <string>

#include "core/usage.h"
#include "oci/json.h"

namespace minirun::runtime {

/** What a container uses, with the names and units that runc's `events --stats` has and containerd reads. */
oci::Json usage_json(const Usage& usage);

/** One line of `events`: a type ("stats", "oom"), whose it is, and what there is to say. */
std::string event_line(const std::string& type, const std::string& id, const oci::Json* data);

}  // namespace minirun::runtime
