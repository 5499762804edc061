// D3–D7: JSON objects in UTF-8 (RFC 8259), read by nlohmann/json with its leniences shut off.
#include "formats/json_reader.h"

#include <limits>
#include <utility>
#include <vector>

#include "core_test.h"
#include "formats/core_limits.h"

namespace bearerkit {
namespace {

using test::Random;
using test::repeat;

// A member, kept.
struct Kept {
  std::string name;
  JsonType type;
  std::string text;
  double number;
  std::uint32_t offset;
};

class Keeper final : public JsonMemberVisitor {
 public:
  std::vector<Kept> members;
  void member(const JsonMember& m) override {
    members.push_back({std::string(m.name), m.type, std::string(m.text), m.number, m.offset});
  }
};

Error read(std::string_view json) {
  Keeper keeper;
  return read_json_object(json, keeper);
}

std::vector<Kept> members_of(std::string_view json) {
  Keeper keeper;
  EXPECT_EQ(read_json_object(json, keeper), Error{}) << json;
  return keeper.members;
}

// The text of the only member, a string.
std::string string_in(std::string_view json) {
  const std::vector<Kept> members = members_of(json);
  EXPECT_EQ(members.size(), 1u) << json;
  if (members.size() != 1) return {};
  EXPECT_EQ(members[0].type, JsonType::string) << json;
  return members[0].text;
}

double number_in(std::string_view json) {
  const std::vector<Kept> members = members_of(json);
  EXPECT_EQ(members.size(), 1u) << json;
  if (members.size() != 1) return 0;
  EXPECT_EQ(members[0].type, JsonType::number) << json;
  return members[0].number;
}

Error error_at(ErrorCode code, std::size_t offset) {
  return Error{code, TokenPart::none, static_cast<std::uint32_t>(offset)};
}

Error invalid_json(std::size_t offset) { return error_at(ErrorCode::invalid_json, offset); }

TEST(JsonReader, GivesTheMembersInOrderWithTypeAndOffset) {
  const std::vector<Kept> members = members_of(
      R"( {"a":1, "b" : "x" ,"c":true,"d":false,"e":null,"f":[1,{"x":2}],"g":{"y":[]} ,"":-2.5e1})");
  ASSERT_EQ(members.size(), 8u);
  const std::vector<std::pair<std::string, JsonType>> expected = {
      {"a", JsonType::number},  {"b", JsonType::string}, {"c", JsonType::boolean},
      {"d", JsonType::boolean}, {"e", JsonType::null},   {"f", JsonType::array},
      {"g", JsonType::object},  {"", JsonType::number}};
  const std::vector<std::uint32_t> offsets = {6, 15, 24, 33, 43, 52, 68, 81};
  for (std::size_t i = 0; i < members.size(); i++) {
    EXPECT_EQ(members[i].name, expected[i].first);
    EXPECT_EQ(members[i].type, expected[i].second);
    EXPECT_EQ(members[i].offset, offsets[i]) << members[i].name;
  }
  EXPECT_EQ(members[0].number, 1);
  EXPECT_EQ(members[1].text, "x");
  EXPECT_NE(members[2].number, 0);
  EXPECT_EQ(members[3].number, 0);
  EXPECT_EQ(members[7].number, -25);
}

TEST(JsonReader, TakesTheEmptyObjectAndWhiteSpace) {
  EXPECT_TRUE(members_of("{}").empty());
  EXPECT_TRUE(members_of(" \t\r\n{ \n} \t\r\n").empty());
}

TEST(JsonReader, D3_RejectsWhatIsNoObject) {
  for (const char* json : {"[]", "[1,2]", "null", "true", "false", "0", "-1.5e3", "\"x\"",
                           "[{\"exp\":1}]", "[[[]]]"}) {
    EXPECT_EQ(read(json), error_at(ErrorCode::not_an_object, 0)) << json;
    EXPECT_EQ(read(std::string("  ") + json + " "), error_at(ErrorCode::not_an_object, 2)) << json;
  }
}

TEST(JsonReader, NothingOfAnArrayIsGivenOut) {
  Keeper keeper;
  EXPECT_EQ(read_json_object(R"([{"a":1},2])", keeper), error_at(ErrorCode::not_an_object, 0));
  EXPECT_TRUE(keeper.members.empty());
}

TEST(JsonReader, D3_RejectsABrokenText) {
  EXPECT_EQ(read(""), invalid_json(0));
  EXPECT_EQ(read("   "), invalid_json(3));
  EXPECT_EQ(read("{"), invalid_json(1));
  EXPECT_EQ(read("{\"a\""), invalid_json(4));
  EXPECT_EQ(read("{\"a\":"), invalid_json(5));
  EXPECT_EQ(read("{\"a\":1"), invalid_json(6));
  EXPECT_EQ(read("{\"a\":\"x"), invalid_json(7));
  EXPECT_EQ(read("{\"a\":tru"), invalid_json(8));
  EXPECT_EQ(read("{\"a\":[1"), invalid_json(7));
  EXPECT_EQ(read("{\"a\":-"), invalid_json(6));
  EXPECT_EQ(read("[1"), invalid_json(2));
}

TEST(JsonReader, D3_NamesTheOffendingByte) {
  EXPECT_EQ(read("{,}"), invalid_json(1));
  EXPECT_EQ(read("{a:1}"), invalid_json(1));
  EXPECT_EQ(read("{'a':1}"), invalid_json(1));
  EXPECT_EQ(read("{\"a\" 1}"), invalid_json(5));
  EXPECT_EQ(read("{\"a\":}"), invalid_json(5));
  EXPECT_EQ(read("{\"a\":1,}"), invalid_json(7));
  EXPECT_EQ(read("{\"a\":1 2}"), invalid_json(7));
  EXPECT_EQ(read("{\"a\":1 \"b\":2}"), invalid_json(9));
  EXPECT_EQ(read("{\"a\":[1,]}"), invalid_json(8));
  EXPECT_EQ(read("{\"a\":[1}"), invalid_json(7));
  EXPECT_EQ(read("{\"a\":1]"), invalid_json(6));
  EXPECT_EQ(read("{\"a\":tRue}"), invalid_json(6));
  EXPECT_EQ(read("{\"a\":NaN}"), invalid_json(5));
  EXPECT_EQ(read("{\"a\":Infinity}"), invalid_json(5));
  EXPECT_EQ(read("{\"a\":undefined}"), invalid_json(5));
  EXPECT_EQ(read("{\"a\":01}"), invalid_json(6));
  EXPECT_EQ(read("{\"a\":+1}"), invalid_json(5));
  EXPECT_EQ(read("{\"a\":.5}"), invalid_json(5));
  EXPECT_EQ(read("{\"a\":1.}"), invalid_json(7));
  EXPECT_EQ(read("{\"a\":1e}"), invalid_json(7));
  EXPECT_EQ(read("{\"a\":1-2}"), invalid_json(7));
  EXPECT_EQ(read("{\"a\":0x1}"), invalid_json(6));
  EXPECT_EQ(read("{1:2}"), invalid_json(1));
  EXPECT_EQ(read("{\"a\":\"\\x\"}"), invalid_json(7));
  EXPECT_EQ(read("{\"a\":\"\\u12g4\"}"), invalid_json(10));
  EXPECT_EQ(read("{/**/}"), invalid_json(1));
  EXPECT_EQ(read("// x\n{}"), invalid_json(0));
  EXPECT_EQ(read("<html>"), invalid_json(0));
}

TEST(JsonReader, D3_RejectsABytesAfterTheObject) {
  EXPECT_EQ(read("{}x"), invalid_json(2));
  EXPECT_EQ(read("{} {}"), invalid_json(3));
  EXPECT_EQ(read("{}}"), invalid_json(2));
  EXPECT_EQ(read("{},"), invalid_json(2));
  EXPECT_EQ(read("{}\v"), invalid_json(2));
  EXPECT_EQ(read("{}\xc2\xa0"), invalid_json(2));
}

// nlohmann's lexer takes a NUL for the end of the text, and what follows it for nothing.
TEST(JsonReader, D3_RejectsNulWhereverItIs) {
  EXPECT_EQ(read(std::string_view("{}\0", 3)), invalid_json(2));
  EXPECT_EQ(read(std::string_view("{}\0garbage", 10)), invalid_json(2));
  EXPECT_EQ(read(std::string_view("{} \0", 4)), invalid_json(3));
  EXPECT_EQ(read(std::string_view("\0{}", 3)), invalid_json(0));
  EXPECT_EQ(read(std::string_view("{\0}", 3)), invalid_json(1));
  EXPECT_EQ(read(std::string_view("{\"a\":\0001}", 8)), invalid_json(5));
  EXPECT_EQ(read(std::string_view("{\"a\":\"\0\"}", 9)), invalid_json(6));
  EXPECT_EQ(read(std::string_view("[]\0", 3)), invalid_json(2));
  EXPECT_EQ(read(std::string_view("\0", 1)), invalid_json(0));
}

TEST(JsonReader, RejectsControlCharactersInStrings) {
  for (int c = 1; c < 0x20; c++) {
    EXPECT_EQ(read(std::string("{\"a\":\"") + static_cast<char>(c) + "\"}"), invalid_json(6)) << c;
  }
  EXPECT_EQ(string_in("{\"a\":\"\x7f\"}"), "\x7f");
}

TEST(JsonReader, D3_RejectsAByteOrderMark) {
  EXPECT_EQ(read("\xef\xbb\xbf{}"), invalid_json(0));
  EXPECT_EQ(read("\xef\xbb\xbf"), invalid_json(0));
  EXPECT_EQ(read(" \xef\xbb\xbf{}"), invalid_json(1));
  EXPECT_EQ(read("{}\xef\xbb\xbf"), invalid_json(2));
  EXPECT_EQ(read("\xef\xbb{}"), error_at(ErrorCode::invalid_utf8, 0));
  EXPECT_EQ(read("\xff\xfe{\0}"), error_at(ErrorCode::invalid_utf8, 0));  // UTF-16
  EXPECT_EQ(string_in("{\"a\":\"\xef\xbb\xbf\"}"), "\xef\xbb\xbf");  // inside it is a character
}

TEST(JsonReader, D3_TellsInvalidUtf8FromInvalidJson) {
  const std::string before = "{\"a\":\"";
  for (const std::string_view bad :
       {"\xc0\xaf", "\xe0\x80\xaf", "\xf0\x80\x80\xaf", "\xed\xa0\x80", "\xed\xbf\xbf",
        "\xf4\x90\x80\x80", "\xff", "\x80", "\xe9", "\xc3"}) {
    EXPECT_EQ(read(before + std::string(bad) + "\"}"), error_at(ErrorCode::invalid_utf8, 6));
  }
  // Wherever it is: in a name, outside of strings, behind a broken text.
  EXPECT_EQ(read("{\"\xff\":1}"), error_at(ErrorCode::invalid_utf8, 2));
  EXPECT_EQ(read("{\xff}"), error_at(ErrorCode::invalid_utf8, 1));
  EXPECT_EQ(read("{!}\xff"), error_at(ErrorCode::invalid_utf8, 3));
  EXPECT_EQ(read("[\xff]"), error_at(ErrorCode::invalid_utf8, 1));
}

TEST(JsonReader, D7_NonAsciiComesOutRight) {
  EXPECT_EQ(string_in("{\"name\":\"Jos\xc3\xa9 \xf0\x9f\xa6\x8a \xe6\x9d\x8e\"}"),
            "Jos\xc3\xa9 \xf0\x9f\xa6\x8a \xe6\x9d\x8e");
  EXPECT_EQ(string_in(R"({"name":"Jos\u00e9 \ud83e\udd8a \u674E"})"),
            "Jos\xc3\xa9 \xf0\x9f\xa6\x8a \xe6\x9d\x8e");
  EXPECT_EQ(members_of("{\"Jos\xc3\xa9\":1}")[0].name, "Jos\xc3\xa9");
  EXPECT_EQ(members_of(R"({"Jos\u00e9":1})")[0].name, "Jos\xc3\xa9");
}

TEST(JsonReader, Escapes) {
  EXPECT_EQ(string_in(R"({"a":"\"\\\/\b\f\n\r\t"})"), "\"\\/\b\f\n\r\t");
  EXPECT_EQ(string_in(R"({"a":"\u0000x"})"), std::string("\0x", 2));
  EXPECT_EQ(string_in(R"({"a":"\uD834\uDD1E"})"), "\xf0\x9d\x84\x9e");
  EXPECT_EQ(string_in(R"({"a":"\uFFFF\uffff"})"), "\xef\xbf\xbf\xef\xbf\xbf");
  EXPECT_EQ(string_in(R"({"a":"\ud7ff\ue000"})"), "\xed\x9f\xbf\xee\x80\x80");
}

// A JavaScript server that cuts a string inside an emoji writes these, and JSON.parse takes them.
TEST(JsonReader, D7_ALoneSurrogateIsTakenAsU_FFFD) {
  const std::string instead = "\xef\xbf\xbd";
  EXPECT_EQ(string_in(R"({"a":"\ud83e"})"), instead);
  EXPECT_EQ(string_in(R"({"a":"\ud800"})"), instead);
  EXPECT_EQ(string_in(R"({"a":"\udbff"})"), instead);
  EXPECT_EQ(string_in(R"({"a":"\udc00"})"), instead);
  EXPECT_EQ(string_in(R"({"a":"\uDFFF"})"), instead);
  EXPECT_EQ(string_in(R"({"a":"x\uD83Ey"})"), "x" + instead + "y");
  EXPECT_EQ(string_in(R"({"a":"\ud800\ud800"})"), instead + instead);
  EXPECT_EQ(string_in(R"({"a":"\udc00\ud800"})"), instead + instead);
  EXPECT_EQ(string_in(R"({"a":"\ud800\n"})"), instead + "\n");
  EXPECT_EQ(string_in(R"({"a":"\ud800\u0041"})"), instead + "A");
  EXPECT_EQ(members_of(R"({"\ud83e":1,"b":2})")[0].name, instead);
  EXPECT_EQ(read(R"({"a":[{"\udc00":"\ud800"}]})"), Error{});
}

TEST(JsonReader, D7_PairsStayWhatTheyAreBesideALoneSurrogate) {
  const std::string instead = "\xef\xbf\xbd";
  const std::string fox = "\xf0\x9f\xa6\x8a";
  EXPECT_EQ(string_in(R"({"a":"\ud800\ud83e\udd8a"})"), instead + fox);
  EXPECT_EQ(string_in(R"({"a":"\ud83e\udd8a\udd8a"})"), fox + instead);
  EXPECT_EQ(string_in(R"({"a":"\ud83e\udd8a\ud83e"})"), fox + instead);
  // A backslash of its own: no escape of a surrogate.
  EXPECT_EQ(string_in(R"({"a":"\\ud83e\udc00"})"), "\\ud83e" + instead);
  EXPECT_EQ(string_in(R"({"a":"\\\ud83e"})"), "\\" + instead);
  EXPECT_EQ(string_in(R"({"a":"\"\ud83e\""})"), "\"" + instead + "\"");
}

