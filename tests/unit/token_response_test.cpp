// R3–R6, R8: token responses in both dialects, and what a failed refresh means.
#include "formats/token_response.h"

#include "core_test.h"
#include "formats/core_limits.h"

namespace bearerkit {

inline std::ostream& operator<<(std::ostream& out, Dialect dialect) {
  return out << (dialect == Dialect::oauth  ? "oauth"
                 : dialect == Dialect::json ? "json"
                                            : "unknown");
}

inline std::ostream& operator<<(std::ostream& out, RefreshCauseKind kind) {
  return out << static_cast<std::uint32_t>(kind);
}

inline std::ostream& operator<<(std::ostream& out, OAuthError error) {
  return out << static_cast<std::uint32_t>(error);
}

inline std::ostream& operator<<(std::ostream& out, RefreshFailure failure) {
  return out << (failure == RefreshFailure::final     ? "final"
                 : failure == RefreshFailure::unclear ? "unclear"
                                                      : "passing");
}

namespace {

Error error_of(std::string_view json) { return read_token_response(json, true).error(); }

using Flaw = TokenFlaw;

template <typename... Flaws>
std::uint32_t bits(Flaws... flaws) {
  return (0u | ... | static_cast<std::uint32_t>(flaws));
}

TokenResponse read(std::string_view json) {
  const Result<TokenResponse> response = read_token_response(json, true);
  EXPECT_EQ(response.error(), Error{}) << json;
  return *response;
}

// RFC 6749 §5.1's example.
TEST(TokenResponse, R3_OAuthDialect) {
  const TokenResponse response = read(R"({
       "access_token":"2YotnFZFEjr1zCsicMWpAA",
       "token_type":"example",
       "expires_in":3600,
       "refresh_token":"tGzv3JOkF0XG5Qx2TlKWIA",
       "example_parameter":"example_value",
       "token_type":"Bearer"
     })");
  EXPECT_EQ(response.access_token, "2YotnFZFEjr1zCsicMWpAA");
  EXPECT_EQ(response.refresh_token, "tGzv3JOkF0XG5Qx2TlKWIA");
  EXPECT_EQ(response.expires_in.seconds, 3600);
  EXPECT_EQ(response.dialect, Dialect::oauth);
}

TEST(TokenResponse, R3_JsonDialect) {
  const TokenResponse response =
      read(R"({"accessToken":"a.b.c","refreshToken":"r","expiresIn":900})");
  EXPECT_EQ(response.access_token, "a.b.c");
  EXPECT_EQ(response.refresh_token, "r");
  EXPECT_EQ(response.expires_in.seconds, 900);
  EXPECT_EQ(response.dialect, Dialect::json);
}

TEST(TokenResponse, R3_TheAccessTokenDecidesTheDialect) {
  EXPECT_EQ(read(R"({"accessToken":"a","refresh_token":"r","expires_in":1})").dialect,
            Dialect::json);
  EXPECT_EQ(read(R"({"refreshToken":"r","access_token":"a","expiresIn":1})").dialect,
            Dialect::oauth);
  EXPECT_EQ(read(R"({"accessToken":"a","access_token":"b"})").dialect, Dialect::oauth);
  EXPECT_EQ(read(R"({"accessToken":"a","access_token":null})").dialect, Dialect::json);
}

TEST(TokenResponse, R3_MixedSpellingsAreReadTogether) {
  const TokenResponse response = read(R"({"accessToken":"a","refresh_token":"r","expires_in":5})");
  EXPECT_EQ(response.access_token, "a");
  EXPECT_EQ(response.refresh_token, "r");
  EXPECT_EQ(response.expires_in.seconds, 5);
  EXPECT_EQ(read(R"({"accessToken":"a","access_token":"b"})").access_token, "b");
  EXPECT_EQ(read(R"({"access_token":"b","accessToken":"a"})").access_token, "b");
}

TEST(TokenResponse, R3_OfBothSpellingsTheOneThatCanBeUsedCounts) {
  const TokenResponse response = read(
      R"({"access_token":"","accessToken":"a","refresh_token":false,"refreshToken":"r",
          "expires_in":"soon","expiresIn":9,"token_type":"","tokenType":"bearer"})");
  EXPECT_EQ(response.access_token, "a");
  EXPECT_EQ(response.refresh_token, "r");
  EXPECT_EQ(response.expires_in.seconds, 9);
  EXPECT_EQ(response.dialect, Dialect::json);
  EXPECT_EQ(response.flaws, 0u);
}

