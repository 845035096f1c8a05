// overlayfs: one tree from several layers. What is read comes from the topmost layer that has it; what is
// written goes to the upper layer alone. A hundred containers can stand on one image so.
//
//   ./overlayfs           shows it, step by step
//   ./overlayfs mounted   stays with an overlay at /tmp/overlay/merged, until Enter is pressed
//   ./overlayfs two       the same with a second lower layer
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <initializer_list>

namespace {

[[noreturn]] void fail(const char* what) {
  std::perror(what);
  std::exit(1);
}

void put(const char* path, const char* text) {
  int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file < 0) fail(path);
  if (write(file, text, std::strlen(text)) < 0) fail(path);
  close(file);
}

void show(const char* path) {
  char text[64] = "";
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    std::printf("    %-28s is not there\n", path);
    return;
  }
  if (read(file, text, sizeof text - 1) < 0) fail(path);
  close(file);
  std::printf("    %-28s says: %s\n", path, text);
}

/** Layers on a tmpfs, in a mount namespace of this process's own: an upper layer can't lie on another
 * overlay. */
void make_layers() {
  if (unshare(CLONE_NEWNS) < 0) fail("unshare");
  if (mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) < 0) fail("mount private");
  mkdir("/tmp/overlay", 0755);
  if (mount("layers", "/tmp/overlay", "tmpfs", 0, "size=1m") < 0) fail("mount tmpfs");
  if (chdir("/tmp/overlay") < 0) fail("chdir");
  for (const char* name : {"lower", "base", "upper", "work", "merged"}) mkdir(name, 0755);
  put("lower/one", "from the image");
  put("lower/two", "from the image");
  put("base/three", "from a layer below");
}

void mount_overlay(const char* lower) {
  char options[128];
  std::snprintf(options, sizeof options, "lowerdir=%s,upperdir=upper,workdir=work", lower);
  if (mount("overlay", "merged", "overlay", 0, options) < 0) fail("mount overlay");
}

/** A deleted file of a lower layer leaves a whiteout in the upper one: a character device 0, 0. */
bool is_whiteout(const char* path) {
  struct stat found {};
  return lstat(path, &found) == 0 && S_ISCHR(found.st_mode) && found.st_rdev == 0;
}

void show_all() {
  std::printf("1. Read through: the upper layer is empty\n");
  show("merged/one");
  show("upper/one");

  std::printf("\n2. Write: the file is copied up first, and the image stays as it is\n");
  put("merged/one", "changed");
  show("merged/one");
  show("upper/one");
  show("lower/one");

  std::printf("\n3. Delete: the image keeps its file, and the upper layer hides it\n");
  if (unlink("merged/two") < 0) fail("unlink");
  show("merged/two");
  show("lower/two");
  std::printf("    %-28s is a whiteout: %s\n", "upper/two", is_whiteout("upper/two") ? "true" : "false");
}

void wait_for_enter() {
  std::printf("Look at its mounts: tail -2 /proc/%d/mountinfo\nPress Enter to end it. ", getpid());
  std::fflush(stdout);
  while (std::getchar() != '\n' && !std::feof(stdin)) {
  }
}

}  // namespace

int main(int argc, char** argv) {
  const char* what = argc > 1 ? argv[1] : "";
  bool two = std::strcmp(what, "two") == 0;
  make_layers();
  mount_overlay(two ? "lower:base" : "lower");
  if (two || std::strcmp(what, "mounted") == 0) {
    if (two) show("merged/three");
    wait_for_enter();
  } else {
    show_all();
  }
}
