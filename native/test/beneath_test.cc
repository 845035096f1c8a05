#include "core/beneath.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "core/syscalls.h"
#include "core/unique_fd.h"
#include "test/temporary_directory.h"

using minirun::make_beneath;
using minirun::MountPoint;
using minirun::open_beneath;
using minirun::same_file;
using minirun::TemporaryDirectory;
using minirun::UniqueFd;

namespace {

struct HostileRoot {
  HostileRoot() {
    ::mkdir((directory / "root").c_str(), 0755);
    ::mkdir((directory / "outside").c_str(), 0755);
    ::mkdir((directory / "root/etc").c_str(), 0755);
    link("to-root", "/");
    link("upwards", "../../../..");
    link("sideways", "../outside");
    link("absolute", directory / "outside");
    link("magic", "/proc/self/root");
    root.reset(::open((directory / "root").c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  }
  void link(const std::string& name, const std::string& target) {
    REQUIRE(::symlink(target.c_str(), (directory / ("root/" + name)).c_str()) == 0);
  }
  TemporaryDirectory directory;
  UniqueFd root;
};

}  // namespace

TEST_CASE("links and dots never lead out of the root") {
  HostileRoot hostile;
  for (const char* path : {"/", "..", "../../..", "to-root", "upwards", "upwards/../..", "to-root/upwards"}) {
    CAPTURE(path);
    UniqueFd found(open_beneath(hostile.root.get(), path));
    REQUIRE(found);
    CHECK(same_file(found.get(), hostile.root.get()));
  }
  for (const char* path : {"sideways", "absolute", "magic"}) {
    CAPTURE(path);
    CHECK_FALSE(UniqueFd(open_beneath(hostile.root.get(), path)));
    CHECK(errno == ENOENT);
  }
}

TEST_CASE("links can be refused altogether") {
  HostileRoot hostile;
  CHECK_FALSE(UniqueFd(open_beneath(hostile.root.get(), "to-root", RESOLVE_NO_SYMLINKS)));
  CHECK(errno == ELOOP);
  CHECK(UniqueFd(open_beneath(hostile.root.get(), "etc", RESOLVE_NO_SYMLINKS)));
}

TEST_CASE("what is missing is made beneath the root") {
  HostileRoot hostile;
  UniqueFd deep(make_beneath(hostile.root.get(), "/a/b//c/", MountPoint::directory));
  CHECK(deep);
  CHECK(::access((hostile.directory / "root/a/b/c").c_str(), F_OK) == 0);
  UniqueFd through(make_beneath(hostile.root.get(), "/upwards/made/here", MountPoint::directory));
  CHECK(through);
  CHECK(::access((hostile.directory / "root/made/here").c_str(), F_OK) == 0);
  UniqueFd file(make_beneath(hostile.root.get(), "etc/new/file", MountPoint::file));
  REQUIRE(file);
  struct stat status {};
  REQUIRE(::fstat(file.get(), &status) == 0);
  CHECK(S_ISREG(status.st_mode));
}

TEST_CASE("nothing is made through a link that leads nowhere") {
  HostileRoot hostile;
  for (const char* path : {"sideways/made", "absolute/made", "sideways", "magic"}) {
    CAPTURE(path);
    CHECK_FALSE(UniqueFd(make_beneath(hostile.root.get(), path, MountPoint::directory)));
  }
  CHECK(::access((hostile.directory / "outside/made").c_str(), F_OK) < 0);
}
