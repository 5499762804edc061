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

inline std::ostream& operator<<(std::ostream& out, RefreshFailure failure) {
  return out << (failure == RefreshFailure::terminal ? "terminal" : "transient");
}

namespace {

Error error_of(std::string_view json) { return read_token_response(json, true).error(); }

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
  EXPECT_EQ(read_token_response(R"({"access_token":"a b"})", false).error(),
            Error{ErrorCode::invalid_access_token});
  EXPECT_EQ(read_token_response("[]", false).error().code, ErrorCode::not_an_object);
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
  for (const std::string type : {"\"mac\"", "\"DPoP\"", "\"N_A\"", "\"\"", "\"Bearer \""}) {
    EXPECT_EQ(error_of(R"({"access_token":"a","token_type":)" + type + "}"),
              Error{ErrorCode::unsupported_token_type})
        << type;
  }
  EXPECT_EQ(error_of(R"({"access_token":"a","token_type":1})"),
            Error{ErrorCode::invalid_token_response});
}

TEST(TokenResponse, B3_TheAccessTokenIsAB64token) {
  for (const char* json : {R"({"access_token":"a b"})", R"({"access_token":"a\r\nX: y"})",
                           R"({"access_token":"\u0000"})", R"({"access_token":"caf\u00e9"})",
                           R"({"access_token":" a"})"}) {
    EXPECT_EQ(error_of(json), Error{ErrorCode::invalid_access_token}) << json;
  }
}

TEST(TokenResponse, R5_WithoutARefreshToken) {
  EXPECT_EQ(read(R"({"access_token":"a"})").refresh_token, "");
  EXPECT_EQ(read(R"({"access_token":"a","refresh_token":null})").refresh_token, "");
  EXPECT_EQ(read(R"({"access_token":"a","refresh_token":""})").refresh_token, "");
  EXPECT_EQ(error_of(R"({"access_token":"a","refresh_token":1})"),
            Error{ErrorCode::invalid_token_response});
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
  for (const std::string value :
       {"-1", "-0.5", "\"-1\"", "\"\"", "\"soon\"", "\"3600s\"", "\" 3600\"", "\"1e999\"",
        "\"NaN\"", "\"Infinity\"", "\"0x10\"", "true", "[3600]", "{}"}) {
    EXPECT_EQ(error_of(R"({"access_token":"a","expires_in":)" + value + "}"),
              Error{ErrorCode::invalid_token_response})
        << value;
  }
}

TEST(TokenResponse, D4_TheLastDuplicateWins) {
  const TokenResponse response =
      read(R"({"access_token":1,"access_token":"a","expires_in":"x","expires_in":7})");
  EXPECT_EQ(response.access_token, "a");
  EXPECT_EQ(response.expires_in.seconds, 7);
}

TEST(TokenResponse, TheFirstErrorInTheDocumentedOrderIsTold) {
  EXPECT_EQ(error_of(R"({"access_token":"a b","token_type":"mac","expires_in":-1})"),
            Error{ErrorCode::invalid_token_response});
  EXPECT_EQ(error_of(R"({"access_token":"a b","token_type":"mac"})"),
            Error{ErrorCode::unsupported_token_type});
}

struct FailureCase {
  std::uint32_t status;
  std::string_view body;
  RefreshFailure failure;
};

constexpr RefreshFailure kTerminal = RefreshFailure::terminal;
constexpr RefreshFailure kTransient = RefreshFailure::transient;

TEST(RefreshFailure, R6_TerminalOAuthErrors) {
  for (const std::string code : {"invalid_grant", "invalid_client", "unauthorized_client",
                                 "unsupported_grant_type", "invalid_scope"}) {
    const std::string body = R"({"error":")" + code + R"(","error_description":"x"})";
    for (const std::uint32_t status : {400u, 401u, 403u, 404u, 409u, 422u, 499u}) {
      EXPECT_EQ(classify_refresh_failure(status, body), kTerminal) << status << body;
    }
    for (const std::uint32_t status :
         {0u, 200u, 302u, 399u, 408u, 425u, 429u, 500u, 502u, 503u, 504u, 599u, 4000u}) {
      EXPECT_EQ(classify_refresh_failure(status, body), kTransient) << status << body;
    }
  }
}

TEST(RefreshFailure, R6_R8_TheTable) {
  const FailureCase cases[] = {
      // 401: the endpoint itself says no, in JSON or without a word.
      {401, "", kTerminal},
      {401, " \r\n", kTerminal},
      {401, "{}", kTerminal},
      {401, R"({"message":"Unauthorized"})", kTerminal},
      {401, R"({"error":"temporarily_unavailable"})", kTerminal},
      {401, R"("Unauthorized")", kTerminal},
      {401, "null", kTerminal},
      {401, "[]", kTerminal},
      // A proxy or a captive portal speaks otherwise.
      {401, "<html>Sign in</html>", kTransient},
      {401, "Unauthorized", kTransient},
      {401, R"({"error":"invalid_grant")", kTransient},
      {401, "\xff", kTransient},
      {401, std::string_view("\0", 1), kTransient},
      // Other client errors only by their code.
      {400, "", kTransient},
      {400, "{}", kTransient},
      {400, R"({"error":"invalid_request"})", kTransient},
      {400, R"({"error":"server_error"})", kTransient},
      {400, R"({"error":"INVALID_GRANT"})", kTransient},
      {400, R"({"error":"invalid_grant "})", kTransient},
      {400, R"({"error":["invalid_grant"]})", kTransient},
      {400, R"({"error":{"code":"invalid_grant"}})", kTransient},
      {400, R"({"errors":"invalid_grant"})", kTransient},
      {400, R"({"data":{"error":"invalid_grant"}})", kTransient},
      {400, R"("invalid_grant")", kTransient},
      {400, "error=invalid_grant", kTransient},
      {400, "invalid_grant", kTransient},
      {400, R"({"error":"x","error":"invalid_grant"})", kTerminal},
      {400, R"({"error":"invalid_grant","error":"x"})", kTransient},
      {400, R"( { "error" : "invalid\u005fgrant" } )", kTerminal},
      {400, "\xef\xbb\xbf{\"error\":\"invalid_grant\"}", kTransient},
      {403, "{}", kTransient},
      {403, "<html>", kTransient},
      {404, "", kTransient},
      // Try again later, whatever the body is.
      {408, "", kTransient},
      {425, "{}", kTransient},
      {429, R"({"error":"invalid_client"})", kTransient},
      {500, "", kTransient},
      {503, R"({"error":"invalid_grant"})", kTransient},
      {0, "", kTransient},
  };
  for (const FailureCase& c : cases) {
    EXPECT_EQ(classify_refresh_failure(c.status, c.body), c.failure) << c.status << " " << c.body;
  }
}

TEST(RefreshFailure, R8_AnOversizedBodyIsTransient) {
  EXPECT_EQ(classify_refresh_failure(401, std::string(limits::kMaxResponseBytes + 1, ' ')),
            kTransient);
  EXPECT_EQ(classify_refresh_failure(401, std::string(limits::kMaxResponseBytes, ' ')), kTerminal);
}

}  // namespace
}  // namespace bearerkit
