// B6, B7, B3: challenges (RFC 9110 §11.6.1, RFC 6750 §3, RFC 9470) and what a token may be.
#include "formats/bearer_challenge.h"

#include "core_test.h"
#include "formats/ascii.h"
#include "formats/core_limits.h"

namespace bearerkit {

// For readable failures.
inline std::ostream& operator<<(std::ostream& out, ChallengeMeaning meaning) {
  static constexpr const char* kNames[] = {"absent", "refreshable", "insufficient_scope", "step_up",
                                           "not_refreshable"};
  return out << kNames[static_cast<std::size_t>(meaning)];
}

namespace {

using test::Random;
using test::repeat;
using V = ChallengeMeaning;

struct Case {
  std::string_view field;
  ChallengeMeaning meaning;
};

template <std::size_t n>
void expect_all(const Case (&cases)[n]) {
  for (const Case& c : cases) EXPECT_EQ(read_challenge(c.field), c.meaning) << c.field;
}

TEST(BearerChallenge, Rfc6750Section3Examples) {
  expect_all({
      {R"(Bearer realm="example")", V::refreshable},
      {"Bearer realm=\"example\",\r\n  error=\"invalid_token\",\r\n  "
       "error_description=\"The access token expired\"",
       V::refreshable},
      {R"(Bearer realm="example", error="insufficient_scope", scope="a b")", V::insufficient_scope},
      {R"(Bearer error="invalid_request")", V::not_refreshable},
  });
}

TEST(BearerChallenge, Rfc9110Section1161Examples) {
  expect_all({
      {R"(Basic realm="simple", Newauth realm="apps", type=1, title="Login to \"apps\"")",
       V::not_refreshable},
      {R"(Newauth realm="apps", type=1, title="Login to \"apps\"", Basic realm="simple")",
       V::not_refreshable},
      {R"(Newauth realm="apps", title="Login to \"apps\"", Bearer error="invalid_token")",
       V::refreshable},
  });
}

TEST(BearerChallenge, B6_WithoutAnError) {
  expect_all({
      {"", V::absent},
      {"   ", V::absent},
      {" , ,\t,", V::absent},
      {"Bearer", V::refreshable},
      {"Bearer ", V::refreshable},
      {"Basic realm=\"x\"", V::not_refreshable},
      {"Negotiate", V::not_refreshable},
      {"@", V::absent},
      {std::string_view("\0", 1), V::absent},
  });
}

TEST(BearerChallenge, B6_OnlyBearerCounts) {
  expect_all({
      {R"(Basic error="invalid_token")", V::not_refreshable},
      {R"(DPoP error="insufficient_scope")", V::not_refreshable},
      {R"(error="insufficient_scope")", V::absent},
      {R"(BearerX error="insufficient_scope")", V::not_refreshable},
      {R"(Bearer x="y", Basic error="insufficient_scope")", V::refreshable},
      {R"(Basic realm="a", Bearer error="insufficient_scope")", V::insufficient_scope},
  });
}

// A refresh may help as soon as one Bearer challenge says so.
TEST(BearerChallenge, B6_InvalidTokenOutweighsAllOthers) {
  expect_all({
      {R"(Bearer error="insufficient_scope", Bearer error="invalid_token")", V::refreshable},
      {R"(Bearer error="invalid_token", Bearer error="insufficient_scope")", V::refreshable},
      {R"(Bearer error="insufficient_scope", error="invalid_token")", V::refreshable},
      {R"(Bearer error="insufficient_scope", Bearer realm="x")", V::insufficient_scope},
      {R"(Bearer error="insufficient_user_authentication", Bearer error="invalid_token")",
       V::refreshable},
      {R"(Bearer error="invalid_request", Bearer error="invalid_token")", V::refreshable},
  });
}

