#pragma once

#include <napi.h>

namespace minirun::addon {

/** What the kernel holds for a container. */
void add_kernel_functions(Napi::Object exports);

}  // namespace minirun::addon
