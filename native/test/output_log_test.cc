#include "shim/output_log.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "core/file.h"
#include "shim/frame.h"
#include "test/temporary_directory.h"

using minirun::read_file;
using minirun::replace_file;
using minirun::TemporaryDirectory;
using minirun::shim::OutputLog;
using minirun::shim::put;
using minirun::shim::scan_log;
using minirun::shim::Stream;

namespace {

std::string record(uint64_t offset, const std::string& bytes, uint8_t stream = 1) {
  std::string text;
  put(text, offset);
  put(text, uint64_t{1});
  put(text, static_cast<uint32_t>(bytes.size()));
  put(text, stream);
  return text + std::string(3, '\0') + bytes;
}

bool exists(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0;
}

}  // namespace

TEST_CASE("a scan finds the end of whole records, wherever the last one is torn") {
  std::string whole = record(10, "hello") + record(15, "world", 2);
  CHECK(scan_log(whole).size == whole.size());
  CHECK(scan_log(whole).end == 20);
  std::string next = record(20, "torn");
  for (size_t cut = 0; cut < next.size(); ++cut) {
    auto scan = scan_log(whole + next.substr(0, cut));
    CHECK(scan.size == whole.size());
    CHECK(scan.end == 20);
  }
}

TEST_CASE("a scan stops at what can't be a record") {
  std::string sound = record(0, "fine");
  CHECK(scan_log(sound + record(2, "overlaps")).end == 4);
  CHECK(scan_log(sound + record(4, "stream", 4)).end == 4);
  CHECK(scan_log(sound + record(4, "long size", 3)).size == sound.size());
  CHECK(scan_log(sound + std::string(64, '\0')).end == 4);
  CHECK(scan_log("").end == 0);
}

TEST_CASE("a log goes on where an earlier run ended, without its torn record") {
  TemporaryDirectory directory;
  std::string path = directory / "output.log";
  REQUIRE(replace_file(path, record(0, "first") + "torn", 0600, minirun::Durability::none));
  OutputLog log(path, 1 << 20, 4);
  REQUIRE(log.open());
  CHECK(log.end() == 5);
  log.append(Stream::error, "second");
  auto content = read_file(path);
  REQUIRE(content);
  CHECK(scan_log(*content).end == 11);
  CHECK(scan_log(*content).size == content->size());
}

TEST_CASE("a terminal's size takes no room among the offsets, and stands at the begin of each file") {
  TemporaryDirectory directory;
  std::string path = directory / "output.log";
  OutputLog log(path, 200, 2);
  REQUIRE(log.open());
  log.append_size({80, 24});
  log.append(Stream::output, "first");
  log.append_size({100, 30});
  CHECK(log.end() == 5);
  log.append(Stream::output, std::string(100, 'x'));
  CHECK(log.end() == 105);
  std::string size("\0\x64\0\x1e", 4);
  auto content = read_file(path);
  REQUIRE(content);
  CHECK(content->substr(OutputLog::kRecordHeader, 4) == size);
  CHECK(scan_log(*content).end == 105);
  CHECK(scan_log(*content).size == content->size());
  CHECK(scan_log(*read_file(path + ".1")).end == 5);

  OutputLog next(path, 200, 2);
  REQUIRE(next.open());
  CHECK(next.end() == 105);
}

TEST_CASE("a full file is rotated, the oldest goes, and offsets go on") {
  TemporaryDirectory directory;
  std::string path = directory / "output.log";
  OutputLog log(path, 100, 3);
  REQUIRE(log.open());
  for (int i = 0; i < 10; ++i) log.append(Stream::output, std::string(50, 'x'));
  CHECK(log.end() == 500);
  CHECK(exists(path + ".1"));
  CHECK(exists(path + ".2"));
  CHECK_FALSE(exists(path + ".3"));
  CHECK(scan_log(*read_file(path)).end == 500);
  CHECK(scan_log(*read_file(path + ".1")).end == 450);
}

TEST_CASE("a log whose last run ended between two files finds the end in the one before") {
  TemporaryDirectory directory;
  std::string path = directory / "output.log";
  REQUIRE(replace_file(path + ".1", record(90, "0123456789"), 0600, minirun::Durability::none));
  OutputLog log(path, 1 << 20, 4);
  REQUIRE(log.open());
  CHECK(log.end() == 100);
}
