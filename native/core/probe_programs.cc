// What MiniRun calls of the system's own programs and data.

#include <sys/stat.h>
#include <unistd.h>

#include "core/probe_findings.h"
#include "core/text.h"

namespace minirun {
namespace {

struct Program {
  const char* name;
  const char* package;  ///< Debian's
  const char* lost;
  bool needed;
};

constexpr Program kPrograms[] = {
    {"bash", "bash",
     "The image \"host\" has no shell of its own, and a container's default command is not found.", false},
    {"tar", "tar", "Images that are tar archives can't be unpacked.", false},
    {"gzip", "gzip", "Archives with the ending .gz can't be unpacked.", false},
    {"xz", "xz-utils", "Archives with the ending .xz can't be unpacked.", false},
    {"zstd", "zstd", "Archives with the ending .zst can't be unpacked.", false},
    {"cp", "coreutils", "Containers can't be cloned with their files.", false},
    {"ldconfig", "libc-bin", "Programs in the image \"host\" may not find their shared libraries.", false},
    {"getent", "libc-bin", "MiniRun's system users can't be looked up.", true},
    {"useradd", "passwd", "MiniRun's system users can't be made.", true},
    {"newuidmap", "uidmap", "minirun-oci can't give an ordinary user's container more than one id.", false},
};

std::string find_program(const std::string& name) {
  for (const char* folder : {"/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"}) {
    std::string path = std::string(folder) + "/" + name;
    struct stat found {};
    if (::stat(path.c_str(), &found) == 0 && S_ISREG(found.st_mode) && (found.st_mode & 0111) != 0)
      return path;
  }
  return "";
}

}  // namespace

void examine_programs(std::vector<Finding>& findings) {
  for (const auto& [name, package, lost, needed] : kPrograms) {
    std::string path = find_program(name);
    findings.push_back({.id = std::string("program-") + name,
                        .group = "Programs",
                        .name = name,
                        .there = !path.empty(),
                        .needed = needed,
                        .found = path.empty() ? "in none of the system's folders for programs" : path,
                        .lost = lost,
                        .remedy = std::string("apt-get install ") + package});
  }
}

}  // namespace minirun