TEST(TokenResponse, C1_WithoutTokensInCookieMode) {
  const auto read_cookie = [](std::string_view json) {
    const Result<TokenResponse> response = read_token_response(json, false);
    EXPECT_EQ(response.error(), Error{}) << json;
    return *response;
  };
  EXPECT_EQ(read_cookie("{}").dialect, Dialect::unknown);
  EXPECT_EQ(read_cookie("{}").access_token, "");
  EXPECT_FALSE(read_cookie("{}").expires_in.has_value());
  EXPECT_EQ(read_cookie(R"({"expiresIn":900})").dialect, Dialect::json);
  EXPECT_EQ(read_cookie(R"({"expires_in":900})").expires_in.seconds, 900);
  EXPECT_EQ(read_cookie(R"({"token_type":"bearer"})").dialect, Dialect::oauth);
  EXPECT_EQ(read_cookie(R"({"access_token":""})").access_token, "");
  // What plays no part is no reason to refuse the cookie's successor.
  const TokenResponse odd = read_cookie(
      R"({"access_token":"a b","refresh_token":false,"token_type":"DPoP","expires_in":60})");
  EXPECT_EQ(odd.access_token, "");
  EXPECT_EQ(odd.expires_in.seconds, 60);
  EXPECT_EQ(odd.flaws, 0u);
  EXPECT_EQ(read_cookie(R"({"access_token":5,"expiresIn":"soon"})").flaws, bits(Flaw::expires));
  EXPECT_EQ(read_token_response("[]", false).error().code, ErrorCode::not_an_object);
  EXPECT_EQ(read_token_response(R"({"error":"invalid_grant"})", false).error(),
            Error{ErrorCode::invalid_token_response});
  EXPECT_EQ(read_token_response(R"({"error":"slow_down","expires_in":5})", false).error(),
            Error{ErrorCode::invalid_token_response});
  for (const char* none : {"null", "false", "\"\"", "{}", "\"none\"", "\"x\""}) {
    EXPECT_EQ(read_cookie(std::string(R"({"expires_in":5,"error":)") + none + "}").flaws, 0u);
  }
}

TEST(TokenResponse, R4_NeedsANonEmptyAccessToken) {
  for (const char* json :
       {"{}", R"({"access_token":""})", R"({"access_token":null})", R"({"access_token":1})",
        R"({"access_token":["a"]})", R"({"access_token":{"value":"a"}})",
        R"({"access_token":true})", R"({"accessToken":""})", R"({"token":"a"})",
        R"({"Access_Token":"a"})", R"({"access_token":"a","access_token":null})",
        R"({"data":{"access_token":"a"}})"}) {
    EXPECT_EQ(error_of(json), Error{ErrorCode::invalid_token_response}) << json;
  }
}

TEST(TokenResponse, R4_NoJsonIsAnError) {
  EXPECT_EQ(error_of("").code, ErrorCode::invalid_json);
  EXPECT_EQ(error_of("<!DOCTYPE html><title>Sign in</title>").code, ErrorCode::invalid_json);
  EXPECT_EQ(error_of("access_token=a&expires_in=5").code, ErrorCode::invalid_json);
  EXPECT_EQ(error_of(R"({"access_token":"a")").code, ErrorCode::invalid_json);
  EXPECT_EQ(error_of("\"a\"").code, ErrorCode::not_an_object);
  EXPECT_EQ(error_of("null").code, ErrorCode::not_an_object);
  EXPECT_EQ(error_of("{\"access_token\":\"\xff\"}").code, ErrorCode::invalid_utf8);
  EXPECT_EQ(error_of(R"({"access_token":"a","expires_in":1e999})").code,
            ErrorCode::number_out_of_range);
  EXPECT_EQ(error_of(std::string(limits::kMaxResponseBytes + 1, ' ')), Error{ErrorCode::too_large});
}

