#include <doctest/doctest.h>
#include <linux/mount.h>
#include <seccomp.h>

#include "core/file.h"
#include "oci/config.h"
#include "oci/reader.h"
#include "test/temporary_directory.h"

using minirun::oci::parse_config;

namespace {

/** Members to be added to a minimal config.json, or to stand in the place of its own. */
struct More {
  std::string top;
  std::string process;
  std::string linux;
};

/** A later member of the same name wins, so `more` is simply written behind. */
std::string config_with(const More& more) {
  auto behind = [](const std::string& members) { return members.empty() ? "" : ", " + members; };
  return R"({"ociVersion": "1.2.0", "root": {"path": "rootfs"},
    "process": {"args": ["sh"], "cwd": "/", "user": {"uid": 0, "gid": 0})" +
         behind(more.process) + R"(},
    "linux": {"cgroupsPath": "/minirun/x", "namespaces": [{"type": "pid"}, {"type": "mount"}])" +
         behind(more.linux) + "}" + behind(more.top) + "}";
}

/** The JSON pointer of what is refused; empty when all is taken. */
std::string refused(const More& more) {
  auto spec = parse_config(config_with(more), "/bundle");
  return spec ? "" : spec.error().subject;
}

}  // namespace

TEST_CASE("a minimal bundle is taken, relative to its folder") {
  auto spec = parse_config(config_with({}), "/bundle");
  REQUIRE(spec);
  CHECK(spec->rootfs == "/bundle/rootfs");
  CHECK(spec->namespaces.pid);
  CHECK_FALSE(spec->namespaces.network);
  CHECK(spec->process.user.umask == 0022);
  CHECK_FALSE(spec->limits.memory.limit);
}

TEST_CASE("a container may be made without a process") {
  auto spec = parse_config(R"({"ociVersion": "1.2.0", "root": {"path": "rootfs"},
    "linux": {"namespaces": [{"type": "mount"}]}})",
                           "/bundle");
  REQUIRE(spec);
  CHECK(spec->process.args.empty());
}