TEST(JsonReader, D7_OffsetsStayWhatTheyAreBesideALoneSurrogate) {
  const std::vector<Kept> members = members_of(R"({"\ud83e":"\udc00", "b": 7})");
  ASSERT_EQ(members.size(), 2u);
  EXPECT_EQ(members[0].offset, 10u);
  EXPECT_EQ(members[1].offset, 25u);
  EXPECT_EQ(members[1].number, 7);
  EXPECT_EQ(read(R"({"a":"\ud83e" x})"), invalid_json(14));
  EXPECT_EQ(read(R"({"a":"\ud83e","b":1e999})"), error_at(ErrorCode::number_out_of_range, 18));
  EXPECT_EQ(read(R"( ["\ud83e"])"), error_at(ErrorCode::not_an_object, 1));
  EXPECT_EQ(read("{\"a\":\"\\ud83e\xff\"}"), error_at(ErrorCode::invalid_utf8, 12));
}

TEST(JsonReader, D3_BrokenEscapesAreRefusedBesideALoneSurrogate) {
  EXPECT_EQ(read(R"({"a":"\ud83e\u12g4"})"), invalid_json(16));
  EXPECT_EQ(read(R"({"a":"\ud83e\q"})"), invalid_json(13));
  EXPECT_EQ(read(R"({"a":"\ud83"})"), invalid_json(11));
  EXPECT_EQ(read(R"({"a":"\ud83e)"), invalid_json(12));
  EXPECT_EQ(read(R"({"a":"\ud83e\)"), invalid_json(13));
  EXPECT_EQ(read(R"({"a":"\ud83e\u)"), invalid_json(14));
  EXPECT_EQ(read(R"({"a":"\Ud83e"})"), invalid_json(7));
  EXPECT_EQ(read(R"({\ud83e:1})"), invalid_json(1));
  EXPECT_EQ(read(R"({"a":\ud83e})"), invalid_json(5));
  // A backslash outside of a string is the error, whatever quotes come behind it.
  EXPECT_EQ(read(R"({\"a":"\ud83e"})"), invalid_json(1));
}

TEST(JsonReader, D4_GivesDuplicatesInOrder) {
  const std::vector<Kept> members = members_of(R"({"a":1,"a":"x","\u0061":2})");
  ASSERT_EQ(members.size(), 3u);
  for (const Kept& member : members) EXPECT_EQ(member.name, "a");
  EXPECT_EQ(members[2].number, 2);
}

TEST(JsonReader, D5_PrototypeNamesArePlainData) {
  const std::vector<Kept> members =
      members_of(R"({"__proto__":{"x":1},"constructor":"c","toString":1})");
  ASSERT_EQ(members.size(), 3u);
  EXPECT_EQ(members[0].name, "__proto__");
  EXPECT_EQ(members[0].type, JsonType::object);
  EXPECT_EQ(members[1].text, "c");
}

TEST(JsonReader, NestedMembersAreNotTaken) {
  const std::vector<Kept> members = members_of(R"({"a":{"exp":1,"b":{"exp":2}},"c":[{"exp":3}]})");
  ASSERT_EQ(members.size(), 2u);
  EXPECT_EQ(members[0].name, "a");
  EXPECT_EQ(members[1].name, "c");
}

TEST(JsonReader, D6_NestingCap) {
  const auto arrays = [](std::size_t depth) {
    return "{\"a\":" + repeat("[", depth - 1) + repeat("]", depth - 1) + "}";
  };
  const auto objects = [](std::size_t depth) {
    return repeat("{\"a\":", depth - 1) + "{}" + repeat("}", depth - 1);
  };
  EXPECT_EQ(read(arrays(limits::kMaxJsonDepth)), Error{});
  EXPECT_EQ(read(arrays(limits::kMaxJsonDepth + 1)), error_at(ErrorCode::too_deep, 5 + 255));
  EXPECT_EQ(read(arrays(100000)), error_at(ErrorCode::too_deep, 5 + 255));
  EXPECT_EQ(read(objects(limits::kMaxJsonDepth)), Error{});
  EXPECT_EQ(read(objects(limits::kMaxJsonDepth + 1)), error_at(ErrorCode::too_deep, 5 * 256));
  EXPECT_EQ(read(objects(100000)), error_at(ErrorCode::too_deep, 5 * 256));
  EXPECT_EQ(read(repeat("[", 100000)), error_at(ErrorCode::too_deep, 256));
  // Many, one after the other, are not deep.
  EXPECT_EQ(read("{\"a\":[" + repeat("[],", 10000) + "{}]}"), Error{});
}

TEST(JsonReader, Numbers) {
  EXPECT_EQ(number_in(R"({"a":0})"), 0);
  EXPECT_EQ(number_in(R"({"a":-12})"), -12);
  EXPECT_EQ(number_in(R"({"a":1e3})"), 1000);
  EXPECT_EQ(number_in(R"({"a":1300819380.5})"), 1300819380.5);
  EXPECT_EQ(number_in("{\"a\":7 }"), 7);
  EXPECT_EQ(number_in("{\"a\":\n7\n}"), 7);
  EXPECT_EQ(number_in(R"({"a":18446744073709551615})"), 18446744073709551616.0);
  EXPECT_EQ(number_in(R"({"a":-9223372036854775809})"), -9223372036854775808.0);
  EXPECT_EQ(number_in(R"({"a":123456789012345678901234567890})"), 123456789012345678901234567890.0);
  EXPECT_EQ(number_in(R"({"a":1e-999})"), 0);
  EXPECT_DOUBLE_EQ(number_in(R"({"a":1.7976931348623157e308})"),
                   std::numeric_limits<double>::max());
}

TEST(JsonReader, E2_RejectsNumbersBeyondADouble) {
  const auto beyond = [](std::size_t offset) {
    return error_at(ErrorCode::number_out_of_range, offset);
  };
  EXPECT_EQ(read(R"({"a":1e999})"), beyond(5));
  EXPECT_EQ(read(R"({"a":-1e999 })"), beyond(5));
  EXPECT_EQ(read(R"({"b":2,"a" : 1.8e308})"), beyond(13));
  EXPECT_EQ(read(R"({"a":[1,2e400]})"), beyond(8));
  EXPECT_EQ(read(R"({"a":{"b":1e309}})"), beyond(10));
  EXPECT_EQ(read("{\"a\":1" + repeat("0", 309) + "}"), beyond(5));
  EXPECT_EQ(read("{\"a\":-1" + repeat("0", 309) + ".5}"), beyond(5));
  EXPECT_EQ(read("{\"a\":1" + repeat("0", 308) + "}"), Error{});
  EXPECT_EQ(read("1e999"), beyond(0));
  EXPECT_EQ(read("{\"a\":1e999"), beyond(5));
  EXPECT_EQ(read(R"({"a":"1e999"})"), Error{});
}

TEST(JsonReader, AMebibyte) {
  const std::string text(1024 * 1024, 'x');
  EXPECT_EQ(string_in("{\"a\":\"" + text + "\"}").size(), text.size());
  EXPECT_EQ(read("{\"a\":\"" + text), invalid_json(6 + text.size()));
  EXPECT_EQ(read("{\"a\":" + std::string(1024 * 1024, ' ') + "1}"), Error{});
  EXPECT_EQ(read("{\"" + text + "\":1}"), Error{});
}

// D6: whatever comes, an error or not, never a crash; and the offset lies in the text.
TEST(JsonReader, D6_MutatedTextsNeverCrash) {
  const std::string seed =
      R"({"iss":"joe","exp":1300819380,"n":-1.5e-7,"a":[1,true,null,{"x":"\u00e9\ud83e\udd8a"}],"é":false})";
  Random random(99);
  for (int i = 0; i < 20000; i++) {
    std::string text = seed;
    for (std::size_t changes = 1 + random.below(4); changes > 0 && !text.empty(); changes--) {
      const std::size_t at = random.below(text.size());
      switch (random.below(4)) {
        case 0:
          text[at] = random.byte();
          break;
        case 1:
          text.erase(at, 1 + random.below(5));
          break;
        case 2:
          text.insert(at, 1, "{}[]\",:\\0e-\0"[random.below(12)]);
          break;
        default:
          text.resize(at);
          break;
      }
    }
    const Error error = read(text);
    EXPECT_LE(error.offset, text.size());
  }
  EXPECT_EQ(read(seed), Error{});
}

}  // namespace
}  // namespace bearerkit