TEST(TokenResponse, R4_TokenTypeIsBearerInAnyCase) {
  for (const std::string type : {"\"Bearer\"", "\"bearer\"", "\"BEARER\"", "null"}) {
    EXPECT_EQ(read(R"({"access_token":"a","token_type":)" + type + "}").access_token, "a");
    EXPECT_EQ(read(R"({"accessToken":"a","tokenType":)" + type + "}").access_token, "a");
  }
  for (const std::string type : {"\"mac\"", "\"DPoP\"", "\"N_A\"", "\" \"", "\"Bearer \""}) {
    EXPECT_EQ(error_of(R"({"access_token":"a","token_type":)" + type + "}"),
              Error{ErrorCode::unsupported_token_type})
        << type;
  }
}

// The server has just issued the tokens: they are worth more than what stands beside them.
TEST(TokenResponse, R4_AFlawBesideTheTokensIsNotedAndCountsAsAbsent) {
  const auto flawed = [](const std::string& members) {
    const TokenResponse response = read(R"({"access_token":"a",)" + members + "}");
    EXPECT_EQ(response.access_token, "a") << members;
    EXPECT_FALSE(response.expires_in.has_value()) << members;
    EXPECT_FALSE(response.expires_at.has_value()) << members;
    EXPECT_EQ(response.refresh_token, "") << members;
    return response.flaws;
  };
  for (const std::string value :
       {"-1", "-5", "-0.5", "\"-1\"", "\"\"", "\"soon\"", "\"15m\"", "\"3600s\"", "\" 3600\"",
        "\"1e999\"", "\"NaN\"", "\"Infinity\"", "\"0x10\"", "true", "false", "[3600]", "{}",
        "\"2026-11-25T21:05:19Z\"", "\"Wed, 25 Nov 2026 21:05:19 GMT\""}) {
    EXPECT_EQ(flawed("\"expires_in\":" + value), bits(Flaw::expires)) << value;
    EXPECT_EQ(flawed("\"expiresIn\":" + value), bits(Flaw::expires)) << value;
  }
  for (const std::string value :
       {"-1", "0", "\"\"", "\"soon\"", "\"15m\"", "\"2026-11-25\"", "\"2026-11-25T21:05:19\"",
        "true", "[]", "{}", "1764104719000", "\"1764104719000\"", "253402300800", "1e300",
        "\"0001-01-01T00:00:00Z\"", "\"1970-01-01T00:00:00Z\""}) {
    EXPECT_EQ(flawed("\"expires_at\":" + value), bits(Flaw::expires)) << value;
    EXPECT_EQ(flawed("\"expiresAt\":" + value), bits(Flaw::expires)) << value;
  }
  for (const std::string value : {"false", "true", "0", "1", "[\"r\"]", "{\"value\":\"r\"}"}) {
    EXPECT_EQ(flawed("\"refresh_token\":" + value), bits(Flaw::refresh_token)) << value;
    EXPECT_EQ(flawed("\"refreshToken\":" + value), bits(Flaw::refresh_token)) << value;
  }
  for (const std::string value : {"\"\"", "1", "false", "[\"Bearer\"]", "{}"}) {
    EXPECT_EQ(flawed("\"token_type\":" + value), bits(Flaw::token_type)) << value;
    EXPECT_EQ(flawed("\"tokenType\":" + value), bits(Flaw::token_type)) << value;
  }
  EXPECT_EQ(flawed(R"("expires_in":-5,"refresh_token":false,"token_type":"")"),
            bits(Flaw::expires, Flaw::refresh_token, Flaw::token_type));
}

TEST(TokenResponse, R4_WhatIsAbsentIsNoFlaw) {
  for (const std::string members :
       {R"("x":1)", R"("expires_in":null,"refresh_token":null,"token_type":null)",
        R"("refresh_token":"")", R"("refreshToken":"")", R"("expires_in":5,"expires_at":"soon")",
        R"("expires_in":null,"expiresIn":5)", R"("expires_in":-1,"expires_in":5)",
        R"("error":false,"expires":-1)"}) {
    EXPECT_EQ(read(R"({"access_token":"a",)" + members + "}").flaws, 0u) << members;
  }
}

