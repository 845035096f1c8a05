// minirun-oci's readers of what clients and people write.

#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>

#include "core/gate.h"
#include "core/unique_fd.h"
#include "runtime/command_line.h"
#include "runtime/ps.h"
#include "runtime/quantity.h"
#include "runtime/signals.h"
#include "runtime/state_directory.h"
#include "runtime/user.h"
#include "test/temporary_directory.h"

namespace runtime = minirun::runtime;
using runtime::StateDirectory;

namespace {

constexpr runtime::Flag kFlags[] = {{"name", 'n', "WHAT", "names"}, {"all", 'a', nullptr, "all of them"}};

minirun::Result<runtime::CommandLine> parse(std::vector<const char*> words, bool options_end_at_word) {
  std::vector<char*> arguments;
  for (const char* word : words) arguments.push_back(const_cast<char*>(word));
  return runtime::parse_command_line(arguments, kFlags, options_end_at_word);
}

}  // namespace

TEST_CASE("a process's line shows no control characters, whatever it calls itself") {
  minirun::ContainerProcess process;
  process.name = "a\x1b[2Jb";
  CHECK(runtime::command_of(process) == "[a?[2Jb]");
  process.command = {"sh", "-c", "\r\x7f"};
  CHECK(runtime::command_of(process) == "sh -c ??");
}

TEST_CASE("a gate is found once it is shown") {
  minirun::TemporaryDirectory directory;
  minirun::UniqueFd state(::open(directory.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  auto gate = minirun::make_gate(state.get());
  REQUIRE(gate);
  CHECK_FALSE(minirun::has_gate(state.get()));
  auto early = minirun::knock_at_gate(state.get());
  REQUIRE_FALSE(early);
  CHECK(early.error().code == ENOENT);
  REQUIRE(minirun::show_gate(state.get()));
  CHECK(minirun::has_gate(state.get()));
  CHECK(minirun::knock_at_gate(state.get()));
}

TEST_CASE("options are read wherever they stand, or up to the first word") {
  auto line = parse({"-n", "one", "id", "--all", "--name=two"}, false);
  REQUIRE(line);
  CHECK(line->words() == std::vector<std::string>{"id"});
  CHECK(line->has("all"));
  CHECK(line->value("name") == "two");
  CHECK(line->values("name") == std::vector<std::string>{"one", "two"});
  auto command = parse({"-a", "id", "ls", "-n", "--all"}, true);
  REQUIRE(command);
  CHECK(command->words() == std::vector<std::string>{"id", "ls", "-n", "--all"});
  auto dashes = parse({"--", "-x"}, false);
  REQUIRE(dashes);
  CHECK(dashes->words() == std::vector<std::string>{"-x"});
}

TEST_CASE("an option that is none, or lacks its value, is named") {
  auto unknown = parse({"--nothing", "id"}, false);
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().subject == "--nothing");
  auto lacking = parse({"id", "--name"}, false);
  REQUIRE_FALSE(lacking);
  CHECK(lacking.error().note == "needs a value");
}

TEST_CASE("numbers of options are whole and within their bounds") {
  for (const char* text : {"", "1x", "11", "-1", "99999999999999999999"}) {
    auto line = parse({"--name", text}, false);
    REQUIRE(line);
    CHECK_FALSE(line->number("name", 0, 10, 0));
  }
  auto line = parse({"--name", "10"}, false);
  CHECK(*line->number("name", 0, 10, 0) == 10);
  CHECK(*line->number("other", 0, 10, 7) == 7);
}

TEST_CASE("signals go by number and name") {
  struct Example {
    const char* text;
    int signal;
  };
  for (const Example& example : std::initializer_list<Example>{{"9", SIGKILL},
                                                               {"KILL", SIGKILL},
                                                               {"sigterm", SIGTERM},
                                                               {"0", 0},
                                                               {"RTMIN", SIGRTMIN},
                                                               {"SIGRTMIN+1", SIGRTMIN + 1},
                                                               {"RTMAX-2", SIGRTMAX - 2}}) {
    auto parsed = runtime::parse_signal(example.text);
    REQUIRE_MESSAGE(parsed, example.text);
    CHECK(*parsed == example.signal);
  }
  for (const char* text : {"", "SIG", "-1", "65", "NOTHING", "9 ", "RTMIN+99"})
    CHECK_FALSE(runtime::parse_signal(text));
}

TEST_CASE("times and sizes have units") {
  CHECK(*runtime::parse_milliseconds("--interval", "250ms") == 250);
  CHECK(*runtime::parse_milliseconds("--interval", "2m") == 120'000);
  for (const char* text : {"", "5", "0s", "-1s", "1d"})
    CHECK_FALSE(runtime::parse_milliseconds("--interval", text));
  CHECK(*runtime::parse_bytes("--memory", "512M") == 512 << 20);
  CHECK(*runtime::parse_bytes("--memory", "4096") == 4096);
  CHECK(*runtime::parse_bytes("--memory", "-1") == -1);
  for (const char* text : {"", "-2", "1x", "9999999t", "m"})
    CHECK_FALSE(runtime::parse_bytes("--memory", text));
}

TEST_CASE("users are numbers") {
  minirun::UserSpec user;
  REQUIRE(runtime::read_user("7:8", user));
  CHECK(user.uid == 7);
  CHECK(user.gid == 8);
  REQUIRE(runtime::read_user("9", user));
  CHECK(user.gid == 8);
  for (const char* text : {"", "root", "1:", ":1", "4294967295", "1:2:3"})
    CHECK_FALSE(runtime::read_user(text, user));
}

TEST_CASE("a container's directory is one at a time, and only its own files go with it") {
  minirun::TemporaryDirectory root;
  auto first = StateDirectory::create(root.path(), "c");
  REQUIRE(first);
  CHECK(StateDirectory::create(root.path(), "c").error().code == EEXIST);
  auto second = StateDirectory::open(root.path(), "c");
  REQUIRE(second);
  CHECK(second->lock(0).error().code == EBUSY);
  first->unlock();
  CHECK(second->lock(0));
  REQUIRE(second->write("state.json", "{}"));
  CHECK(*first->read("state.json") == "{}");
  CHECK(second->remove());
  second->unlock();
  CHECK(first->lock(0).error().code == ENOENT);
  CHECK(StateDirectory::open(root.path(), "c").error().code == ENOENT);
  for (const char* id : {"", ".", "..", "a/b", ".a", "a b", "a\n"})
    CHECK_FALSE(StateDirectory::create(root.path(), id));
}
