// Control group limits: how much memory, how many processes and how much time of the processors a group of
// processes gets, and what the kernel does when it asks for more: it kills, refuses, or makes it wait.
//
//   ./cgroup-limits          shows the limits, and meets two of them
//   ./cgroup-limits memory   has a child take all memory of the group, and stays until Enter is pressed
//   ./cgroup-limits pids     makes children until no more are allowed, and stays until Enter is pressed
//   ./cgroup-limits cpu      has a child compute without end, until Enter is pressed
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>
#include <string>
#include <vector>

namespace {

constexpr long kMiB = 1024 * 1024;
volatile unsigned computed = 0;

/** A file of the group that this process is in: version 1 has a tree for each controller, version 2 one. */
std::string file_of(const std::string& controller, const char* v1, const char* v2) {
  std::ifstream groups("/proc/self/cgroup");
  std::string id, names, path, file;
  while (std::getline(std::getline(std::getline(groups, id, ':'), names, ':'), path)) {
    if (path == "/") path.clear();
    bool is_v1 = ("," + names + ",").find("," + controller + ",") != std::string::npos;
    if (is_v1) return "/sys/fs/cgroup/" + names + path + "/" + v1;
    if (id == "0") file = "/sys/fs/cgroup" + path + "/" + v2;
  }
  return file;
}

const std::string kMemoryLimit = file_of("memory", "memory.limit_in_bytes", "memory.max");
const std::string kMemoryUsed = file_of("memory", "memory.usage_in_bytes", "memory.current");
const std::string kPidsLimit = file_of("pids", "pids.max", "pids.max");
const std::string kCpuQuota = file_of("cpu", "cpu.cfs_quota_us", "cpu.max");

/** The first number of a file, or the one behind a word; -1 without one, as for "max". */
long number_in(const std::string& file, const std::string& key = "") {
  std::ifstream stream(file);
  for (std::string word; !key.empty() && stream >> word && word != key;) continue;
  long number = -1;
  return stream >> number ? number : -1;
}

void tell(const char* what, const std::string& file, const std::string& key = "") {
  std::printf("    %-22s %10ld   %s %s\n", what, number_in(file, key), file.c_str(), key.c_str());
}

/** Without a small limit this would go on at the cost of the whole machine. */
void require_limit(const std::string& file, long most) {
  long limit = number_in(file);
  if (limit > 0 && limit <= most) return;
  std::fprintf(stderr, "%s sets no limit up to %ld: run this in a lab.\n", file.c_str(), most);
  std::exit(1);
}

/** Writes to each page: memory counts from then on, not when it is asked for. */
void take(long bytes) {
  void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory != MAP_FAILED) std::memset(memory, 1, bytes);
}

/** A child that ends with this process; -1 where the kernel refuses one. */
pid_t start(void (*act)()) {
  std::fflush(stdout);
  pid_t child = fork();
  if (child != 0) return child;
  prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  for (;;) act();
}

std::vector<pid_t> fill_with_children() {
  require_limit(kPidsLimit, 4096);
  std::vector<pid_t> children;
  for (pid_t child; (child = start([] { pause(); })) > 0;) children.push_back(child);
  std::printf("    fork after %zu children: %s\n", children.size(), std::strerror(errno));
  tell("processes", file_of("pids", "pids.current", "pids.current"));
  return children;
}

void end_all(const std::vector<pid_t>& children) {
  for (pid_t child : children) {
    if (child > 0) kill(child, SIGKILL);  // -1, a refused fork, would mean every process
  }
  for (pid_t child : children) waitpid(child, nullptr, 0);
}

void show_all() {
  std::printf("1. Memory: a page counts once it is written to\n");
  tell("limit", kMemoryLimit);
  tell("used", kMemoryUsed);
  take(32 * kMiB);
  tell("32 MiB later", kMemoryUsed);

  std::printf("\n2. Processes: the one too many is refused\n");
  tell("limit", kPidsLimit);
  end_all(fill_with_children());

  std::printf("\n3. Processor: who has used up the share waits for the next period\n");
  tell("microseconds of 100000", kCpuQuota);
  auto begin = std::chrono::steady_clock::now();
  for (auto until = std::clock() + CLOCKS_PER_SEC / 5; std::clock() < until;) continue;
  std::chrono::duration<double> passed = std::chrono::steady_clock::now() - begin;
  std::printf("    0.2 s of computing took %.1f s\n", passed.count());
  tell("periods cut short", file_of("cpu", "cpu.stat", "cpu.stat"), "nr_throttled");
}

}  // namespace

int main(int argc, char** argv) {
  std::string what = argc > 1 ? argv[1] : "";
  std::vector<pid_t> children;
  if (what == "memory") {
    require_limit(kMemoryLimit, 1024 * kMiB);
    children = {start([] {
      take(number_in(kMemoryLimit) + kMiB);
      pause();
    })};
    siginfo_t ended{};
    waitid(P_PID, children[0], &ended, WEXITED | WNOWAIT);  // it stays a zombie
    std::printf("    the child was ended by: %s\n", strsignal(ended.si_status));
    tell("killed for memory", file_of("memory", "memory.oom_control", "memory.events"), "oom_kill");
  } else if (what == "pids") {
    children = fill_with_children();
  } else if (what == "cpu") {
    require_limit(kCpuQuota, 1'000'000);
    children = {start([] { computed = computed + 1; })};
  } else {
    show_all();
    return 0;
  }
  std::printf("Press Enter to end it. ");
  std::fflush(stdout);
  while (std::getchar() != '\n' && !std::feof(stdin)) continue;
  end_all(children);
}
