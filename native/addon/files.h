#pragma once

#include <napi.h>

namespace minirun::addon {

/** Roots of containers, and what is beneath them. Descriptors are handed over: the caller closes them. */
void add_file_functions(Napi::Object exports);

}  // namespace minirun::addon
