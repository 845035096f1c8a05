// Readers of the kernel view: texts as the kernel writes them, and what only a hostile container would make
// it write.

#include <doctest/doctest.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>

#include <cstddef>
#include <thread>

#include "core/kernel_cgroup.h"
#include "core/kernel_descriptors.h"
#include "core/kernel_mounts.h"
#include "core/kernel_namespaces.h"
#include "core/kernel_network.h"
#include "core/kernel_privileges.h"
#include "core/process_files.h"
#include "core/procfs.h"
#include "core/seccomp_answers.h"

namespace minirun {
namespace {

UniqueFd self() {
  return open_process(::getpid());
}

TEST_CASE("mounts: names are decoded, propagation and overlay's folders told apart") {
  auto found = parse_kernel_mounts(
      "64 66 0:38 / / rw,relatime shared:3 master:1 - overlay overlay "
      "rw,lowerdir=/a\\072b:/c,upperdir=/up\\040per,workdir=/work\n"
      "70 64 0:50 / /evil\\012name\\134 ro,nosuid - tmpfs  rw\n"
      "this is no mount\n"
      "71 64 0:51 /part /x unbindable - proc proc rw\n",
      10);
  REQUIRE(found.mounts.size() == 3);
  const auto& root = found.mounts[0];
  CHECK(root.propagation == std::vector<std::string>{"shared:3", "master:1"});
  REQUIRE(root.overlay);
  CHECK(root.overlay->upper == "/up per");
  CHECK(root.overlay->lower.back() == "/c");
  CHECK(found.mounts[1].point == "/evil\nname\\");
  CHECK(found.mounts[1].source.empty());
  CHECK(found.mounts[1].super_options == std::vector<std::string>{"rw"});
  CHECK(found.mounts[2].root == "/part");
}

TEST_CASE("mounts: what lies beneath another is marked, and the rest beyond the limit counted") {
  const char* table =
      "1 1 0:1 / / rw - ext4 d rw\n"
      "2 1 0:2 / /a rw - tmpfs t rw\n"
      "3 2 0:3 / /a/b rw - tmpfs t rw\n"
      "4 2 0:4 / /a rw - tmpfs t rw\n"
      "5 1 0:5 / /ab rw - tmpfs t rw\n";
  auto found = parse_kernel_mounts(table, 10);
  CHECK(found.mounts[0].covered_by == 0);
  CHECK(found.mounts[1].covered_by == 4);
  CHECK(found.mounts[2].covered_by == 4);
  CHECK(found.mounts[3].covered_by == 0);
  CHECK(found.mounts[4].covered_by == 0);
  auto few = parse_kernel_mounts(table, 2);
  CHECK(few.mounts.size() == 2);
  CHECK(few.total == 5);
}

TEST_CASE("control files of both versions come to one shape") {
  ControlResource memory{.name = "memory"};
  interpret_control_files(2,
                          {{"memory.current", "4096\n"},
                           {"memory.max", "max\n"},
                           {"memory.events", "low 0\nhigh 0\nmax 7\noom 2\noom_kill 1\n"},
                           {"memory.pressure", "some avg10=1.50 avg60=0.00 avg300=0.00 total=9\n"}},
                          memory);
  CHECK(memory.use == 4096);
  CHECK_FALSE(memory.limit);
  CHECK(memory.counts["oomKills"] == 1);
  CHECK(memory.counts["limitHits"] == 7);
  REQUIRE(memory.pressure.some);
  CHECK(memory.pressure.some->avg10 == doctest::Approx(1.5));
  ControlResource old{.name = "memory"};
  interpret_control_files(1,
                          {{"memory.usage_in_bytes", "4096\n"},
                           {"memory.limit_in_bytes", "9223372036854771712\n"},
                           {"memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n"}},
                          old);
  CHECK(old.use == 4096);
  CHECK_FALSE(old.limit);
  CHECK(old.counts["oomKills"] == 3);
  ControlResource cpu{.name = "cpu"};
  interpret_control_files(2, {{"cpu.max", "50000 100000\n"}, {"cpu.stat", "usage_usec 12\nnr_throttled 4\n"}},
                          cpu);
  CHECK(cpu.limit == 500'000'000);
  CHECK(cpu.use == 12'000);
  ControlResource unlimited{.name = "cpu"};
  interpret_control_files(1, {{"cpu.cfs_quota_us", "-1\n"}, {"cpu.cfs_period_us", "100000\n"}}, unlimited);
  CHECK_FALSE(unlimited.limit);
}

TEST_CASE("rights are read from a status whose name is hostile") {
  auto rights = parse_kernel_privileges(
      "Name:\t\\nCapEff:\t\nCapInh:\t0000000000000000\nCapPrm:\t00000000a80425fb\nCapEff:"
      "\t0000000000000401\n"
      "CapBnd:\t000001ffffffffff\nCapAmb:\t0000000000000000\nNoNewPrivs:\t1\nSeccomp:\t2\nSeccomp_filters:"
      "\t3\n");
  CHECK(rights.capabilities.permitted == 0xa80425fb);
  CHECK(rights.capabilities.effective == 0x401);
  CHECK(rights.capabilities.bounding == 0x1ffffffffff);
  CHECK(rights.no_new_privileges);
  CHECK(rights.seccomp_mode == 2);
  CHECK(rights.seccomp_filters == 3);
}

TEST_CASE("a filter is followed for each call, both ways where an argument decides") {
  constexpr uint32_t kErrno = SECCOMP_RET_ERRNO | EPERM;
  const sock_filter program[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 1, 6, 0),  // call 1: allowed
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 2, 0, 4),  // call 2: by its second argument
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args) + 8),
      BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xff),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 4, 2, 0),
      BPF_STMT(BPF_RET | BPF_K, kErrno),
      BPF_STMT(BPF_RET | BPF_K, kErrno),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  auto allowed = seccomp_answer(program, AUDIT_ARCH_X86_64, 1);
  CHECK(allowed.actions == std::vector<uint32_t>{SECCOMP_RET_ALLOW});
  CHECK(allowed.arguments == 0);
  auto depends = seccomp_answer(program, AUDIT_ARCH_X86_64, 2);
  CHECK(depends.actions == std::vector<uint32_t>{SECCOMP_RET_ALLOW, kErrno});
  CHECK(depends.arguments == 1U << 1);
  CHECK(seccomp_answer(program, AUDIT_ARCH_X86_64, 3).actions == std::vector<uint32_t>{kErrno});
  CHECK(seccomp_answer(program, AUDIT_ARCH_AARCH64, 1).actions ==
        std::vector<uint32_t>{SECCOMP_RET_KILL_PROCESS});
}