TEST(TokenResponse, B3_TheAccessTokenIsVisibleAscii) {
  for (const char* json : {R"({"access_token":"a b"})", R"({"access_token":"a\r\nX: y"})",
                           R"({"access_token":"\u0000"})", R"({"access_token":"caf\u00e9"})",
                           R"({"access_token":" a"})", R"({"access_token":"a\ud83e"})",
                           R"({"access_token":"Bearer a"})"}) {
    EXPECT_EQ(error_of(json), Error{ErrorCode::invalid_access_token}) << json;
  }
  for (const char* token : {"1|Zq8xUfW2k", "123:abc", "a,b", "{a}", "v2.local.x=="}) {
    EXPECT_EQ(read(std::string(R"({"access_token":")") + token + "\"}").access_token, token);
  }
}

TEST(TokenResponse, R5_WithoutARefreshToken) {
  EXPECT_EQ(read(R"({"access_token":"a"})").refresh_token, "");
  EXPECT_EQ(read(R"({"access_token":"a","refresh_token":null})").refresh_token, "");
  EXPECT_EQ(read(R"({"access_token":"a","refresh_token":""})").refresh_token, "");
  // It goes into a body, not into a header: any text will do.
  EXPECT_EQ(read(R"({"access_token":"a","refresh_token":"r & \u00e9"})").refresh_token,
            "r & \xc3\xa9");
}

TEST(TokenResponse, E4_ExpiresIn) {
  const auto seconds = [](const std::string& value) {
    return read(R"({"access_token":"a","expires_in":)" + value + "}").expires_in;
  };
  EXPECT_EQ(seconds("3600").seconds, 3600);
  EXPECT_EQ(seconds("0").seconds, 0);
  EXPECT_EQ(seconds("3599.5").seconds, 3599.5);
  EXPECT_EQ(seconds("1e3").seconds, 1000);
  EXPECT_DOUBLE_EQ(seconds("1e300").seconds, 1e300);
  EXPECT_EQ(seconds("\"3600\"").seconds, 3600);
  EXPECT_EQ(seconds("\"3599.5\"").seconds, 3599.5);
  EXPECT_FALSE(seconds("null").has_value());
}

TEST(TokenResponse, E4_ExpiresAt) {
  const auto time = [](const std::string& value) {
    const TokenResponse response = read(R"({"access_token":"a","expires_at":)" + value + "}");
    EXPECT_FALSE(response.expires_in.has_value()) << value;
    EXPECT_EQ(response.flaws, 0u) << value;
    EXPECT_EQ(response.dialect, Dialect::oauth) << value;
    return response.expires_at.seconds;
  };
  EXPECT_EQ(time("1795640719"), 1795640719);
  EXPECT_EQ(time("1795640719.5"), 1795640719.5);
  EXPECT_EQ(time("\"1795640719\""), 1795640719);
  EXPECT_EQ(time("\"2026-11-25T21:05:19.000Z\""), 1795640719);
  EXPECT_EQ(time("\"2026-11-25T22:05:19+01:00\""), 1795640719);
  EXPECT_EQ(time("1"), 1);  // over long ago: the machine's to judge
  EXPECT_EQ(time("253402300799"), 253402300799);
  EXPECT_EQ(read(R"({"accessToken":"a","expiresAt":5})").expires_at.seconds, 5);
  EXPECT_FALSE(read(R"({"access_token":"a","expires_at":null})").expires_at.has_value());
}

TEST(TokenResponse, E4_ExpiresInGoesBeforeExpiresAt) {
  const TokenResponse both = read(R"({"access_token":"a","expires_at":7,"expires_in":5})");
  EXPECT_EQ(both.expires_in.seconds, 5);
  EXPECT_FALSE(both.expires_at.has_value());
  const TokenResponse flawed = read(R"({"access_token":"a","expires_at":7,"expires_in":-5})");
  EXPECT_FALSE(flawed.expires_in.has_value());
  EXPECT_EQ(flawed.expires_at.seconds, 7);
  EXPECT_EQ(flawed.flaws, bits(Flaw::expires));
}

TEST(TokenResponse, D4_TheLastDuplicateWins) {
  const TokenResponse response =
      read(R"({"access_token":1,"access_token":"a","expires_in":"x","expires_in":7})");
  EXPECT_EQ(response.access_token, "a");
  EXPECT_EQ(response.expires_in.seconds, 7);
}

