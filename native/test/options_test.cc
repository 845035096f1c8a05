#include "shim/options.h"

#include <doctest/doctest.h>
#include <getopt.h>

#include <string>
#include <vector>

using minirun::Result;
using minirun::shim::Options;

namespace {

Result<Options> parse(std::vector<std::string> more) {
  std::vector<std::string> words = {"shim", "--id",  "x",  "--bundle", "/b", "--state",
                                    "/s",   "--run", "/r", "--cache",  "/c"};
  words.insert(words.end(), more.begin(), more.end());
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  optind = 0;  // getopt begins anew
  return minirun::shim::parse_options(static_cast<int>(words.size()), argv.data());
}

}  // namespace

TEST_CASE("a shim is for a container, or for a process in one") {
  auto container = parse({});
  REQUIRE(container);
  CHECK(container->process.empty());
  auto exec = parse({"--process", "/p", "--target-pid", "12", "--target-start-time", "345"});
  REQUIRE(exec);
  CHECK(exec->target_pid == 12);
  CHECK(exec->target_start_time == "345");
}

TEST_CASE("a process without its container, and numbers that are none, are refused by name") {
  CHECK(parse({"--process", "/p"}).error().subject == "--process");
  CHECK(parse({"--process", "/p", "--target-pid", "12"}).error().subject == "--process");
  for (const char* pid : {"0", "-1", "x", "4294967296"})
    CHECK(parse({"--target-pid", pid}).error().subject == "--target-pid");
  CHECK(parse({"--log-files", "0"}).error().subject == "--log-files");
  CHECK(parse({"--unknown"}).error().subject == "--unknown");
}
