#include "runtime/user.h"

#include <charconv>

#include "runtime/command_line.h"

namespace minirun::runtime {

Result<uint32_t> read_id(const std::string& text) {
  uint32_t id = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  bool whole = error == std::errc{} && end == text.data() + text.size();
  if (whole && id != UINT32_MAX) return id;  // the highest means "unchanged" to the kernel
  return usage_error("the user", "expected numbers, received \"" + text +
                                     "\": names mean something inside the container alone");
}

Status read_user(const std::string& text, UserSpec& user) {
  size_t colon = text.find(':');
  auto uid = read_id(text.substr(0, colon));
  if (!uid) return uid.error();
  user.uid = *uid;
  if (colon == std::string::npos) return {};
  auto gid = read_id(text.substr(colon + 1));
  if (!gid) return gid.error();
  user.gid = *gid;
  return {};
}

}  // namespace minirun::runtime
