#include "oci/features.h"

#include <doctest/doctest.h>

#include "core/capabilities.h"
#include "oci/config.h"
#include "oci/reader.h"

using minirun::oci::Document;
using minirun::oci::Field;

namespace {

/** Why a configuration with these members is refused; empty when it is taken. */
std::string refused(const std::string& members) {
  std::string config = R"({"ociVersion": "1.2.0", "root": {"path": "rootfs"},
    "process": {"args": ["sh"], "cwd": "/", "user": {"uid": 0, "gid": 0}},
    "linux": {"namespaces": [{"type": "mount"}]}, )" +
                       members + "}";
  auto spec = minirun::oci::parse_config(config, "/bundle");
  return spec ? "" : spec.error().subject + ": " + spec.error().note;
}

/** A later member of the same name wins. */
std::string in_linux(const std::string& members) {
  return R"("linux": {"namespaces": [{"type": "mount"}], )" + members + "}";
}

std::string rule(const std::string& members) {
  return in_linux(R"("seccomp": {"defaultAction": "SCMP_ACT_ALLOW", "listenerPath": "/run/l", "syscalls": [
    {"names": ["getpid"], "action": "SCMP_ACT_NOTIFY"}, {"names": ["getppid"], )" +
                  members + "}]}");
}

}  // namespace

TEST_CASE("what the features document names is taken from a configuration") {
  Document document(minirun::oci::features().text());
  Field features = document.root();
  auto expect_taken = [&](const Field& names, auto&& with) {
    CHECK(names.strings().size() > 2);
    for (const auto& name : names.strings()) {
      CAPTURE(name);
      CHECK(refused(with(name)) == "");
    }
  };
  expect_taken(features["hooks"],
               [](auto& name) { return R"("hooks": {")" + name + R"(": [{"path": "/bin/true"}]})"; });
  const std::string mappings = R"([{"containerID": 0, "hostID": 1000, "size": 1}])";
  const std::string mapped = R"(, "uidMappings": )" + mappings + R"(, "gidMappings": )" + mappings;
  expect_taken(features["mountOptions"], [&](auto& name) {
    std::string type = name == "tmpcopyup" ? "tmpfs" : "bind";
    return R"("mounts": [{"destination": "/m", "source": "/m", "type": ")" + type + R"(", "options": [")" +
           name + "\"]" + (name.ends_with("idmap") ? mapped : "") + "}]";
  });
  Field linux = features["linux"];
  expect_taken(linux["namespaces"], [&](auto& type) {
    std::string mount = type == "mount" ? "" : R"(, {"type": "mount"})";
    return in_linux(R"("namespaces": [{"type": ")" + type + "\"}" + mount + "]" +
                    (type == "user" ? mapped : ""));
  });
  expect_taken(linux["seccomp"]["actions"], [](auto& name) { return rule(R"("action": ")" + name + "\""); });
  expect_taken(linux["seccomp"]["operators"], [](auto& name) {
    return rule(R"("action": "SCMP_ACT_LOG", "args": [{"index": 0, "value": 1, "op": ")" + name + "\"}]");
  });
  for (const auto& name : linux["capabilities"].strings()) CHECK(minirun::capability_bit(name) != 0);
  for (const char* key : {"ociVersionMin", "ociVersionMax"}) CHECK(features[key].string().starts_with("1."));
}

TEST_CASE("a hook, a mount option, a namespace or an action that it does not name is refused") {
  CHECK(
      refused(R"("mounts": [{"destination": "/m", "source": "/m", "type": "bind", "options": ["rtmp"]}])") !=
      "");
  CHECK(refused(in_linux(R"("namespaces": [{"type": "syslog"}])")) != "");
  CHECK(refused(rule(R"("action": "SCMP_ACT_ASK")")) != "");
}
