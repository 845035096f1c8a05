#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <thread>

#include "core/command.h"
#include "core/file.h"
#include "core/procfs.h"
#include "core/remove_tree.h"
#include "core/unique_fd.h"
#include "test/temporary_directory.h"

using minirun::TemporaryDirectory;
using minirun::UniqueFd;

TEST_CASE("a command without a slash is looked for along PATH, in order") {
  minirun::ProcessSpec process;
  process.args = {"ls", "-l"};
  process.env = {"HOME=/root", "PATH=/first::/second"};
  auto command = minirun::make_command(process);
  CHECK(command.candidates == std::vector<std::string>{"/first/ls", "./ls", "/second/ls"});
  CHECK(command.argv.size() == 3);
  CHECK(command.argv.back() == nullptr);
  process.args = {"./ls"};
  CHECK(minirun::make_command(process).candidates == std::vector<std::string>{"./ls"});
}

TEST_CASE("a process is known by pid and start time") {
  auto self = minirun::read_process_stat(::getpid());
  REQUIRE(self);
  CHECK(std::stoull(self->start_time) > 0);
  CHECK_FALSE(minirun::read_process_stat(0x7ffffff0));
}

TEST_CASE("a tree is removed without following its links") {
  TemporaryDirectory directory;
  REQUIRE(minirun::make_directories(directory / "tree/a/b", 0755));
  REQUIRE(minirun::make_directories(directory / "kept", 0755));
  REQUIRE(minirun::replace_file(directory / "kept/file", "x", 0644, minirun::Durability::none));
  REQUIRE(::symlink("../../kept", (directory / "tree/a/link").c_str()) == 0);
  CHECK(minirun::remove_tree(directory / "tree/"));
  CHECK(::access((directory / "tree").c_str(), F_OK) < 0);
  CHECK(::access((directory / "kept/file").c_str(), F_OK) == 0);
  CHECK(minirun::remove_tree(directory / "not/there"));
  CHECK_FALSE(minirun::remove_tree("/"));
  CHECK_FALSE(minirun::remove_tree(directory / ".."));
}

TEST_CASE("a tree is removed however deep it is, with a handful of descriptors") {
  constexpr int kLevels = 4'000;
  TemporaryDirectory directory;
  UniqueFd deepest(::open(directory.path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  for (int level = 0; level < kLevels; ++level) {
    REQUIRE(::mkdirat(deepest.get(), "d", 0755) == 0);
    deepest = UniqueFd(::openat(deepest.get(), "d", O_PATH | O_DIRECTORY | O_CLOEXEC));
  }
  deepest.reset();
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
  rlimit few = before;
  few.rlim_cur = 64;
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &few) == 0);
  CHECK(minirun::remove_tree(directory / "d"));
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &before) == 0);
  CHECK(::access((directory / "d").c_str(), F_OK) < 0);
}

TEST_CASE("a directory that is moved out of a tree while that is removed does not lead out of it") {
  constexpr int kFiles = 5'000;
  TemporaryDirectory directory;
  REQUIRE(minirun::make_directories(directory / "tree/above/moved", 0755));
  REQUIRE(minirun::make_directories(directory / "kept", 0755));
  UniqueFd moved(::open((directory / "tree/above/moved").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  for (int i = 0; i < kFiles; ++i)
    REQUIRE(::mknodat(moved.get(), std::to_string(i).c_str(), S_IFREG | 0644, 0) == 0);
  // Files of these names stand before and behind the directory, whatever the order in which they are read.
  for (int i = 0; i < 100; ++i) {
    std::string name = "/file" + std::to_string(i);
    for (const char* place : {"tree/above", "kept"})
      REQUIRE(::mknod(((directory / place) + name).c_str(), S_IFREG | 0644, 0) == 0);
  }
  struct stat full {};
  REQUIRE(::fstat(moved.get(), &full) == 0);
  std::thread mover([&] {
    struct stat now = full;
    while (now.st_mtim.tv_sec == full.st_mtim.tv_sec && now.st_mtim.tv_nsec == full.st_mtim.tv_nsec)
      ::fstat(moved.get(), &now);
    ::rename((directory / "tree/above/moved").c_str(), (directory / "kept/moved").c_str());
  });
  minirun::Status removed = minirun::remove_tree(directory / "tree");
  mover.join();
  REQUIRE_FALSE(removed);
  CHECK(removed.error().code == EBUSY);
  for (int i = 0; i < 100; ++i)
    CHECK(::access((directory / ("kept/file" + std::to_string(i))).c_str(), F_OK) == 0);
}