TEST(TokenResponse, TheFirstErrorInTheDocumentedOrderIsTold) {
  EXPECT_EQ(error_of(R"({"access_token":5,"token_type":"mac","expires_in":-1})"),
            Error{ErrorCode::invalid_token_response});
  EXPECT_EQ(error_of(R"({"access_token":"a b","token_type":"mac"})"),
            Error{ErrorCode::unsupported_token_type});
}

TEST(TokenResponse, D7_ACutEmojiBesideTheTokensHarmsNothing) {
  const TokenResponse response =
      read(R"({"access_token":"a","refresh_token":"r","user":{"name":"Ada \ud83e"}})");
  EXPECT_EQ(response.access_token, "a");
  EXPECT_EQ(response.refresh_token, "r");
}

using E = OAuthError;
using K = RefreshCauseKind;

constexpr RefreshFailure kFinal = RefreshFailure::final;
constexpr RefreshFailure kUnclear = RefreshFailure::unclear;
constexpr RefreshFailure kPassing = RefreshFailure::passing;

struct FailureCase {
  std::uint32_t status;
  std::string body;
  RefreshFailure failure;
  RefreshCauseKind kind = RefreshCauseKind::status;
  OAuthError error = OAuthError::none;
};

void expect(const FailureCase& c) {
  const RefreshRefusal refusal = classify_refresh_failure(c.status, c.body);
  EXPECT_EQ(refusal.failure, c.failure) << c.status << " " << c.body;
  EXPECT_EQ(refusal.cause.kind, c.kind) << c.status << " " << c.body;
  EXPECT_EQ(refusal.cause.error, c.error) << c.status << " " << c.body;
  EXPECT_EQ(refusal.cause.status, c.status) << c.body;
}

struct Word {
  const char* code;
  OAuthError error;
};