TEST_CASE("a filter with too many ways through it is given up, and that is said") {
  std::vector<sock_filter> program;
  for (int i = 0; i < 40; ++i) {
    program.push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args)));
    program.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 1, 0, 0));
  }
  program.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
  CHECK_FALSE(seccomp_answer(program, AUDIT_ARCH_X86_64, 1).complete);
}

TEST_CASE("the system calls of this machine have names") {
  bool found = false;
  for (const auto& call : known_system_calls())
    found = found || (call.name == "mount" && call.number == SYS_mount);
  CHECK(found);
}

TEST_CASE("a process is told by pid and start time") {
  auto stat = read_process_stat(::getpid());
  REQUIRE(stat);
  CHECK(open_identified_process(::getpid(), stat->start_time, "test"));
  auto other = open_identified_process(::getpid(), stat->start_time + "0", "test");
  REQUIRE_FALSE(other);
  CHECK(other.error().code == ESRCH);
}

TEST_CASE("this process's own namespaces are the host's, and its descriptors are listed") {
  UniqueFd process = self();
  auto spaces = read_kernel_namespaces(process.get());
  CHECK(spaces.size() >= 7);
  for (const auto& space : spaces) CHECK(space.inode == space.host_inode);
  auto all = read_kernel_descriptors(process.get(), 100);
  CHECK(all.total >= 4);
  CHECK(read_kernel_descriptors(process.get(), 2).descriptors.size() == 2);
  bool path_only = false;
  for (const auto& one : all.descriptors) path_only = path_only || (one.access == 'p' && one.closes_on_exec);
  CHECK(path_only);
}

TEST_CASE("a thread enters the network namespace, and leaves the others where they are") {
  UniqueFd process = self();
  Result<KernelNetwork> network = KernelNetwork();
  std::thread([&] { network = read_kernel_network(process.get(), 100); }).join();
  REQUIRE(network);
  bool loopback = false;
  for (const auto& interface : network->interfaces)
    loopback = loopback || (interface.loopback && interface.name == "lo");
  CHECK(loopback);
  CHECK(network->total_interfaces == network->interfaces.size());
}

}  // namespace
}  // namespace minirun
