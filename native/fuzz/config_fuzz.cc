// config.json and process.json: whatever they hold, they are taken or refused with a place and a reason.

#include <cstdlib>

#include "oci/config.h"

namespace {

void check(const minirun::Error& error) {
  if (error.subject.empty() || error.note.empty() || error.code != EINVAL) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string text(reinterpret_cast<const char*>(data), size);
  if (auto spec = minirun::oci::parse_config(text, "/bundle"); !spec) check(spec.error());
  return 0;
}
