#ifndef MINIRUN_STANDARD_H
#define MINIRUN_STANDARD_H

// The parts of the standard library that nearly every file uses, compiled once, ahead of all (binding.gyp).
// Files still include what they use: this is for the compiler's time alone, about two thirds of it.

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#endif