TEST_CASE("what is wrong is named by its JSON pointer") {
  CHECK(refused({.top = R"("ociVersion": 1)"}) == "/ociVersion");
  for (const char* version : {"", "2.0.0", "0.9.0", "10.0.0", "1"})
    CHECK(refused({.top = R"("ociVersion": ")" + std::string(version) + '"'}) == "/ociVersion");
  for (const char* version : {"1.0.0", "1.0.2-dev", "1.99.0"})
    CHECK(refused({.top = R"("ociVersion": ")" + std::string(version) + '"'}).empty());
  CHECK(refused({.top = R"("root": {})"}) == "/root/path");
  CHECK(refused({.top = R"("mounts": [{"destination": "../up", "type": "tmpfs"}])"}) ==
        "/mounts/0/destination");
  CHECK(refused({.top = R"("mounts": [{"destination": "/x/../../y", "type": "tmpfs"}])"}) ==
        "/mounts/0/destination");
  CHECK(refused({.top = R"("mounts": [{"destination": "/x", "options": ["bind"]}])"}) == "/mounts/0/source");
  CHECK(refused({.top = R"("hostname": "host")"}) == "/hostname");  // without a uts namespace
  CHECK(refused({.top = R"("annotations": {"dev.minirun.overlay.lower": "/a"})"}) ==
        "/annotations/dev.minirun.overlay.upper");
}

TEST_CASE("what is wrong with the process is named by its JSON pointer") {
  CHECK(refused({.process = R"("args": [])"}) == "/process/args");
  CHECK(refused({.process = R"("args": ["sh", 1])"}) == "/process/args/1");
  CHECK(refused({.process = R"("env": ["A=1", "broken"])"}) == "/process/env/1");
  CHECK(refused({.process = R"("cwd": "relative")"}) == "/process/cwd");
  CHECK(refused({.process = R"("user": {"uid": -1})"}) == "/process/user/uid");
  CHECK(refused({.process = R"("user": {"uid": "root"})"}) == "/process/user/uid");
  CHECK(refused({.process = R"("capabilities": {"bounding": ["CAP_KILL", 1]})"}) ==
        "/process/capabilities/bounding/1");
  CHECK(refused({.process = R"("scheduler": {"policy": "SCHED_MAGIC"})"}) == "/process/scheduler/policy");
  CHECK(refused({.process = R"("scheduler": {"policy": "SCHED_OTHER", "nice": 20})"}) ==
        "/process/scheduler/nice");
  CHECK(refused({.process = R"("ioPriority": {"class": "IOPRIO_CLASS_BE", "priority": 8})"}) ==
        "/process/ioPriority/priority");
  CHECK(refused({.process = R"("execCPUAffinity": {"initial": "0-"})"}) ==
        "/process/execCPUAffinity/initial");
}

TEST_CASE("what is wrong with Linux's part is named by its JSON pointer") {
  CHECK(refused({.linux = R"("cgroupsPath": "/")"}) == "/linux/cgroupsPath");
  CHECK(refused({.linux = R"("cgroupsPath": "/a/../b")"}) == "/linux/cgroupsPath");
  CHECK(refused({.linux = R"("namespaces": [{"type": "user"}], )"
                          R"("uidMappings": [{"containerID": 0, "hostID": 1, "size": 1}], )"
                          R"("gidMappings": [{"containerID": 0, "hostID": 1, "size": 1}])"}) ==
        "/linux/namespaces");
  CHECK(refused({.linux = R"("namespaces": [{"type": "pid"}], "rootfsPropagation": "slave")"}) ==
        "/linux/rootfsPropagation");
  CHECK(refused({.linux = R"("namespaces": [{"type": "mount"}, {"type": "mount"}])"}) ==
        "/linux/namespaces/1/type");
  CHECK(refused({.linux = R"("namespaces": [{"type": "mount"}, {"type": "disk"}])"}) ==
        "/linux/namespaces/1/type");
}

TEST_CASE("a user namespace has mappings, and what is id-mapped has a user namespace") {
  std::string user = R"("namespaces": [{"type": "mount"}, {"type": "user"}])";
  std::string uids = R"("uidMappings": [{"containerID": 0, "hostID": 100000, "size": 65536}])";
  std::string gids = R"("gidMappings": [{"containerID": 0, "hostID": 100000, "size": 65536}])";
  CHECK(refused({.linux = user}) == "/linux/uidMappings");
  CHECK(refused({.linux = user + ", " + uids}) == "/linux/gidMappings");
  CHECK(refused({.linux = uids + ", " + gids}) == "/linux/uidMappings");
  CHECK(refused({.linux = R"("uidMappings": [{"containerID": 0, "hostID": 1}])"}) ==
        "/linux/uidMappings/0/size");
  std::string mapped = R"("mounts": [{"destination": "/x", "source": "/y", "options": ["rbind", "idmap"]}])";
  CHECK(refused({.top = mapped}) == "/mounts/0/options");
  auto spec =
      parse_config(config_with({.top = mapped, .linux = user + ", " + uids + ", " + gids}), "/bundle");
  REQUIRE(spec);
  CHECK(spec->namespaces.user.origin == minirun::NamespaceSpec::created);
  CHECK(spec->mappings.uids.front().outside == 100000);
  CHECK(spec->mounts.front().id_mapped == minirun::IdMapped::itself);
}

TEST_CASE("what the specification knows and this runtime doesn't is refused; what no one knows is ignored") {
  CHECK(refused({.linux = R"("intelRdt": {"closID": "x"})"}) == "/linux/intelRdt");
  CHECK(refused({.top = R"("hooks": {})"}) == "");
  CHECK(refused({.top = R"("vnd.example/field": 1)"}) == "");
}

TEST_CASE("devices are read, and what is wrong with one is named") {
  auto spec = parse_config(config_with({.linux = R"("devices": [
      {"path": "/dev/fuse", "type": "c", "major": 10, "minor": 229, "fileMode": 8630, "uid": 1, "gid": 2},
      {"path": "/dev/raw", "type": "u", "major": 1, "minor": 1}, {"path": "/run/pipe", "type": "p"}])"}),
                           "/bundle");
  REQUIRE(spec);
  REQUIRE(spec->devices.size() == 3);
  CHECK(spec->devices[0].mode == 0666);  // 8630 has the type of a character device in it
  CHECK(spec->devices[0].uid == 1);
  CHECK(spec->devices[1].type == 'c');
  CHECK(spec->devices[2].type == 'p');
  auto device = [](const std::string& members) {
    return refused({.linux = "\"devices\": [{" + members + "}]"});
  };
  CHECK(device(R"("type": "p")") == "/linux/devices/0/path");
  CHECK(device(R"("path": "/", "type": "p")") == "/linux/devices/0/path");
  CHECK(device(R"("path": "dev/x", "type": "p")") == "/linux/devices/0/path");
  CHECK(device(R"("path": "/dev/x", "type": "x")") == "/linux/devices/0/type");
  CHECK(device(R"("path": "/dev/x", "type": "c", "major": 1)") == "/linux/devices/0/minor");
  CHECK(refused({.linux = R"("devices": [{"path": "/a", "type": "p"}, {"path": "/a", "type": "p"}])"}) ==
        "/linux/devices/1/path");
}

TEST_CASE("parameters of the kernel have to be the container's own") {
  auto refuses = [](const std::string& key, const std::string& namespaces) {
    return refused({.linux = R"("sysctl": {")" + key + R"(": "1"}, "namespaces": [{"type": "mount"})" +
                             namespaces + "]"}) != "";
  };
  std::string network = R"(, {"type": "network"})";
  CHECK_FALSE(refuses("net.ipv4.ip_forward", network));
  CHECK_FALSE(refuses("net/ipv4/conf/eth0.5/forwarding", network));
  CHECK(refuses("net.ipv4.ip_forward", ""));
  CHECK_FALSE(refuses("kernel.msgmax", R"(, {"type": "ipc"})"));
  CHECK_FALSE(refuses("fs.mqueue.msg_max", R"(, {"type": "ipc"})"));
  CHECK(refuses("kernel.msgmax", network));
  CHECK(refuses("kernel.core_pattern", network));
  CHECK(refuses("vm.swappiness", network));
  CHECK(refuses("net/../kernel/core_pattern", network));
  CHECK(refuses("kernel.hostname", R"(, {"type": "uts"})"));
}

TEST_CASE("clocks and interfaces need namespaces of their own") {
  CHECK(refused({.linux = R"("timeOffsets": {"monotonic": {"secs": 5}})"}) == "/linux/timeOffsets");
  CHECK(refused({.linux = R"("timeOffsets": {"realtime": {"secs": 5}})"}) == "/linux/timeOffsets/realtime");
  CHECK(refused({.linux = R"("netDevices": {"eth0": {}})"}) == "/linux/netDevices");
  CHECK(refused({.linux = R"("netDevices": {"a name that is too long": {}})"}) ==
        "/linux/netDevices/a name that is too long");
}

TEST_CASE("hooks keep their order, arguments and timeouts") {
  auto spec = parse_config(config_with({.top = R"("hooks": {"prestart": [{"path": "/a"},
      {"path": "/b", "args": ["b", "x"], "env": ["A=1"], "timeout": 5}], "poststop": [{"path": "/c"}]})"}),
                           "/bundle");
  REQUIRE(spec);
  REQUIRE(spec->hooks.prestart.size() == 2);
  CHECK(spec->hooks.prestart[0].args == std::vector<std::string>{"/a"});
  CHECK(spec->hooks.prestart[1].timeout_seconds == 5);
  CHECK(spec->hooks.poststop.size() == 1);
  CHECK(refused({.top = R"("hooks": {"poststart": [{"path": "relative"}]})"}) == "/hooks/poststart/0/path");
  CHECK(refused({.top = R"("hooks": {"poststart": [{"path": "/a", "timeout": 0}]})"}) ==
        "/hooks/poststart/0/timeout");
}

TEST_CASE("keys are escaped in pointers") {
  minirun::oci::Document document(R"({"a/b": {"c~d": 1}})");
  CHECK(document.root()["a/b"]["c~d"].string() == "");
  REQUIRE(document.problem());
  CHECK(document.problem()->pointer == "/a~1b/c~0d");
}

TEST_CASE("text that is not a JSON object is an error") {
  CHECK_FALSE(parse_config("{", "/bundle"));
  CHECK_FALSE(parse_config("[]", "/bundle"));
  CHECK_FALSE(parse_config("", "/bundle"));
}

TEST_CASE("mount options become attributes and file system options, the last word winning") {
  auto spec = parse_config(config_with({.top = R"("mounts": [{"destination": "/x", "type": "tmpfs",
      "options": ["ro", "nosuid", "noatime", "rw", "size=1m", "mode=755", "newinstance"]}])"}),
                           "/bundle");
  REQUIRE(spec);
  const auto& mount = spec->mounts.front();
  CHECK(mount.attributes.set == (MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOATIME));
  CHECK((mount.attributes.cleared & MOUNT_ATTR_RDONLY) != 0);
  REQUIRE(mount.data.size() == 2);
  CHECK(mount.data[0] == std::pair<std::string, std::string>("size", "1m"));
  CHECK(mount.setting == "/mounts/0");
}

namespace {

/** /x, a mount with these options. */
minirun::MountSpec mount_with(const std::string& type, const std::string& options) {
  auto spec =
      parse_config(config_with({.top = R"("mounts": [{"destination": "/x", "source": "/y", "type": ")" +
                                       type + R"(", "options": [)" + options + "]}]"}),
                   "/bundle");
  REQUIRE(spec);
  return spec->mounts.front();
}

}  // namespace

