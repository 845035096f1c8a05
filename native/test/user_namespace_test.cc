#include "core/user_namespace.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/file.h"
#include "core/overlay.h"
#include "test/temporary_directory.h"

using minirun::IdMapping;
using minirun::IdMappings;
using minirun::TemporaryDirectory;
using minirun::TraceRow;
using minirun::UniqueFd;

namespace {

const IdMappings kShifted{{{0, 200000, 65536}}, {{0, 300000, 65536}}};

/** A user namespace with those mappings. */
UniqueFd shifted() {
  UniqueFd user;
  TraceRow row{};
  auto fault = minirun::make_user_namespace(kShifted, user, row);
  REQUIRE_MESSAGE(!fault, fault.call << " " << minirun::errno_name(fault.code) << " " << row.note);
  return user;
}

/** Who owns a file beneath a directory: uid and gid. */
std::pair<uid_t, gid_t> owner(int directory, const char* name) {
  struct stat status {};
  REQUIRE(::fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) == 0);
  return {status.st_uid, status.st_gid};
}

minirun::OverlaySpec layers_in(const TemporaryDirectory& directory) {
  for (const char* name : {"lower", "upper", "work"})
    REQUIRE(minirun::make_directories(directory / name, 0755));
  REQUIRE(minirun::replace_file(directory / "lower/file", "x", 0644, minirun::Durability::none));
  REQUIRE(::chown((directory / "lower/file").c_str(), 10, 20) == 0);
  return {{directory / "lower"}, directory / "upper", directory / "work", true};
}

}  // namespace

TEST_CASE("ids are translated by the mapping that has them") {
  std::vector<IdMapping> mappings = {{0, 1000, 1}, {1, 100000, 65536}};
  CHECK(minirun::outside_id(mappings, 0) == 1000);
  CHECK(minirun::outside_id(mappings, 65536) == 165535);
  CHECK_FALSE(minirun::outside_id(mappings, 65537));
  CHECK(minirun::inside_id(mappings, 100009) == 10);
  CHECK_FALSE(minirun::inside_id(mappings, 0));
  CHECK_FALSE(minirun::outside_id({{5, 0, UINT32_MAX}}, 4));
  CHECK(minirun::describe(mappings) == "0 1000 1, 1 100000 65536");
}

TEST_CASE("a user namespace has the mappings that it was made with") {
  if (::geteuid() != 0) return;
  UniqueFd user = shifted();
  auto mappings = minirun::read_mappings(user.get());
  REQUIRE(mappings);
  CHECK(minirun::outside_id(mappings->uids, 65535) == 265535);
  CHECK(minirun::outside_id(mappings->gids, 0) == 300000);
  CHECK(minirun::read_mappings_of("/proc/self"));
}

TEST_CASE("a mapping that the kernel refuses is an error of the write") {
  if (::geteuid() != 0) return;
  UniqueFd user;
  TraceRow row{};
  auto fault = minirun::make_user_namespace({{{0, 1000, 10}, {5, 2000, 10}}, {{0, 0, 1}}}, user, row);
  CHECK(std::string(fault.call) == "write");
  CHECK(fault.code == EINVAL);
}

TEST_CASE(
    "an overlay's lower layers are shown with the container's ids, the upper layer takes them as they are") {
  if (::geteuid() != 0) return;
  TemporaryDirectory directory;
  auto overlay = layers_in(directory);
  UniqueFd user = shifted();
  for (bool attached : {false, true}) {
    UniqueFd tree;
    TraceRow row{};
    auto fault = attached ? minirun::make_overlay_of_attached(overlay, user.get(), tree, row)
                          : minirun::make_overlay(overlay, user.get(), tree, row);
    REQUIRE_MESSAGE(!fault, fault.call << " " << minirun::errno_name(fault.code) << " " << row.note);
    CHECK(owner(tree.get(), "file") == std::pair<uid_t, gid_t>(200010, 300020));
    CHECK(::fchownat(tree.get(), "file", 200000, 300000, 0) == 0);
    UniqueFd upper(::open(overlay.upper.c_str(), O_PATH | O_CLOEXEC));
    CHECK(owner(upper.get(), "file") == std::pair<uid_t, gid_t>(200000, 300000));
    CHECK(::unlink((overlay.upper + "/file").c_str()) == 0);
  }
  UniqueFd lower(::open(overlay.lower.front().c_str(), O_PATH | O_CLOEXEC));
  CHECK(owner(lower.get(), "file") == std::pair<uid_t, gid_t>(10, 20));
}
