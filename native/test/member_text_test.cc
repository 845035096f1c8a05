#include "oci/member_text.h"

#include <doctest/doctest.h>

using minirun::oci::member_text;

TEST_CASE("a member's text is found as it stands") {
  std::string_view object = R"( {"a": 1, "b" : {"a": "}{\"", "c": [1, {"x": []}]}, "c": "x,y", "d": null } )";
  CHECK(*member_text(object, "a") == "1");
  CHECK(*member_text(object, "b") == R"({"a": "}{\"", "c": [1, {"x": []}]})");
  CHECK(*member_text(object, "c") == R"("x,y")");
  CHECK(*member_text(*member_text(object, "b"), "c") == R"([1, {"x": []}])");
  CHECK_FALSE(member_text(object, "x"));
}

TEST_CASE("what is unusual is left to the parser") {
  for (const char* text : {"", "[]", "{", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,}", "{\"a\":1,\"a\":2}",
                           "{\"\\u0061\":1}", "{\"b\":\"\\", "{\"b\":[[}", "{a:1}", "nonsense"}) {
    CHECK_MESSAGE(!member_text(text, "a"), text);
  }
}
