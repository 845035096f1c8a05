#include "shim/frame.h"

#include <doctest/doctest.h>

#include "shim/flow_window.h"

using minirun::shim::encode_frame;
using minirun::shim::FlowWindow;
using minirun::shim::FrameParser;
using minirun::shim::kLargestFrame;
using minirun::shim::Opcode;
using minirun::shim::put;

TEST_CASE("a frame is length, opcode and payload, big-endian") {
  CHECK(encode_frame(Opcode::input, "ab") == std::string("\0\0\0\x03\x02"
                                                         "ab",
                                                         7));
  CHECK(encode_frame(Opcode::end_of_input, "") == std::string("\0\0\0\x01\x05", 5));
}

TEST_CASE("frames are put together from bytes that are torn anywhere") {
  std::string bytes = encode_frame(Opcode::input, "hello") + encode_frame(Opcode::ack, std::string(8, '\1'));
  for (size_t cut = 0; cut <= bytes.size(); ++cut) {
    FrameParser parser;
    std::string seen;
    for (const auto& part : {bytes.substr(0, cut), bytes.substr(cut)}) {
      parser.feed(part);
      while (auto frame = parser.next()) seen += std::to_string(frame->opcode) + frame->payload + ";";
    }
    CHECK(seen == "2hello;4" + std::string(8, '\1') + ";");
    CHECK_FALSE(parser.broken());
  }
}

TEST_CASE("an empty frame or one that is too long breaks the stream, before its payload has come") {
  for (uint32_t length : {uint32_t{0}, static_cast<uint32_t>(kLargestFrame + 1), UINT32_MAX}) {
    FrameParser parser;
    std::string header;
    put(header, length);
    parser.feed(header);
    CHECK_FALSE(parser.next());
    CHECK(parser.broken());
  }
  FrameParser parser;
  parser.feed(encode_frame(Opcode::input, std::string(kLargestFrame - 1, 'x')));
  CHECK(parser.next());
}

TEST_CASE("a window has room for what has been acknowledged") {
  FlowWindow window(100);
  window.sent(0, 60);
  CHECK(window.room() == 40);
  window.sent(60, 100);
  CHECK(window.room() == 0);
  window.acknowledge(30);
  CHECK(window.room() == 30);
  window.acknowledge(10);  // late and useless
  CHECK(window.room() == 30);
  window.acknowledge(5000);
  CHECK(window.room() == 100);
}

TEST_CASE("what fell into a gap was not sent and needs no acknowledgement") {
  FlowWindow window(100);
  window.sent(0, 50);
  window.sent(1000, 1030);
  CHECK(window.room() == 20);
  window.acknowledge(1000);
  CHECK(window.room() == 70);
  window.acknowledge(1030);
  CHECK(window.room() == 100);
}
