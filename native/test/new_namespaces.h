#pragma once

#include "core/spec.h"

namespace minirun {

/** Every namespace a new one, but for user and time. */
inline NamespaceSet new_namespaces() {
  NamespaceSet set;
  for (NamespaceSpec* one : {&set.pid, &set.mount, &set.uts, &set.ipc, &set.network, &set.cgroup})
    one->origin = NamespaceSpec::created;
  return set;
}

}  // namespace minirun
