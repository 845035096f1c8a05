// User namespaces: who is who is a matter of where one stands. A map says which users inside are which
// outside; inside, root has every capability, over what belongs to the namespace and nothing else.
//
//   ./user-namespaces           shows it, step by step
//   ./user-namespaces nobody    stays in a namespace without a map, until Enter is pressed
//   ./user-namespaces root      stays in one in which it is root, until Enter is pressed
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

[[noreturn]] void fail(const char* what) {
  std::perror(what);
  std::exit(1);
}

void write_file(const char* path, const char* text) {
  int file = open(path, O_WRONLY | O_CLOEXEC);
  if (file < 0) fail(path);
  if (write(file, text, std::strlen(text)) < 0) fail(path);
  close(file);
}

void tell(const char* where) {
  char capabilities[32] = "";
  FILE* status = std::fopen("/proc/self/status", "r");
  if (status == nullptr) fail("/proc/self/status");
  char line[256];
  while (std::fgets(line, sizeof line, status) != nullptr) std::sscanf(line, "CapEff: %31s", capabilities);
  std::fclose(status);
  std::printf("    %s: uid %d, capabilities %s\n", where, getuid(), capabilities);
}

/** Makes this process root of a namespace of its own: the outside user `user` is number 0 inside. */
void map_root(uid_t user, gid_t group) {
  char map[64];
  std::snprintf(map, sizeof map, "0 %u 1", user);
  write_file("/proc/self/uid_map", map);
  // A group that is taken away can open doors, too: who has no right over groups must give up changing them.
  write_file("/proc/self/setgroups", "deny");
  std::snprintf(map, sizeof map, "0 %u 1", group);
  write_file("/proc/self/gid_map", map);
}

void without_map() {
  if (unshare(CLONE_NEWUSER) < 0) fail("unshare");
  tell("inside, without a map");
}

void with_map() {
  uid_t user = getuid();
  gid_t group = getgid();
  if (unshare(CLONE_NEWUSER) < 0) fail("unshare");
  map_root(user, group);
  tell("inside, with a map");
}

/** What root of a namespace may do to what is the namespace's, and to what is not. */
void try_rights() {
  with_map();
  if (unshare(CLONE_NEWUTS) < 0) fail("unshare");
  bool renamed = sethostname("mine", 4) == 0;
  std::printf("    the host name of an own UTS namespace: %s\n", renamed ? "changed" : std::strerror(errno));
  bool mounted = mount("none", "/mnt", "tmpfs", 0, nullptr) == 0;
  std::printf("    a mount in the mount namespace from before: %s\n",
              mounted ? "made" : std::strerror(errno));
}

void apart(void (*act)()) {
  std::fflush(stdout);
  pid_t child = fork();
  if (child < 0) fail("fork");
  if (child == 0) {
    act();
    std::fflush(stdout);
    _exit(0);
  }
  waitpid(child, nullptr, 0);
}

void wait_for_enter() {
  std::printf("Look at it from outside: cat /proc/%d/uid_map\nPress Enter to end it. ", getpid());
  std::fflush(stdout);
  while (std::getchar() != '\n' && !std::feof(stdin)) {
  }
}

}  // namespace

int main(int argc, char** argv) {
  const char* what = argc > 1 ? argv[1] : "";
  if (std::strcmp(what, "nobody") == 0) {
    without_map();
    wait_for_enter();
  } else if (std::strcmp(what, "root") == 0) {
    with_map();
    wait_for_enter();
  } else {
    std::printf("1. A new user namespace has no map: everybody is nobody\n");
    tell("outside");
    apart(without_map);
    std::printf("\n2. With a map the one who made it is root\n");
    apart(with_map);
    std::printf("\n3. Root of the namespace has rights over what belongs to it\n");
    apart(try_rights);
  }
}
