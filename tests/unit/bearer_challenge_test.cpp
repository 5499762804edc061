// B6, B7, B3: challenges (RFC 9110 §11.6.1, RFC 6750 §3) and what a token may be.
#include "formats/bearer_challenge.h"

#include "core_test.h"
#include "formats/core_limits.h"

namespace bearerkit {

// For readable failures.
inline std::ostream& operator<<(std::ostream& out, ChallengeVerdict verdict) {
  static constexpr const char* kNames[] = {"absent", "invalid_token", "insufficient_scope",
                                           "other"};
  return out << kNames[static_cast<std::size_t>(verdict)];
}

namespace {

using test::Random;
using test::repeat;
using V = ChallengeVerdict;

struct Case {
  std::string_view field;
  ChallengeVerdict verdict;
};

template <std::size_t n>
void expect_all(const Case (&cases)[n]) {
  for (const Case& c : cases) EXPECT_EQ(read_challenge(c.field), c.verdict) << c.field;
}

TEST(BearerChallenge, Rfc6750Section3Examples) {
  expect_all({
      {R"(Bearer realm="example")", V::other},
      {"Bearer realm=\"example\",\r\n  error=\"invalid_token\",\r\n  "
       "error_description=\"The access token expired\"",
       V::invalid_token},
      {R"(Bearer realm="example", error="insufficient_scope", scope="a b")", V::insufficient_scope},
      {R"(Bearer error="invalid_request")", V::other},
  });
}

TEST(BearerChallenge, Rfc9110Section1161Examples) {
  expect_all({
      {R"(Basic realm="simple", Newauth realm="apps", type=1, title="Login to \"apps\"")",
       V::other},
      {R"(Newauth realm="apps", type=1, title="Login to \"apps\"", Basic realm="simple")",
       V::other},
      {R"(Newauth realm="apps", title="Login to \"apps\"", Bearer error="invalid_token")",
       V::invalid_token},
  });
}

TEST(BearerChallenge, B6_AbsentOrOther) {
  expect_all({
      {"", V::absent},
      {"   ", V::absent},
      {" , ,\t,", V::absent},
      {"Bearer", V::other},
      {"Bearer ", V::other},
      {"Basic realm=\"x\"", V::other},
      {"Negotiate", V::other},
      {"@", V::other},
      {std::string_view("\0", 1), V::other},
  });
}

TEST(BearerChallenge, B6_OnlyBearerCounts) {
  expect_all({
      {R"(Basic error="invalid_token")", V::other},
      {R"(DPoP error="insufficient_scope")", V::other},
      {R"(error="insufficient_scope")", V::other},
      {R"(BearerX error="insufficient_scope")", V::other},
      {R"(Bearer x="y", Basic error="insufficient_scope")", V::other},
      {R"(Basic realm="a", Bearer error="insufficient_scope")", V::insufficient_scope},
  });
}

// A refresh may help as soon as one Bearer challenge says so.
TEST(BearerChallenge, B6_InvalidTokenOutweighsInsufficientScope) {
  expect_all({
      {R"(Bearer error="insufficient_scope", Bearer error="invalid_token")", V::invalid_token},
      {R"(Bearer error="invalid_token", Bearer error="insufficient_scope")", V::invalid_token},
      {R"(Bearer error="insufficient_scope", error="invalid_token")", V::invalid_token},
      {R"(Bearer error="insufficient_scope", Bearer realm="x")", V::insufficient_scope},
  });
}

TEST(BearerChallenge, B7_AnyCaseOfSchemeAndName) {
  expect_all({
      {R"(bearer error="invalid_token")", V::invalid_token},
      {R"(BEARER ERROR="invalid_token")", V::invalid_token},
      {R"(bEaReR eRrOr=invalid_token)", V::invalid_token},
      // RFC 6749 §5.2's codes are exact.
      {R"(Bearer error="Invalid_Token")", V::other},
      {R"(Bearer error="INSUFFICIENT_SCOPE")", V::other},
  });
}

TEST(BearerChallenge, B7_SpaceAroundEqualsSignsAndCommas) {
  expect_all({
      {R"(Bearer error = "invalid_token")", V::invalid_token},
      {"Bearer\terror\t=\tinvalid_token\t", V::invalid_token},
      {R"(  ,, Bearer   realm="x"  ,,  error="invalid_token" ,)", V::invalid_token},
      {R"(Bearer realm="x",error="invalid_token")", V::invalid_token},
      {R"(Bearer,error="invalid_token")", V::invalid_token},
  });
}

