#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/spec.h"

namespace minirun {

/** The bit of a capability by its name ("CAP_CHOWN"); 0 for a name that this build doesn't know. */
uint64_t capability_bit(std::string_view name);

/** The names of the capabilities in a set, lowest first. */
std::vector<std::string> capability_names(uint64_t set);

/** A set for people: "CAP_CHOWN CAP_KILL", or "none". */
std::string describe(uint64_t set);

/** The sets of the calling thread. */
Capabilities own_capabilities();

/** The same without the bounding set, which takes a call for each capability. */
Capabilities held_capabilities();

/** Those of `set` that are in the calling thread's bounding set. */
uint64_t within_bounding_set(uint64_t set);

/** Takes every capability that is not in `keep` from the bounding set (prctl PR_CAPBSET_DROP). Child-safe. */
Fault drop_bounding_set(uint64_t keep);

/** Makes effective what the calling thread is permitted, and that thread alone. */
Fault raise_permitted();

/** Sets the permitted, effective, inheritable and ambient sets. Child-safe. */
Fault set_capabilities(const Capabilities& set);

/** Takes capabilities away: as set_capabilities(), for ambient ones go with those that are no longer
 * permitted. Child-safe. */
Fault limit_capabilities(const Capabilities& set);

}  // namespace minirun
