#include "shim/ring.h"

#include <doctest/doctest.h>

using minirun::shim::Ring;
using minirun::shim::Stream;

namespace {

/** Everything from `offset` on, put together from chunks. */
std::string all_from(const Ring& ring, uint64_t offset) {
  std::string text;
  while (offset < ring.end()) {
    auto chunk = ring.read(offset, 1000);
    text += chunk.bytes;
    offset += chunk.bytes.size();
  }
  return text;
}

}  // namespace

TEST_CASE("a ring begins where the log of an earlier run ended") {
  Ring ring(8, 100);
  CHECK(ring.begin() == 100);
  CHECK(ring.end() == 100);
  ring.append(Stream::output, "abc");
  CHECK(ring.begin() == 100);
  CHECK(ring.end() == 103);
  CHECK(all_from(ring, 101) == "bc");
}

TEST_CASE("a ring keeps the last bytes, however they come") {
  Ring ring(8, 0);
  ring.append(Stream::output, "abcdef");
  ring.append(Stream::output, "ghij");
  CHECK(ring.begin() == 2);
  CHECK(all_from(ring, 2) == "cdefghij");
  ring.append(Stream::output, "0123456789ABCDEFGHIJ");
  CHECK(ring.end() == 30);
  CHECK(ring.begin() == 22);
  CHECK(all_from(ring, 22) == "CDEFGHIJ");
}

TEST_CASE("a chunk is of one stream and not longer than asked for") {
  Ring ring(64, 0);
  ring.append(Stream::output, "out");
  ring.append(Stream::error, "err");
  ring.append(Stream::error, "more");
  ring.append(Stream::output, "out");
  CHECK(ring.read(0, 100).bytes == "out");
  CHECK(ring.read(0, 2).bytes == "ou");
  CHECK(ring.read(3, 100).bytes == "errmore");
  CHECK(ring.read(3, 100).stream == Stream::error);
  CHECK(ring.read(10, 100).stream == Stream::output);
}

TEST_CASE("a stream that left the ring is forgotten") {
  Ring ring(4, 0);
  ring.append(Stream::error, "ee");
  ring.append(Stream::output, "oooo");
  CHECK(ring.begin() == 2);
  CHECK(ring.read(2, 100).stream == Stream::output);
}