TEST(BearerChallenge, B7_QuotedStrings) {
  expect_all({
      {R"(Basic realm="a, Bearer error=insufficient_scope")", V::other},
      {R"(Basic realm="a\", Bearer error=\"insufficient_scope\"")", V::other},
      {R"(Bearer realm="a,b=\"c\", error=x", error="invalid_token")", V::invalid_token},
      {R"(Bearer realm="\\", error="invalid_token")", V::invalid_token},
      {R"(Bearer realm="\\\"", error="invalid_token")", V::invalid_token},
      {R"(Bearer realm="", error="invalid_token")", V::invalid_token},
      {R"(Bearer error="inv\alid_\token")", V::invalid_token},
      {R"(Bearer error_description="error=\"insufficient_scope\"", error="invalid_token")",
       V::invalid_token},
      {R"(Bearer error_description="insufficient_scope")", V::other},
      {R"(Bearer error="invalid_token ")", V::other},
      {R"(Bearer error="")", V::other},
      {"Bearer error_description=\"Jos\xc3\xa9 \xff\", error=\"invalid_token\"", V::invalid_token},
  });
}

TEST(BearerChallenge, B7_UnclosedQuotesAreNoValue) {
  expect_all({
      {R"(Bearer error="insufficient_scope)", V::other},
      {R"(Bearer error="insufficient_scope\")", V::other},
      {R"(Bearer error="insufficient_scope\)", V::other},
      {R"(Bearer error="insufficient_scope", realm="x)", V::insufficient_scope},
      {R"(Bearer realm=", error=insufficient_scope)", V::insufficient_scope},
      {R"(")", V::other},
      {R"(""")", V::other},
  });
}

TEST(BearerChallenge, B7_MissingQuotes) {
  expect_all({
      {"Bearer error=invalid_token", V::invalid_token},
      {"Bearer error=invalid_token, realm=x", V::invalid_token},
      {"Bearer scope=read write, error=insufficient_scope", V::insufficient_scope},
      {"Bearer error_description=The token expired, error=invalid_token", V::invalid_token},
      {"Bearer error='invalid_token'", V::other},
      {"Bearer error=invalid_token; realm=x", V::invalid_token},
  });
}

TEST(BearerChallenge, B7_MissingCommas) {
  expect_all({
      {R"(Bearer realm="x" error="invalid_token")", V::invalid_token},
      {R"(Bearer realm="x"error="invalid_token")", V::invalid_token},
      {R"(Bearer realm="x"; error="insufficient_scope")", V::insufficient_scope},
      // But no new challenge begins without one.
      {R"(Basic realm="x" Bearer error="insufficient_scope")", V::other},
  });
}

TEST(BearerChallenge, B7_Token68) {
  expect_all({
      {"Basic YWJj==, Bearer error=\"invalid_token\"", V::invalid_token},
      {"Negotiate YII/+~._-==  ,  Bearer error=invalid_token", V::invalid_token},
      {"NTLM TlRMTVNTUAACAAAA", V::other},
      {"Bearer abc, error=\"invalid_token\"", V::invalid_token},
      {"Bearer error=", V::other},
      {"Bearer error==", V::other},
      {"Bearer error=,realm=x", V::other},
      {"Negotiate error=, Bearer error=insufficient_scope", V::insufficient_scope},
  });
}

TEST(BearerChallenge, B7_SeveralFieldsJoined) {
  expect_all({
      {R"(Negotiate, NTLM, Basic realm="x", Bearer realm="api", error="insufficient_scope")",
       V::insufficient_scope},
      {R"(Digest realm="x", qop="auth, auth-int", nonce="n==", Bearer error="invalid_token")",
       V::invalid_token},
      {R"(Bearer realm="a", Bearer realm="b", Bearer realm="c", error="invalid_token")",
       V::invalid_token},
  });
}