TEST(BearerChallenge, B6_ErrorsThatNoRefreshCanHelp) {
  expect_all({
      {R"(Bearer error="insufficient_claims")", V::not_refreshable},
      {R"(Bearer error="invalid_request", error_description="two tokens")", V::not_refreshable},
      {R"(Bearer error="invalid_request", Bearer realm="x")", V::not_refreshable},
      {R"(Bearer error="insufficient_claims", Bearer error="insufficient_scope")",
       V::insufficient_scope},
      {R"(DPoP error="use_dpop_nonce", Bearer error="insufficient_claims")", V::not_refreshable},
      // Unknown ones may be about the token.
      {R"(Bearer error="token_expired")", V::refreshable},
      {R"(Bearer error="insufficient")", V::refreshable},
  });
}

TEST(BearerChallenge, B6_ChallengesThatNameNoBearer) {
  expect_all({
      {R"(Basic realm="x")", V::not_refreshable},
      {R"(DPoP algs="ES256", error="invalid_token")", V::not_refreshable},
      {"OTP", V::not_refreshable},
      {"Negotiate, NTLM", V::not_refreshable},
      {R"(Digest realm="x", qop="auth, auth-int", Basic realm="y")", V::not_refreshable},
      {"Basic YWJj==", V::not_refreshable},
      {R"(Basic realm="Bearer")", V::not_refreshable},
      {R"(Basic Bearer="x")", V::not_refreshable},
      {R"(Basic realm="x", Bearer)", V::refreshable},
      {"Basic, bearer", V::refreshable},
      {"DPoP, Bearer realm=x", V::refreshable},
  });
}

TEST(BearerChallenge, B6_WhatIsNoChallengeCountsAsAbsent) {
  expect_all({
      {"realm=\"x\"", V::absent},
      {"\"Basic\"", V::absent},
      {";;;", V::absent},
      {"=, =", V::absent},
      {"(Basic realm=x)", V::absent},
      {"\xff\xfe", V::absent},
  });
}

struct StepUpCase {
  std::string_view field;
  std::string_view acr_values;
  double max_age;  // -1: absent
  std::string_view scope;
};

void expect_step_up(const StepUpCase& c) {
  EXPECT_EQ(read_challenge(c.field), V::step_up) << c.field;
  const StepUp step_up = read_step_up(c.field);
  EXPECT_EQ(step_up.acr_values, c.acr_values) << c.field;
  EXPECT_EQ(step_up.max_age.has_value() ? step_up.max_age.seconds : -1, c.max_age) << c.field;
  EXPECT_EQ(step_up.scope, c.scope) << c.field;
}

// RFC 9470 §3's examples.
TEST(StepUp, B6_Rfc9470Examples) {
  expect_step_up(
      {"Bearer error=\"insufficient_user_authentication\",\r\n  "
       "error_description=\"A different authentication level is required\",\r\n  "
       "acr_values=\"myACR\"",
       "myACR", -1, ""});
  expect_step_up({R"(Bearer error="insufficient_user_authentication", max_age="5")", "", 5, ""});
}

TEST(StepUp, B6_WhatTheChallengeAsksFor) {
  expect_step_up({R"(Bearer error="insufficient_user_authentication")", "", -1, ""});
  expect_step_up({R"(bearer SCOPE="a b", Acr_Values="urn:x:1 urn:x:2", MAX_AGE=0,)"
                  R"( error=insufficient_user_authentication)",
                  "urn:x:1 urn:x:2", 0, "a b"});
  expect_step_up({R"(Bearer acr_values="a\"\\\b", error="insufficient_user_authentication")",
                  "a\"\\b", -1, ""});
  // Its own parameters, not those of another challenge.
  expect_step_up({R"(Basic acr_values="x", Bearer scope="y", Bearer max_age=7,)"
                  R"( error="insufficient_user_authentication", Bearer max_age=9, DPoP scope="z")",
                  "", 7, ""});
  expect_step_up({R"(Bearer acr_values="first", error="insufficient_user_authentication",)"
                  R"( Bearer acr_values="second", error="insufficient_user_authentication")",
                  "first", -1, ""});
  expect_step_up({R"(Bearer error="insufficient_scope", scope="s",)"
                  R"( Bearer error="insufficient_user_authentication", acr_values="a")",
                  "a", -1, ""});
}