TEST_CASE("attributes and propagation are of one mount, or with an r before them of all below it") {
  auto mount = mount_with("none", R"("rbind", "rro", "rnosuid", "nodev", "rslave")");
  CHECK(mount.bind);
  CHECK(mount.recursive);
  CHECK(mount.recursive_attributes.set == (MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID));
  CHECK(mount.attributes.set == MOUNT_ATTR_NODEV);
  CHECK(mount.propagation.value == MS_SLAVE);
  CHECK(mount.propagation.recursive);
  CHECK(mount_with("bind", R"("rrelatime")").recursive_attributes.cleared == MOUNT_ATTR__ATIME);
  CHECK(mount_with("bind", R"("relatime")").recursive_attributes.empty());
  CHECK(mount_with("bind", R"("shared")").propagation.value == MS_SHARED);
  CHECK_FALSE(mount_with("bind", R"("unbindable")").propagation.recursive);
}

TEST_CASE("words for whole file systems go to them, and mean nothing for a bind") {
  CHECK(mount_with("tmpfs", R"("sync", "lazytime", "silent")").data.size() == 2);
  CHECK(mount_with("bind", R"("bind", "sync")").data.empty());
  CHECK(mount_with("tmpfs", R"("tmpcopyup")").copy_up);
  CHECK(mount_with("tmpfs", R"("remount", "ro")").remount);
  CHECK(refused({.top = R"("mounts": [{"destination": "/x", "type": "proc", "options": ["tmpcopyup"]}])"}) ==
        "/mounts/0/options");
  CHECK(refused({.top = R"("mounts": [{"destination": "/x", "type": "tmpfs", "options": ["idmap"]}])"}) ==
        "/mounts/0/options");
  CHECK(refused({.linux = R"("rootfsPropagation": "sometimes")"}) == "/linux/rootfsPropagation");
}

TEST_CASE("a relative mount point is beneath the root") {
  auto spec =
      parse_config(config_with({.top = R"("mounts": [{"destination": "x/y", "type": "tmpfs"}])"}), "/b");
  REQUIRE(spec);
  CHECK(spec->mounts.front().destination == "/x/y");
}

TEST_CASE("a seccomp profile keeps actions, errno numbers and comparisons") {
  auto with_action = [](const std::string& action) {
    return parse_config(config_with({.linux = R"("seccomp": {"defaultAction": "SCMP_ACT_ERRNO",
      "defaultErrnoRet": 38, "architectures": ["SCMP_ARCH_X86_64"], "syscalls": [{"names": ["clone"],
      "args": [{"index": 0, "value": 2114060288, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ"}],
      "action": ")" + action + "\"}]}"}),
                        "/bundle");
  };
  auto spec = with_action("SCMP_ACT_ALLOW");
  REQUIRE(spec);
  REQUIRE(spec->seccomp);
  CHECK(spec->seccomp->default_action == SCMP_ACT_ERRNO(38));
  CHECK(spec->seccomp->rules.front().arguments.front().compare == SCMP_CMP_MASKED_EQ);
  auto refused_spec = with_action("SCMP_ACT_MAGIC");
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
