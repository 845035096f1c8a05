#pragma once

#include <napi.h>

namespace minirun::addon {

/** What containers use, and their processes. */
void add_statistics_functions(Napi::Object exports);

}  // namespace minirun::addon