TEST(StepUp, B6_ValuesThatAreNoneCountAsAbsent) {
  for (const std::string value :
       {"\"\"", "\"-1\"", "\"1.5\"", "\"1e3\"", "\"5 s\"", "\" 5\"", "soon", "\"007\"", "\"+5\""}) {
    const std::string field =
        "Bearer error=insufficient_user_authentication, max_age=" + value + ", scope=s";
    expect_step_up({field, "", -1, "s"});
  }
  expect_step_up({"Bearer error=insufficient_user_authentication, max_age=" + std::string(400, '9'),
                  "", -1, ""});
  for (const std::string_view value : {"caf\xc3\xa9", "a\tb", "a\r\nX: y", "a\x7f", "\x80"}) {
    const std::string field = "Bearer error=insufficient_user_authentication, acr_values=\"" +
                              std::string(value) + "\", scope=\"" + std::string(value) + "\"";
    expect_step_up({field, "", -1, ""});
  }
  const auto field = [](std::size_t size) {
    return "Bearer error=insufficient_user_authentication, acr_values=\"" + std::string(size, 'a') +
           "\"";
  };
  const std::string most(limits::kMaxStepUpBytes, 'a');
  expect_step_up({field(most.size()), most, -1, ""});
  expect_step_up({field(most.size() + 1), "", -1, ""});
}

TEST(StepUp, B6_NothingOfAnyOtherChallenge) {
  for (const char* field :
       {"", R"(Bearer acr_values="a", max_age=5, scope="s")",
        R"(Bearer error="insufficient_scope", scope="s")",
        R"(DPoP error="insufficient_user_authentication", acr_values="a")",
        R"(Bearer error="insufficient_user_authentication", acr_values="a", error="invalid_token")",
        R"(Bearer error="Insufficient_User_Authentication", acr_values="a")"}) {
    const StepUp step_up = read_step_up(field);
    EXPECT_EQ(step_up.acr_values, "") << field;
    EXPECT_EQ(step_up.scope, "") << field;
    EXPECT_FALSE(step_up.max_age.has_value()) << field;
  }
}

TEST(BearerChallenge, B7_AnyCaseOfSchemeAndName) {
  expect_all({
      {R"(bearer error="invalid_token")", V::refreshable},
      {R"(BEARER ERROR="invalid_token")", V::refreshable},
      {R"(bEaReR eRrOr=invalid_token)", V::refreshable},
      // RFC 6749 §5.2's codes are exact.
      {R"(Bearer error="Invalid_Token")", V::refreshable},
      {R"(Bearer error="INSUFFICIENT_SCOPE")", V::refreshable},
  });
}

TEST(BearerChallenge, B7_SpaceAroundEqualsSignsAndCommas) {
  expect_all({
      {R"(Bearer error = "invalid_token")", V::refreshable},
      {"Bearer\terror\t=\tinvalid_token\t", V::refreshable},
      {R"(  ,, Bearer   realm="x"  ,,  error="invalid_token" ,)", V::refreshable},
      {R"(Bearer realm="x",error="invalid_token")", V::refreshable},
      {R"(Bearer,error="invalid_token")", V::refreshable},
  });
}

TEST(BearerChallenge, B7_QuotedStrings) {
  expect_all({
      {R"(Basic realm="a, Bearer error=insufficient_scope")", V::not_refreshable},
      {R"(Basic realm="a\", Bearer error=\"insufficient_scope\"")", V::not_refreshable},
      {R"(Bearer realm="a,b=\"c\", error=x", error="invalid_token")", V::refreshable},
      {R"(Bearer realm="\\", error="invalid_token")", V::refreshable},
      {R"(Bearer realm="\\\"", error="invalid_token")", V::refreshable},
      {R"(Bearer realm="", error="invalid_token")", V::refreshable},
      {R"(Bearer error="inv\alid_\token")", V::refreshable},
      {R"(Bearer error_description="error=\"insufficient_scope\"", error="invalid_token")",
       V::refreshable},
      {R"(Bearer error_description="insufficient_scope")", V::refreshable},
      {R"(Bearer error="invalid_token ")", V::refreshable},
      {R"(Bearer error="")", V::refreshable},
      {"Bearer error_description=\"Jos\xc3\xa9 \xff\", error=\"invalid_token\"", V::refreshable},
  });
}

