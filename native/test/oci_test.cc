#include <doctest/doctest.h>
#include <linux/mount.h>
#include <seccomp.h>

#include <nlohmann/json.hpp>

#include "core/file.h"
#include "oci/config.h"
#include "oci/reader.h"
#include "test/temporary_directory.h"

using minirun::oci::parse_config;
using nlohmann::json;

namespace {

json minimal() {
  return json::parse(R"({
    "ociVersion": "1.2.0",
    "root": {"path": "rootfs"},
    "process": {"args": ["sh"], "cwd": "/", "user": {"uid": 0, "gid": 0}},
    "linux": {"cgroupsPath": "/minirun/x", "namespaces": [{"type": "pid"}, {"type": "mount"}]}
  })");
}

/** The JSON pointer of what is refused after `value` was put at `pointer`; empty when all is taken. */
std::string refused(const std::string& pointer, const json& value) {
  json document = minimal();
  document[json::json_pointer(pointer)] = value;
  auto spec = parse_config(document.dump(), "/bundle");
  return spec ? "" : spec.error().subject;
}

}  // namespace

TEST_CASE("a minimal bundle is taken, relative to its folder") {
  auto spec = parse_config(minimal().dump(), "/bundle");
  REQUIRE(spec);
  CHECK(spec->rootfs == "/bundle/rootfs");
  CHECK(spec->namespaces.pid);
  CHECK_FALSE(spec->namespaces.network);
  CHECK(spec->process.user.umask == 0022);
  CHECK_FALSE(spec->limits.memory_bytes);
}

TEST_CASE("what is wrong is named by its JSON pointer") {
  CHECK(refused("/ociVersion", 1) == "/ociVersion");
  CHECK(refused("/root", json::object()) == "/root/path");
  CHECK(refused("/process/args", json::array()) == "/process/args");
  CHECK(refused("/process/args", {"sh", 1}) == "/process/args/1");
  CHECK(refused("/process/env", {"A=1", "broken"}) == "/process/env/1");
  CHECK(refused("/process/cwd", "relative") == "/process/cwd");
  CHECK(refused("/process/user/uid", -1) == "/process/user/uid");
  CHECK(refused("/process/user/uid", "root") == "/process/user/uid");
  CHECK(refused("/process/capabilities", {{"bounding", {"CAP_KILL", "CAP_FLY"}}}) ==
        "/process/capabilities/bounding/1");
  CHECK(refused("/process/capabilities", {{"effective", {"CAP_KILL"}}}) == "/process/capabilities/effective");
  CHECK(refused("/mounts", json::parse(R"([{"destination": "../up", "type": "tmpfs"}])")) ==
        "/mounts/0/destination");
  CHECK(refused("/mounts", json::parse(R"([{"destination": "/x/../../y", "type": "tmpfs"}])")) ==
        "/mounts/0/destination");
  CHECK(refused("/mounts", json::parse(R"([{"destination": "/x", "options": ["bind"]}])")) ==
        "/mounts/0/source");
  CHECK(refused("/linux/cgroupsPath", "minirun") == "/linux/cgroupsPath");
  CHECK(refused("/linux/cgroupsPath", "/") == "/linux/cgroupsPath");
  CHECK(refused("/linux/cgroupsPath", "/a/../b") == "/linux/cgroupsPath");
  CHECK(refused("/linux/namespaces", json::parse(R"([{"type": "pid"}])")) == "/linux/namespaces");
  CHECK(refused("/linux/resources", {{"memory", {{"limit", "1G"}}}}) == "/linux/resources/memory/limit");
  CHECK(refused("/linux/resources", {{"memory", {{"limit", 100}, {"swap", 50}}}}) ==
        "/linux/resources/memory/swap");
  CHECK(refused("/hostname", "host") == "/hostname");  // without a uts namespace
  CHECK(refused("/annotations", {{"dev.minirun.overlay.lower", "/a"}}) ==
        "/annotations/dev.minirun.overlay.upper");
}

