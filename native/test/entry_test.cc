#include "core/entry.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <set>
#include <string>

#include "core/container_root.h"
#include "core/file.h"
#include "core/procfs.h"
#include "test/temporary_directory.h"

using minirun::LastLink;
using minirun::open_entry;
using minirun::Status;
using minirun::TakenName;
using minirun::TemporaryDirectory;
using minirun::UniqueFd;

namespace {

UniqueFd open_directory(const std::string& path) {
  return UniqueFd(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
}

void write_text(const std::string& path, const char* text) {
  REQUIRE(minirun::replace_file(path, text, 0640, minirun::Durability::none));
}

}  // namespace

TEST_CASE("an entry says what it is, and its etag changes with the content") {
  TemporaryDirectory directory;
  write_text(directory / "file", "one");
  REQUIRE(::symlink("file", (directory / "link").c_str()) == 0);
  auto root = open_directory(directory.path());
  auto file = open_entry(root.get(), "/file", LastLink::follow);
  REQUIRE(file);
  CHECK(S_ISREG(file->entry.mode));
  CHECK((file->entry.mode & 07777) == 0640);
  CHECK(file->entry.size == 3);
  CHECK_FALSE(file->kernel);
  CHECK_FALSE(file->read_only);
  auto link = open_entry(root.get(), "/link", LastLink::keep);
  REQUIRE(link);
  CHECK(link->entry.target == "file");
  CHECK(open_entry(root.get(), "/link", LastLink::follow)->entry.etag() == file->entry.etag());
  write_text(directory / "file", "two");
  CHECK(open_entry(root.get(), "/file", LastLink::follow)->entry.etag() != file->entry.etag());
}

TEST_CASE("nothing outside of the root is opened, and no magic link is followed") {
  TemporaryDirectory directory;
  REQUIRE(::symlink("/etc/passwd", (directory / "absolute").c_str()) == 0);
  REQUIRE(::symlink("../../../../../../etc/passwd", (directory / "up").c_str()) == 0);
  auto root = open_directory(directory.path());
  for (const char* path : {"/absolute", "/up", "/../etc/passwd"})
    CHECK(open_entry(root.get(), path, LastLink::follow).error().code == ENOENT);
  auto host = open_directory("/");
  CHECK(open_entry(host.get(), "/proc/self/root/etc", LastLink::follow).error().code == ELOOP);
}

TEST_CASE("the kernel's own files are told apart, and so are mounts") {
  auto host = open_directory("/");
  auto root = open_entry(host.get(), "/", LastLink::follow);
  auto proc = open_entry(host.get(), "/proc", LastLink::keep);
  REQUIRE(root);
  REQUIRE(proc);
  CHECK(proc->kernel);
  CHECK(proc->mount != root->mount);
  CHECK(open_entry(host.get(), "/etc", LastLink::follow)->mount == root->mount);
}

TEST_CASE("a directory is listed up to its limit") {
  TemporaryDirectory directory;
  for (const char* name : {"a", "b", "c"}) write_text(directory / name, "");
  auto root = open_directory(directory.path());
  auto all = minirun::list_directory(root.get(), 3);
  REQUIRE(all);
  CHECK(all->entries.size() == 3);
  CHECK_FALSE(all->truncated);
  auto some = minirun::list_directory(root.get(), 2);
  CHECK(some->entries.size() == 2);
  CHECK(some->truncated);
  UniqueFd readable(::open(directory.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  std::set<std::string> names;
  for (size_t left : {3, 2, 1}) {
    auto next = minirun::list_directory(readable.get(), 1);
    REQUIRE(next->entries.size() == 1);
    CHECK(next->truncated == (left > 1));
    names.insert(next->entries.front().name);
  }
  CHECK(names.size() == 3);
}

TEST_CASE("a move never overwrites") {
  TemporaryDirectory directory;
  write_text(directory / "a", "a");
  write_text(directory / "b", "b");
  auto root = open_directory(directory.path());
  CHECK(minirun::move_entry(root.get(), "a", root.get(), "b", TakenName::refuse, {}).error().code == EEXIST);
  CHECK(minirun::move_entry(root.get(), "a", root.get(), "c", TakenName::refuse, {}));
  CHECK(*minirun::read_file(directory / "c") == "a");
}

TEST_CASE("a process's root is opened only while it is that process") {
  auto stat = minirun::read_process_stat(::getpid());
  REQUIRE(stat);
  CHECK(minirun::open_process_root(::getpid(), stat->start_time));
  CHECK(minirun::open_process_root(::getpid(), "1").error().code == ESRCH);
}

TEST_CASE("layers are one root: read-only beside anything, or to be written to, and in no mount table") {
  TemporaryDirectory directory;
  for (const char* name : {"lower", "upper", "work"}) ::mkdir((directory / name).c_str(), 0755);
  write_text(directory / "lower/below", "below");
  write_text(directory / "upper/above", "above");
  minirun::OverlaySpec layers{{directory / "lower"}, directory / "upper", ""};
  auto view = minirun::open_overlay_root(layers, {});
  REQUIRE(view);
  CHECK(open_entry(view->get(), "/below", LastLink::follow));
  auto above = open_entry(view->get(), "/above", LastLink::follow);
  REQUIRE(above);
  CHECK(above->read_only);
  layers.work = directory / "work";
  {
    auto writable = minirun::open_overlay_root(layers, {});
    REQUIRE(writable);
    CHECK_FALSE(open_entry(writable->get(), "/above", LastLink::follow)->read_only);
    CHECK(::mkdirat(writable->get(), "made", 0755) == 0);
  }
  CHECK(::access((directory / "upper/made").c_str(), F_OK) == 0);
  CHECK(minirun::read_file("/proc/self/mountinfo")->find(directory.path()) == std::string::npos);
}

TEST_CASE("an entry is made as its owner's, also where nobody else has ids") {
  if (::geteuid() != 0) return;
  TemporaryDirectory directory;
  REQUIRE(::chmod(directory.path().c_str(), 02755) == 0);
  minirun::IdMappings mappings{{{0, 300000, 1000}}, {{0, 300000, 1000}}};
  auto mapped = minirun::open_mapped(directory.path(), mappings);
  REQUIRE_MESSAGE(mapped, mapped.error().call << " " << mapped.error().note);
  auto file =
      minirun::make_entry(mapped->get(), {"file", minirun::EntryKind::file, 0640, {300007, 300008}, ""});
  REQUIRE_MESSAGE(file, file.error().call << " " << minirun::errno_name(file.error().code));
  CHECK(::write(file->get(), "x", 1) == 1);
  CHECK(minirun::make_entry(mapped->get(),
                            {"dir", minirun::EntryKind::directory, 01777, {300000, 300000}, ""}));
  CHECK(minirun::make_entry(mapped->get(), {"link", minirun::EntryKind::symlink, 0, {300000, 300000}, "/x"}));
  auto nobody = minirun::make_entry(mapped->get(), {"root's", minirun::EntryKind::file, 0640, {}, ""});
  REQUIRE_FALSE(nobody);
  CHECK(nobody.error().code == EOVERFLOW);
  minirun::FileIds root{300000, 300000};
  auto moved = [&](const char* from, const char* to, TakenName taken, const minirun::FileIds& ids) {
    Status done = minirun::move_entry(mapped->get(), from, mapped->get(), to, taken, ids);
    return done ? 0 : done.error().code;
  };
  CHECK(moved("file", "other", TakenName::refuse, {}) == EOVERFLOW);
  CHECK(moved("file", "other", TakenName::refuse, root) == 0);
  CHECK(minirun::link_entry(mapped->get(), "other", mapped->get(), "file", root));
  CHECK(moved("other", "link", TakenName::refuse, root) == EEXIST);
  CHECK(moved("other", "link", TakenName::replace, root) == 0);
  auto again =
      minirun::make_entry(mapped->get(), {"file", minirun::EntryKind::file, 0640, {300000, 300000}, ""});
  REQUIRE_FALSE(again);
  CHECK(again.error().code == EEXIST);

  struct stat status {};
  REQUIRE(::stat((directory / "file").c_str(), &status) == 0);
  CHECK(status.st_uid == 7);
  CHECK(status.st_gid == 8);
  CHECK((status.st_mode & 07777) == 0640);
  REQUIRE(::stat((directory / "dir").c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 01777);
  // The thread is root again.
  CHECK(::mkdir((directory / "after").c_str(), 0700) == 0);
  REQUIRE(::stat((directory / "after").c_str(), &status) == 0);
  CHECK(status.st_uid == 0);
}
