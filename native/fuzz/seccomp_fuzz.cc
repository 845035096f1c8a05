// linux.seccomp: a profile that is taken compiles to a program that the kernel would look at, or is refused.

#include <cstdlib>

#include "core/seccomp.h"
#include "oci/config.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string profile(reinterpret_cast<const char*>(data), size);
  auto spec = minirun::oci::parse_config(
      R"({"ociVersion": "1.2.0", "root": {"path": "rootfs"},
          "process": {"args": ["sh"], "cwd": "/", "user": {"uid": 0, "gid": 0}},
          "linux": {"namespaces": [{"type": "pid"}, {"type": "mount"}], "seccomp": )" +
          profile + "}}",
      "/bundle");
  if (!spec || !spec->seccomp) return 0;
  auto code = minirun::compile_seccomp(*spec->seccomp);
  if (!code) return 0;
  if (code->empty() || code->size() > BPF_MAXINSNS) std::abort();
  for (size_t at = 0; at < code->size(); ++at) {
    const sock_filter& one = (*code)[at];
    if (BPF_CLASS(one.code) != BPF_JMP) continue;
    size_t furthest = at + 1 + (BPF_OP(one.code) == BPF_JA ? one.k : std::max(one.jt, one.jf));
    if (furthest >= code->size()) std::abort();  // it would leave the program
  }
  return 0;
}
