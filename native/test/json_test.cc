#include "oci/json.h"

#include <doctest/doctest.h>

#include "oci/reader.h"

using minirun::oci::Json;

TEST_CASE("values are written as JSON, members in their order") {
  CHECK(Json::object({{"b", 1}, {"a", nullptr}, {"t", true}}).text() == R"({"b":1,"a":null,"t":true})");
  CHECK(Json::object({{"n", -5}, {"m", UINT64_MAX}}).text() == R"({"n":-5,"m":18446744073709551615})");
  CHECK(Json::array({"x", 2, Json::object({})}).text() == R"(["x",2,{}])");
  CHECK(Json::array_of(std::vector<std::string>{"a", "b"}).text() == R"(["a","b"])");
  CHECK(Json::array({}).text() == "[]");
}

TEST_CASE("strings are escaped, and bytes that are not UTF-8 are replaced") {
  CHECK(Json("say \"a\\b\"\n\t\x01").text() == "\"say \\\"a\\\\b\\\"\\n\\t\\u0001\"");
  CHECK(Json("gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x90\x8b").text() ==
        "\"gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x90\x8b\"");
  std::string replaced = "\"\xef\xbf\xbd\"";
  CHECK(Json("\xff").text() == replaced);
  CHECK(Json("\xc3").text() == replaced);
  CHECK(Json("\xc0\x80").text() == "\"\xef\xbf\xbd\xef\xbf\xbd\"");                  // overlong
  CHECK(Json("\xed\xa0\x80").text() == "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");  // a surrogate
}

TEST_CASE("a document is written out for people, and says the same") {
  Json document = Json::object({{"a", Json::array({1, "x,\"{y}\""})}, {"b", Json::object({})}, {"c", 0.5}});
  CHECK(minirun::oci::indented(document) ==
        "{\n  \"a\": [\n    1,\n    \"x,\\\"{y}\\\"\"\n  ],\n  \"b\": {},\n  \"c\": 0.5\n}");
  CHECK(Json(1.0 / 0.0).text() == "null");
}

TEST_CASE("what was written reads back") {
  std::string odd = "a\0b\x7f\x1f \xf4\x8f\xbf\xbf";
  minirun::oci::Document document(Json::object({{"text", odd}, {"list", Json::array({1, 2})}}).text());
  CHECK(document.root()["text"].string() == odd);
  CHECK(document.root()["list"].items().size() == 2);
  CHECK_FALSE(document.problem());
}