TEST_CASE("what the specification knows and this runtime doesn't is refused; what no one knows is ignored") {
  CHECK(refused("/hooks", {{"prestart", {{{"path", "/bin/true"}}}}}) == "/hooks");
  CHECK(refused("/linux/uidMappings", json::array({json::object()})) == "/linux/uidMappings");
  CHECK(refused("/linux/sysctl", {{"net.ipv4.ip_forward", "1"}}) == "/linux/sysctl");
  CHECK(refused("/linux/resources", {{"devices", {{{"allow", false}}}}}) == "/linux/resources/devices");
  CHECK(refused("/process/apparmorProfile", "docker-default") == "/process/apparmorProfile");
  CHECK(refused("/hooks", json::object()) == "");
  CHECK(refused("/vnd.example~1field", 1) == "");
}

TEST_CASE("keys are escaped in pointers") {
  std::optional<minirun::oci::Problem> problem;
  json document = {{"a/b", {{"c~d", 1}}}};
  minirun::oci::Field root(&document, "", &problem);
  CHECK(root["a/b"]["c~d"].string() == "");
  REQUIRE(problem);
  CHECK(problem->pointer == "/a~1b/c~0d");
}

TEST_CASE("text that is not a JSON object is an error") {
  CHECK_FALSE(parse_config("{", "/bundle"));
  CHECK_FALSE(parse_config("[]", "/bundle"));
  CHECK_FALSE(parse_config("", "/bundle"));
}

TEST_CASE("mount options become attributes and file system options, the last word winning") {
  json document = minimal();
  document["mounts"] = json::parse(R"([{"destination": "/x", "type": "tmpfs",
      "options": ["ro", "nosuid", "noatime", "rw", "size=1m", "mode=755", "newinstance"]}])");
  auto spec = parse_config(document.dump(), "/bundle");
  REQUIRE(spec);
  const auto& mount = spec->mounts.front();
  CHECK(mount.attributes_set == (MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOATIME));
  CHECK((mount.attributes_cleared & MOUNT_ATTR_RDONLY) != 0);
  REQUIRE(mount.data.size() == 2);
  CHECK(mount.data[0] == std::pair<std::string, std::string>("size", "1m"));
  CHECK(mount.setting == "/mounts/0");
}

TEST_CASE("a seccomp profile keeps actions, errno numbers and comparisons") {
  json document = minimal();
  document["linux"]["seccomp"] = json::parse(R"({"defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 38,
      "architectures": ["SCMP_ARCH_X86_64"], "syscalls": [{"names": ["clone"], "action": "SCMP_ACT_ALLOW",
      "args": [{"index": 0, "value": 2114060288, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ"}]}]})");
  auto spec = parse_config(document.dump(), "/bundle");
  REQUIRE(spec);
  REQUIRE(spec->seccomp);
  CHECK(spec->seccomp->default_action == SCMP_ACT_ERRNO(38));
  CHECK(spec->seccomp->rules.front().arguments.front().compare == SCMP_CMP_MASKED_EQ);
  document["linux"]["seccomp"]["syscalls"][0]["action"] = "SCMP_ACT_NOTIFY";
  auto refused_spec = parse_config(document.dump(), "/bundle");
  REQUIRE_FALSE(refused_spec);
  CHECK(refused_spec.error().subject == "/linux/seccomp/syscalls/0/action");
}

TEST_CASE("a process.json is read by the same rules, with pointers of its own") {
  minirun::TemporaryDirectory directory;
  std::string path = directory / "process.json";
  auto read = [&path](const std::string& text) {
    REQUIRE(minirun::replace_file(path, text, 0600, minirun::Durability::none));
    return minirun::oci::read_process(path);
  };
  auto process = read(R"({"args": ["sh", "-c", "id"], "cwd": "/tmp", "terminal": true,
      "consoleSize": {"width": 90, "height": 20}, "user": {"uid": 5, "gid": 6}})");
  REQUIRE(process);
  CHECK(process->args.size() == 3);
  CHECK(process->size == minirun::TerminalSize{90, 20});
  CHECK(process->user.uid == 5);

  auto without = read(R"({"cwd": "/", "user": {"uid": 0, "gid": 0}})");
  REQUIRE_FALSE(without);
  CHECK(without.error().step == "process.json");
  CHECK(without.error().subject == "/args");
  CHECK_FALSE(read("[]"));
  CHECK_FALSE(minirun::oci::read_process(directory / "none"));
}
