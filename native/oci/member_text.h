#pragma once

#include <optional>
#include <string_view>

namespace minirun::oci {

/**
 * The text of a member of a JSON object as it stands in the document, found without parsing what is not asked
 * for. Nothing where the object has no such member, or more than one, or where anything about it is unusual:
 * who asks then has to parse all of it.
 */
std::optional<std::string_view> member_text(std::string_view object, std::string_view name);

}  // namespace minirun::oci