std::string body_of(const Word& word) {
  return std::string(R"({"error":")") + word.code + R"(","error_description":"x"})";
}

constexpr std::uint32_t kAnswered[] = {200, 201, 299, 400, 401, 403, 404, 409, 422, 499};

TEST(RefreshFailure, R6_ErrorsThatEndASession) {
  for (const Word& word :
       {Word{"invalid_grant", E::invalid_grant},
        Word{"interaction_required", E::interaction_required},
        Word{"login_required", E::login_required}, Word{"consent_required", E::consent_required},
        Word{"mfa_required", E::mfa_required},
        Word{"account_selection_required", E::account_selection_required}}) {
    for (const std::uint32_t status : kAnswered) {
      expect({status, body_of(word), kFinal, K::oauth_error, word.error});
    }
  }
}

// A client that was set up wrongly, or a server: not the user's session.
TEST(RefreshFailure, R6_ErrorsThatTellOfTheClientAreUnclear) {
  for (const Word& word :
       {Word{"invalid_client", E::invalid_client}, Word{"invalid_scope", E::invalid_scope},
        Word{"unauthorized_client", E::unauthorized_client},
        Word{"unsupported_grant_type", E::unsupported_grant_type}}) {
    for (const std::uint32_t status : kAnswered) {
      expect({status, body_of(word), kUnclear, K::oauth_error, word.error});
    }
  }
}

TEST(RefreshFailure, R8_ErrorsThatPassByTheirName) {
  for (const Word& word : {Word{"server_error", E::server_error},
                           Word{"temporarily_unavailable", E::temporarily_unavailable},
                           Word{"slow_down", E::slow_down}}) {
    for (const std::uint32_t status : kAnswered) {
      expect({status, body_of(word), kPassing, K::oauth_error, word.error});
    }
  }
}

TEST(RefreshFailure, R6_OtherErrorsCountByTheirStatus) {
  for (const Word& word :
       {Word{"invalid_request", E::invalid_request}, Word{"access_denied", E::access_denied}}) {
    expect({200, body_of(word), kFinal, K::oauth_error, word.error});
    expect({401, body_of(word), kFinal, K::oauth_error, word.error});
    expect({400, body_of(word), kUnclear, K::oauth_error, word.error});
  }
  // D10: none that could hold a secret is told by its text. In a 200 it may say anything.
  for (const char* code : {"bad_refresh_token", "secret", "INVALID_GRANT", "invalid_grant ", "none",
                           "other", "invalid_gran"}) {
    const Word word{code, E::other};
    expect({200, body_of(word), kUnclear, K::oauth_error, E::other});
    expect({400, body_of(word), kUnclear, K::oauth_error, E::other});
    expect({401, body_of(word), kFinal, K::oauth_error, E::other});
  }
}

TEST(RefreshFailure, R8_StatusesThatPassWhateverTheySay) {
  for (const std::uint32_t status : {0u, 100u, 199u, 301u, 302u, 399u, 408u, 425u, 429u, 500u, 502u,
                                     503u, 504u, 599u, 600u, 4000u, 4294967295u}) {
    for (const char* body : {R"({"error":"invalid_grant"})", "", "{}", "<html>", "no"}) {
      expect({status, body, kPassing});
    }
  }
}

TEST(RefreshFailure, R8_HtmlPassesWhateverItsStatus) {
  for (const std::uint32_t status : kAnswered) {
    for (const char* body : {"<html>Sign in</html>", "<!DOCTYPE html>", " \r\n\t<html>", "<",
                             R"(<p>{"error":"invalid_grant"})", "<?xml version='1.0'?>"}) {
      expect({status, body, kPassing, K::not_json});
    }
  }
}

TEST(RefreshFailure, R6_A401WithAnythingButHtmlEndsTheSession) {
  for (const char* body : {"", " \r\n", "{}", R"({"message":"Unauthorized"})", R"("Unauthorized")",
                           "null", "[]", "Unauthorized", R"({"error":"invalid_grant")", "\xff",
                           R"({"error":["invalid_grant"]})", "x<html>"}) {
    expect({401, body, kFinal});
  }
  expect({401, std::string(1, '\0'), kFinal});
}

TEST(RefreshFailure, R6_Other4xxAreUnclear) {
  for (const std::uint32_t status : {400u, 402u, 403u, 404u, 405u, 410u, 422u, 499u}) {
    for (const char* body :
         {"", "{}", "Forbidden", R"({"errors":"invalid_grant"})", "error=invalid_grant",
          R"({"data":{"error":"invalid_grant"}})", R"("invalid_grant")", "invalid_grant",
          R"({"error":["invalid_grant"]})", R"({"error":{"code":"invalid_grant"}})",
          R"({"error":""})", R"({"error":null})", "\xef\xbb\xbf{\"error\":\"invalid_grant\"}"}) {
      expect({status, body, kUnclear});
    }
  }
}

TEST(RefreshFailure, R6_ASuccessWithoutATokenIsUnclear) {
  for (const char* body : {"{}", R"({"ok":false})", R"({"access_token":""})", "[]", "null",
                           R"({"access_token":"a b"})", R"({"token_type":"DPoP"})"}) {
    expect({200, body, kUnclear, K::no_access_token});
  }
  for (const char* body : {"", " ", "OK", R"({"access_token":"a")", "access_token=a", "\xff"}) {
    expect({200, body, kUnclear, K::not_json});
  }
}

TEST(RefreshFailure, D3_D4_TheErrorIsReadAsJsonIs) {
  const auto code = [](const char* body) {
    return classify_refresh_failure(400, body).cause.error;
  };
  EXPECT_EQ(code(R"({"error":"x","error":"invalid_grant"})"), E::invalid_grant);
  EXPECT_EQ(code(R"({"error":"invalid_grant","error":"x"})"), E::other);
  EXPECT_EQ(code(R"({"error":"invalid_grant","error":5})"), E::none);
  EXPECT_EQ(code(R"( { "error" : "invalid\u005fgrant" } )"), E::invalid_grant);
  // A description that its server cut inside an emoji.
  EXPECT_EQ(code(R"({"error":"invalid_grant","error_description":"no \ud83e"})"), E::invalid_grant);
}

TEST(RefreshFailure, R8_AnOversizedBodyPasses) {
  expect({401, std::string(limits::kMaxResponseBytes + 1, ' '), kPassing});
  expect({401, std::string(limits::kMaxResponseBytes, ' '), kFinal});
}

}  // namespace
}  // namespace bearerkit
