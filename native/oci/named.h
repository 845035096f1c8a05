#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "oci/json.h"
#include "oci/reader.h"

namespace minirun::oci {

/** A word of config.json and what it means to the kernel. */
template <class T>
struct Named {
  std::string_view name;
  T value;
};

/** The words of a table, as an array. */
template <class T, size_t N>
Json names_of(const Named<T> (&table)[N]) {
  std::vector<Json> names;
  for (const auto& entry : table) names.emplace_back(entry.name);
  return Json::array(names);
}

/** Looks a word up; one that isn't there is a problem of the field, and reads as zero. */
template <class T, size_t N>
T lookup(const Named<T> (&table)[N], const Field& field) {
  std::string name = field.string();
  for (const auto& entry : table) {
    if (entry.name == name) return entry.value;
  }
  std::string known;
  for (const auto& entry : table) known += (known.empty() ? "" : ", ") + std::string(entry.name);
  field.refuse("expected one of " + known + ", received \"" + name + "\"");
  return T{};
}

}  // namespace minirun::oci
