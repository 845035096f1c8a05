#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/command.h"
#include "core/file.h"
#include "core/procfs.h"
#include "core/remove_tree.h"
#include "core/unique_fd.h"
#include "test/temporary_directory.h"

using minirun::TemporaryDirectory;

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
