#include "core/copy_up.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/file.h"
#include "core/unique_fd.h"
#include "test/temporary_directory.h"

using minirun::TemporaryDirectory;
using minirun::UniqueFd;

namespace {

UniqueFd directory_in(const TemporaryDirectory& directory, const std::string& name) {
  REQUIRE(minirun::make_directories(directory / name, 0755));
  return UniqueFd(::open((directory / name).c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
}

void write(const std::string& path, const std::string& text) {
  REQUIRE(minirun::replace_file(path, text, 0644, minirun::Durability::none));
}

}  // namespace

TEST_CASE("directories, files and links are copied with modes, owners and times") {
  TemporaryDirectory directory;
  UniqueFd from = directory_in(directory, "from");
  UniqueFd to = directory_in(directory, "to");
  REQUIRE(minirun::make_directories(directory / "from/a/b", 0755));
  write(directory / "from/a/b/file", std::string(200'000, 'x'));
  REQUIRE(::chmod((directory / "from/a/b/file").c_str(), 04751) == 0);
  REQUIRE(::chmod((directory / "from/a").c_str(), 01777) == 0);
  REQUIRE(::symlink("/etc/passwd", (directory / "from/link").c_str()) == 0);
  REQUIRE(::mkfifo((directory / "from/pipe").c_str(), 0600) == 0);
  timespec times[2] = {{100, 0}, {200, 0}};
  REQUIRE(::utimensat(AT_FDCWD, (directory / "from/a").c_str(), times, 0) == 0);

  auto fault = minirun::copy_up(from.get(), to.get());
  REQUIRE_MESSAGE(!fault, fault.call << " " << minirun::errno_name(fault.code));
  CHECK(minirun::read_file(directory / "to/a/b/file")->size() == 200'000);
  struct stat status {};
  REQUIRE(::stat((directory / "to/a/b/file").c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 04751);
  REQUIRE(::stat((directory / "to/a").c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 01777);
  CHECK(status.st_mtim.tv_sec == 200);
  char text[64] = "";
  CHECK(::readlink((directory / "to/link").c_str(), text, sizeof text) == 11);
  CHECK(::access((directory / "to/pipe").c_str(), F_OK) < 0);
}

TEST_CASE("what is nested without end is an error, and not the end of the stack") {
  TemporaryDirectory directory;
  UniqueFd from = directory_in(directory, "from");
  UniqueFd to = directory_in(directory, "to");
  std::string deep = directory / "from";
  for (int i = 0; i < 100; ++i) deep += "/d";
  REQUIRE(minirun::make_directories(deep, 0755));
  CHECK(minirun::copy_up(from.get(), to.get()).code == ELOOP);
}

TEST_CASE("a directory with many entries is copied whole") {
  TemporaryDirectory directory;
  UniqueFd from = directory_in(directory, "from");
  UniqueFd to = directory_in(directory, "to");
  constexpr int kMany = 500;
  for (int i = 0; i < kMany; ++i)
    REQUIRE(::symlink("x", (directory / ("from/l" + std::to_string(i))).c_str()) == 0);
  CHECK_FALSE(minirun::copy_up(from.get(), to.get()));
  struct stat status {};
  for (int i = 0; i < kMany; ++i)
    CHECK(::lstat((directory / ("to/l" + std::to_string(i))).c_str(), &status) == 0);
}