TEST(BearerChallenge, B7_UnclosedQuotesAreNoValue) {
  expect_all({
      {R"(Bearer error="insufficient_scope)", V::refreshable},
      {R"(Bearer error="insufficient_scope\")", V::refreshable},
      {R"(Bearer error="insufficient_scope\)", V::refreshable},
      {R"(Bearer error="insufficient_scope", realm="x)", V::insufficient_scope},
      {R"(Bearer realm=", error=insufficient_scope)", V::insufficient_scope},
      {R"(")", V::absent},
      {R"(""")", V::absent},
  });
}

TEST(BearerChallenge, B7_MissingQuotes) {
  expect_all({
      {"Bearer error=invalid_token", V::refreshable},
      {"Bearer error=invalid_token, realm=x", V::refreshable},
      {"Bearer scope=read write, error=insufficient_scope", V::insufficient_scope},
      {"Bearer error_description=The token expired, error=invalid_token", V::refreshable},
      {"Bearer error='invalid_token'", V::refreshable},
      {"Bearer error=invalid_token; realm=x", V::refreshable},
  });
}

TEST(BearerChallenge, B7_MissingCommas) {
  expect_all({
      {R"(Bearer realm="x" error="invalid_token")", V::refreshable},
      {R"(Bearer realm="x"error="invalid_token")", V::refreshable},
      {R"(Bearer realm="x"; error="insufficient_scope")", V::insufficient_scope},
      // But no new challenge begins without one: that Bearer is named there is all that counts.
      {R"(Basic realm="x" Bearer error="insufficient_scope")", V::refreshable},
  });
}

TEST(BearerChallenge, B7_Token68) {
  expect_all({
      {"Basic YWJj==, Bearer error=\"invalid_token\"", V::refreshable},
      {"Negotiate YII/+~._-==  ,  Bearer error=invalid_token", V::refreshable},
      {"NTLM TlRMTVNTUAACAAAA", V::not_refreshable},
      {"Bearer abc, error=\"invalid_token\"", V::refreshable},
      {"Bearer error=", V::refreshable},
      {"Bearer error==", V::refreshable},
      {"Bearer error=,realm=x", V::refreshable},
      {"Negotiate error=, Bearer error=insufficient_scope", V::insufficient_scope},
  });
}

TEST(BearerChallenge, B7_SeveralFieldsJoined) {
  expect_all({
      {R"(Negotiate, NTLM, Basic realm="x", Bearer realm="api", error="insufficient_scope")",
       V::insufficient_scope},
      {R"(Digest realm="x", qop="auth, auth-int", nonce="n==", Bearer error="invalid_token")",
       V::refreshable},
      {R"(Bearer realm="a", Bearer realm="b", Bearer realm="c", error="invalid_token")",
       V::refreshable},
  });
}

TEST(BearerChallenge, B7_BytesThatBelongNowhere) {
  expect_all({
      {"\xff\xfe, Bearer error=\"insufficient_scope\"", V::insufficient_scope},
      {"=, Bearer error=\"insufficient_scope\"", V::insufficient_scope},
      {"=\"x, Bearer error=insufficient_scope\"", V::absent},
      {std::string_view("Bearer\0error=insufficient_scope", 31), V::insufficient_scope},
      {std::string_view("Bearer error=\0insufficient_scope", 32), V::refreshable},
      {std::string_view("Bearer error=\"insufficient_scope\0\"", 34), V::refreshable},
      {"(Bearer error=insufficient_scope)", V::refreshable},
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
  EXPECT_EQ(read_challenge(field(fits)), V::refreshable);
  EXPECT_EQ(read_challenge(field(fits + 1)), V::refreshable);
  EXPECT_EQ(read_challenge(field(1 << 22)), V::refreshable);
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
    const V meaning = read_challenge(field);
    if (field.find("insufficient_scope") == std::string::npos) {
      EXPECT_NE(meaning, V::insufficient_scope) << field;
    }
    std::string lower;
    for (const char c : field) lower += to_lower(c);
    if (lower.find("bearer") == std::string::npos) {
      EXPECT_TRUE(meaning == V::absent || meaning == V::not_refreshable) << field;
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