TEST(BearerChallenge, B7_BytesThatBelongNowhere) {
  expect_all({
      {"\xff\xfe, Bearer error=\"insufficient_scope\"", V::insufficient_scope},
      {"=, Bearer error=\"insufficient_scope\"", V::insufficient_scope},
      {"=\"x, Bearer error=insufficient_scope\"", V::other},
      {std::string_view("Bearer\0error=insufficient_scope", 31), V::insufficient_scope},
      {std::string_view("Bearer error=\0insufficient_scope", 32), V::other},
      {std::string_view("Bearer error=\"insufficient_scope\0\"", 34), V::other},
      {"(Bearer error=insufficient_scope)", V::other},
      {"Bearer @@@ ;;; error=insufficient_scope", V::insufficient_scope},
  });
}

TEST(BearerChallenge, B7_ReadUpToTheLimit) {
  const std::string error = "error=invalid_token";
  const std::string before = "Bearer ";
  const auto field = [&](std::size_t padding) {
    return before + "x=" + std::string(padding, 'y') + "," + error;
  };
  const std::size_t fits = limits::kMaxChallengeBytes - field(0).size();
  EXPECT_EQ(read_challenge(field(fits)), V::invalid_token);
  EXPECT_EQ(read_challenge(field(fits + 1)), V::other);
  EXPECT_EQ(read_challenge(field(1 << 22)), V::other);
}

// Quotes that are never closed, over and over: linear all the same.
TEST(BearerChallenge, B7_NoTextIsSlow) {
  for (const std::string_view unit : {"\"", "\\\"", "a=\"", "\"\\", "a ", "a", ",", "=", "a=b ",
                                      "a b=\"\\\"", "Bearer error=\"\" "}) {
    read_challenge(repeat(unit, limits::kMaxChallengeBytes));
  }
}

TEST(BearerChallenge, B7_RandomBytesNeverFail) {
  Random random(1);
  constexpr std::string_view kPieces[] = {"Bearer",
                                          "error",
                                          "=",
                                          "\"",
                                          ",",
                                          " ",
                                          "\\",
                                          "Basic",
                                          "==",
                                          "\xff",
                                          "\t",
                                          "invalid_token",
                                          "x",
                                          "realm=",
                                          ";",
                                          "a/b+",
                                          "error=insufficient_scope"};
  for (int i = 0; i < 50000; i++) {
    std::string field;
    for (std::size_t n = random.below(20); n > 0; n--) {
      field += kPieces[random.below(std::size(kPieces))];
      if (random.below(20) == 0) field += random.byte();
    }
    // What can only be said with these words is never said without.
    const V verdict = read_challenge(field);
    if (field.find("insufficient_scope") == std::string::npos) {
      EXPECT_NE(verdict, V::insufficient_scope) << field;
    }
    if (field.find("invalid_token") == std::string::npos) {
      EXPECT_NE(verdict, V::invalid_token) << field;
    }
  }
}

TEST(Sendable, B3_TakesWhatServersIssue) {
  for (const std::string_view token :
       {"a", "mF_9.B5f-4.1JqM", "abc==", "-._~+/", "2YotnFZFEjr1zCsicMWpAA", "1|Zq8xUfW2k", "a:b",
        "123:abc", "a=b", "==", "a,b", "\"a\"", "a\\b", "{}", "a;b", "a%20b", "~!"}) {
    EXPECT_TRUE(is_sendable(token)) << token;
  }
  EXPECT_TRUE(is_sendable(std::string(1 << 20, 'a')));
}

TEST(Sendable, B3_RefusesWhatCannotStandInAHeader) {
  for (const std::string_view token :
       {"", " ", "a b", " a", "a ", "a\n", "a\r\nX-Evil: 1", "a\t", "a\x7f", "a\x80", "caf\xc3\xa9",
        "\xef\xbf\xbd", "Bearer a"}) {
    EXPECT_FALSE(is_sendable(token)) << token;
  }
  EXPECT_FALSE(is_sendable(std::string_view("a\0", 2)));
  EXPECT_FALSE(is_sendable(std::string_view("a\0b", 3)));
}

TEST(Sendable, B3_EveryByte) {
  for (int byte = 0; byte < 256; byte++) {
    const char c = static_cast<char>(byte);
    const bool allowed = byte >= 0x21 && byte <= 0x7e;
    EXPECT_EQ(is_sendable(std::string(1, c)), allowed) << byte;
    EXPECT_EQ(is_sendable(std::string("a") + c + "b"), allowed) << byte;
  }
}

}  // namespace
}  // namespace bearerkit
