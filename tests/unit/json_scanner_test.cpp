// The quick reader says yes only where json_reader.h does, with the same times.
#include "formats/json_scanner.h"

#include <cmath>

#include "core_test.h"
#include "formats/core_limits.h"
#include "formats/json_reader.h"

namespace bearerkit {
namespace {

using test::repeat;

class Nobody final : public JsonMemberVisitor {
 public:
  void member(const JsonMember& /*member*/) override {}
};

bool scan(std::string_view json, JsonScan& found) {
  std::string text(json);
  text.append(kScanRoom, '"');
  const std::string before = text;
  const bool taken = scan_json_object(text.data(), json.size(), found);
  EXPECT_EQ(text, before) << "what is behind the text is put back";
  return taken;
}

bool takes(std::string_view json) {
  JsonScan found;
  return scan(json, found);
}

bool reader_takes(std::string_view json) {
  Nobody nobody;
  return !read_json_object(json, nobody);
}

TEST(JsonScanner, D3TakesWhatTokensHold) {
  for (const std::string_view json : {
           "{}",
           " \t\r\n{ } \n",
           R"({"a":1,"b":-2.5,"c":0,"d":"","e":[],"f":{},"g":[true,false,null]})",
           R"({ "a" : [ { "b" : [ ] } , "c" ] , "d" : { "e" : { } } })",
           R"({"name":"Jos\u00e9 \ud83e\udd8a \ud83e \n\t\"\\\/\b\f\r"})",
           R"({"a":{"\u0061":"\u0061"}})",
           "{\"name\":\"José 🦊 李\",\"long enough to be looked at in several steps\":\"é\"}",
       }) {
    EXPECT_TRUE(takes(json)) << json;
    EXPECT_TRUE(reader_takes(json)) << json;
  }
}

TEST(JsonScanner, D3RefusesWhatIsNoJsonObject) {
  for (const std::string_view json : {
           "",
           " ",
           "{",
           "[]",
           "1",
           "\"a\"",
           "{]",
           "{\"a\"}",
           "{\"a\":}",
           "{\"a\":1,}",
           "{,}",
           "{\"a\":[1,]}",
           "{\"a\":01}",
           "{\"a\":-}",
           "{\"a\":1.}",
           "{\"a\":.5}",
           "{\"a\":+1}",
           "{\"a\":tru}",
           "{\"a\":nul",
           "{\"a\":fals",
           "{\"a\":\"",
           "{\"a\":\"\\",
           "{a:1}",
           "{'a':1}",
           "{} {}",
           "{}x",
           "{\"a\":\"\n\"}",
           "{\"a\":\"\\x\"}",
           "{\"a\":\"\\u12g4\"}",
           "{\"a\":[}]",
           "{\"a\":1]",
           "\xEF\xBB\xBF{}",
           "{\"a\":\"\x80\"}",
           "{\"a\":\"\xED\xA0\x80\"}",
           "{\"a\" 1}",
           "{1:1}",
           "{\"a\":1 1}",
           "/**/{}",
       }) {
    EXPECT_FALSE(takes(json)) << json;
    EXPECT_FALSE(reader_takes(json)) << json;
  }
  EXPECT_FALSE(takes({"{}\0", 3}));
  EXPECT_FALSE(takes({"{\"a\0\":1}", 8}));
}

TEST(JsonScanner, D6Takes256LevelsAndNoMore) {
  const auto nested = [](std::size_t depth) {
    return "{\"a\":" + repeat("[", depth - 1) + repeat("]", depth - 1) + "}";
  };
  EXPECT_TRUE(takes(nested(limits::kMaxJsonDepth)));
  EXPECT_FALSE(takes(nested(limits::kMaxJsonDepth + 1)));
}

TEST(JsonScanner, E2D4TellsTheTimesTheLastOfEach) {
  JsonScan found;
  EXPECT_TRUE(scan(R"({"exp":1,"a":{"exp":7},"nbf":-1.5,"exp":1300819380,"b":["exp",3]})", found));
  EXPECT_EQ(found.exp.seconds, 1300819380);
  EXPECT_EQ(found.nbf.seconds, -1.5);
  EXPECT_FALSE(found.iat.has_value());
  EXPECT_TRUE(scan(R"({"iat":-0})", found));
  EXPECT_TRUE(std::signbit(found.iat.seconds));
  EXPECT_FALSE(found.exp.has_value());
}

TEST(JsonScanner, E2LeavesUnusualTimesToTheReader) {
  for (const std::string_view json :
       {R"({"exp":"1"})", R"({"nbf":null})", R"({"iat":[]})", R"({"exp":{}})", R"({"exp":true})",
        R"({"exp":"x","exp":1})", R"({"\u0065xp":1})", R"({"exp":1e3})", R"({"a":1e400})",
        R"({"exp":1234567890123456})"}) {
    EXPECT_FALSE(takes(json)) << json;
  }
  EXPECT_FALSE(takes("{\"a\":" + repeat("1", 400) + "}"));
}

TEST(JsonScanner, D7TellsWhetherAllIsAscii) {
  JsonScan found;
  EXPECT_TRUE(scan(R"({"a":"\u00e9"})", found) && found.ascii);
  EXPECT_TRUE(scan("{\"a\":\"é\"}", found) && !found.ascii);
}

}  // namespace
}  // namespace bearerkit
