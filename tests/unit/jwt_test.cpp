// D1–D8 and E2: tokens taken apart (RFC 7515, RFC 7519).
#include "formats/jwt.h"

#include "core_test.h"
#include "formats/core_limits.h"

namespace bearerkit {
namespace {

using test::base64url_encode;
using test::Random;
using test::repeat;

constexpr std::string_view kHs256 = R"({"alg":"HS256"})";

// RFC 7515 appendix A.1 and RFC 7519 §3.1, the same token.
constexpr std::string_view kRfcHeader = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9";
constexpr std::string_view kRfcPayload =
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlf"
    "Q";
constexpr std::string_view kRfcSignature = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

std::string join(std::string_view header, std::string_view payload, std::string_view signature) {
  return std::string(header) + "." + std::string(payload) + "." + std::string(signature);
}

// A token of these JSON texts; "c2ln" is "sig".
std::string token_of(std::string_view header, std::string_view payload,
                     std::string_view signature = "c2ln") {
  return join(base64url_encode(header), base64url_encode(payload), signature);
}

std::string with_payload(std::string_view payload) { return token_of(kHs256, payload); }

Result<DecodedJwt> decode_jwt(std::string_view token) {
  DecodedJwt jwt;
  if (const Error error = bearerkit::decode_jwt(token, jwt)) return error;
  return jwt;
}

Error error_of(std::string_view token) { return decode_jwt(token).error(); }

Error error_at(ErrorCode code, TokenPart part, std::size_t offset) {
  return Error{code, part, static_cast<std::uint32_t>(offset)};
}

std::uint32_t findings_of(std::string_view header, std::string_view payload,
                          std::string_view signature = "c2ln") {
  const Result<DecodedJwt> jwt = decode_jwt(token_of(header, payload, signature));
  EXPECT_EQ(jwt.error(), Error{}) << header << payload;
  return jwt->findings;
}

constexpr std::uint32_t bits(JwtFinding finding) { return static_cast<std::uint32_t>(finding); }
constexpr std::uint32_t bits(JwtFinding a, JwtFinding b) { return bits(a) | bits(b); }

TEST(Jwt, Rfc7515A1) {
  const Result<DecodedJwt> jwt = decode_jwt(join(kRfcHeader, kRfcPayload, kRfcSignature));
  EXPECT_EQ(jwt.error(), Error{});
  EXPECT_EQ(jwt->header, "{\"typ\":\"JWT\",\r\n \"alg\":\"HS256\"}");
  EXPECT_EQ(jwt->payload,
            "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}");
  EXPECT_EQ(jwt->signature_bytes, 32u);
  EXPECT_EQ(jwt->times.exp.seconds, 1300819380);
  EXPECT_FALSE(jwt->times.nbf.has_value());
  EXPECT_FALSE(jwt->times.iat.has_value());
  EXPECT_EQ(jwt->findings, 0u);
}

TEST(Jwt, Rfc7519Section61Unsecured) {
  const Result<DecodedJwt> jwt = decode_jwt(join("eyJhbGciOiJub25lIn0", kRfcPayload, ""));
  EXPECT_EQ(jwt.error(), Error{});
  EXPECT_EQ(jwt->header, R"({"alg":"none"})");
  EXPECT_EQ(jwt->signature_bytes, 0u);
  EXPECT_EQ(jwt->findings, bits(JwtFinding::unsecured));
}

TEST(Jwt, D1_ThreePartsFiveOrMalformed) {
  const Error malformed{ErrorCode::malformed};
  const Error encrypted{ErrorCode::encrypted};
  for (const char* token :
       {"", "x", "opaque-token", ".", "a.b", "a.b.c.d", "...", "a.b.c.d.e.f", ".....", "......"}) {
    EXPECT_EQ(error_of(token), malformed) << token;
    EXPECT_EQ(decode_protected_header(token).error(), malformed) << token;
    EXPECT_EQ(decode_time_claims(token).error(), malformed) << token;
  }
  for (const char* token : {"....", "a.b.c.d.e", "eyJhbGciOiJkaXIifQ..aXY.dGV4dA.dGFn"}) {
    EXPECT_EQ(error_of(token), encrypted) << token;
    EXPECT_EQ(decode_protected_header(token).error(), encrypted) << token;
    EXPECT_EQ(decode_time_claims(token).error(), encrypted) << token;
  }
  EXPECT_EQ(error_of(std::string(1000000, '.')), malformed);
}

TEST(Jwt, D2_NamesThePartAndTheOffset) {
  const std::string header = base64url_encode(kHs256);
  const std::string payload = base64url_encode(R"({"exp":1})");
  const auto bad = [](TokenPart part, std::size_t offset) {
    return error_at(ErrorCode::invalid_base64url, part, offset);
  };
  EXPECT_EQ(error_of(join("e+J" + header, payload, "")), bad(TokenPart::header, 1));
  EXPECT_EQ(error_of(join(header + "=", payload, "")), bad(TokenPart::header, header.size()));
  EXPECT_EQ(error_of(join(header, payload.substr(0, 4) + "\n" + payload, "")),
            bad(TokenPart::payload, 4));
  EXPECT_EQ(error_of(join(header, payload, "AAAA/")), bad(TokenPart::signature, 4));
  EXPECT_EQ(error_of(join(header, payload, "AB")), bad(TokenPart::signature, 1));
  EXPECT_EQ(error_of(join(header, payload, "A")), bad(TokenPart::signature, 0));
  EXPECT_EQ(error_of(join(header, payload, "AA\xc3\xa9")), bad(TokenPart::signature, 2));
  EXPECT_EQ(error_of(" " + join(header, payload, "")), bad(TokenPart::header, 0));
  EXPECT_EQ(error_of(join(header, payload, "AAAA ")), bad(TokenPart::signature, 4));
  EXPECT_EQ(error_of("Bearer " + join(header, payload, "")), bad(TokenPart::header, 6));
  EXPECT_EQ(error_of(join(header, payload, std::string_view("AA\0A", 4))),
            bad(TokenPart::signature, 2));
}

TEST(Jwt, D3_EmptyPartsAreNoJson) {
  EXPECT_EQ(error_of(".."), error_at(ErrorCode::invalid_json, TokenPart::header, 0));
  EXPECT_EQ(error_of(join("", kRfcPayload, kRfcSignature)),
            error_at(ErrorCode::invalid_json, TokenPart::header, 0));
  EXPECT_EQ(error_of(join(kRfcHeader, "", kRfcSignature)),
            error_at(ErrorCode::invalid_json, TokenPart::payload, 0));
}

TEST(Jwt, D3_HeaderAndPayloadAreUtf8JsonObjects) {
  struct Case {
    std::string_view json;
    ErrorCode code;
    std::size_t offset;
  };
  const Case cases[] = {
      {"[]", ErrorCode::not_an_object, 0},
      {"null", ErrorCode::not_an_object, 0},
      {"1", ErrorCode::not_an_object, 0},
      {"\"x\"", ErrorCode::not_an_object, 0},
      {"{}x", ErrorCode::invalid_json, 2},
      {std::string_view("{}\0", 3), ErrorCode::invalid_json, 2},
      {"\xef\xbb\xbf{}", ErrorCode::invalid_json, 0},
      {"{\"a\":}", ErrorCode::invalid_json, 5},
      {"{\"a\":\"\xc0\xaf\"}", ErrorCode::invalid_utf8, 6},
      {"{\"a\":\"\xed\xa0\xbd\"}", ErrorCode::invalid_utf8, 6},
      {R"({"a":"\ud83"})", ErrorCode::invalid_json, 11},
      {"{\"a\":1e999}", ErrorCode::number_out_of_range, 5},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(error_of(token_of(c.json, "{}")), error_at(c.code, TokenPart::header, c.offset))
        << c.json;
    EXPECT_EQ(decode_protected_header(token_of(c.json, "{}")).error(),
              error_at(c.code, TokenPart::header, c.offset));
    EXPECT_EQ(error_of(with_payload(c.json)), error_at(c.code, TokenPart::payload, c.offset))
        << c.json;
    EXPECT_EQ(decode_time_claims(with_payload(c.json)).error(),
              error_at(c.code, TokenPart::payload, c.offset));
  }
}

// JSON.parse makes the objects: it is given the text as it stands in the token.
TEST(Jwt, D7_ALoneSurrogateIsDecodedAsItWasWritten) {
  const std::string json = R"({"\ud83e":"\udd8a","exp":5})";
  DecodedJwt jwt;
  EXPECT_EQ(decode_jwt(token_of(json, json), jwt), Error{});
  EXPECT_EQ(jwt.header, json);
  EXPECT_EQ(jwt.payload, json);
  EXPECT_EQ(jwt.times.exp.seconds, 5);
  EXPECT_EQ(*decode_protected_header(token_of(json, "{}")), json);
}

TEST(Jwt, TheFirstErrorFromLeftToRightIsTold) {
  EXPECT_EQ(error_of("!.!.!"), error_at(ErrorCode::invalid_base64url, TokenPart::header, 0));
  EXPECT_EQ(error_of(join(base64url_encode("[]"), "!", "!")),
            error_at(ErrorCode::not_an_object, TokenPart::header, 0));
  EXPECT_EQ(error_of(join(kRfcHeader, base64url_encode("[]"), "!")),
            error_at(ErrorCode::not_an_object, TokenPart::payload, 0));
  EXPECT_EQ(error_of(token_of(kHs256, R"({"exp":"x"})", "!")),
            error_at(ErrorCode::invalid_numeric_date, TokenPart::payload, 7));
}

TEST(Jwt, D4_TheLastDuplicateWins) {
  const Result<DecodedJwt> jwt =
      decode_jwt(token_of(R"({"alg":"none","alg":"RS256"})", R"({"exp":1,"sub":"a","exp":2})"));
  EXPECT_EQ(jwt.error(), Error{});
  EXPECT_EQ(jwt->times.exp.seconds, 2);
  EXPECT_EQ(jwt->findings, bits(JwtFinding::duplicate_header_member, JwtFinding::duplicate_claim));
  // So does the last type.
  EXPECT_EQ(decode_time_claims(with_payload(R"({"exp":"x","exp":5})"))->exp.seconds, 5);
  EXPECT_EQ(decode_time_claims(with_payload(R"({"exp":5,"exp":"x"})")).error(),
            error_at(ErrorCode::invalid_numeric_date, TokenPart::payload, 15));
  EXPECT_EQ(decode_time_claims(with_payload(R"({"exp":1,"\u0065xp":9})"))->exp.seconds, 9);
}

TEST(Jwt, D4_DuplicatesAreFoundByTheirDecodedNames) {
  EXPECT_EQ(findings_of(kHs256, R"({"exp":1,"\u0065xp":1})"), bits(JwtFinding::duplicate_claim));
  EXPECT_EQ(findings_of(kHs256, R"({"exp":1,"Exp":1,"":0})"), 0u);
  EXPECT_EQ(findings_of(kHs256, R"({"exp":1,"":0,"":0})"), bits(JwtFinding::duplicate_claim));
  EXPECT_EQ(findings_of(kHs256, R"({"exp":1,"a":{"exp":1,"x":1,"x":2}})"), 0u);
}

TEST(Jwt, D5_PrototypeNamesArePlainData) {
  const Result<DecodedJwt> jwt =
      decode_jwt(with_payload(R"({"exp":1,"__proto__":{"exp":2},"constructor":{"exp":3}})"));
  EXPECT_EQ(jwt.error(), Error{});
  EXPECT_EQ(jwt->times.exp.seconds, 1);
  EXPECT_EQ(jwt->payload, R"({"exp":1,"__proto__":{"exp":2},"constructor":{"exp":3}})");
}

TEST(Jwt, D6_SizeCap) {
  const std::string head = join(kRfcHeader, kRfcPayload, "");
  std::string token = head + std::string(limits::kMaxTokenBytes - head.size(), 'A');
  ASSERT_EQ(token.size(), limits::kMaxTokenBytes);
  token.resize(token.size() - (token.size() - head.size()) % 4);
  EXPECT_EQ(error_of(token), Error{});
  token += std::string(limits::kMaxTokenBytes + 1 - token.size(), 'A');
  EXPECT_EQ(error_of(token), Error{ErrorCode::too_large});
  EXPECT_EQ(decode_protected_header(token).error(), Error{ErrorCode::too_large});
  EXPECT_EQ(decode_time_claims(token).error(), Error{ErrorCode::too_large});
  EXPECT_EQ(error_of(std::string(8 * limits::kMaxTokenBytes, '.')), Error{ErrorCode::too_large});
}

TEST(Jwt, D6_APayloadOfNearlyAMebibyte) {
  const std::string payload = "{\"exp\":1,\"x\":\"" + std::string(700000, 'x') + "\"}";
  const Result<DecodedJwt> jwt = decode_jwt(with_payload(payload));
  EXPECT_EQ(jwt.error(), Error{});
  EXPECT_EQ(jwt->payload, payload);
}

TEST(Jwt, D6_ManyMembersAreNoProblem) {
  std::string payload = "{\"exp\":1";
  for (int i = 0; i < 60000; i++) payload += ",\"" + std::to_string(i) + "\":0";
  EXPECT_EQ(findings_of(kHs256, payload + "}"), 0u);
  // Noticed among the first members only (D4: which of them counts hangs on no finding).
  EXPECT_EQ(findings_of(kHs256, R"({"exp":1,"a":0,"b":0,"a":1})"),
            bits(JwtFinding::duplicate_claim));
}

TEST(Jwt, D6_NestingCap) {
  const auto nested = [](std::size_t depth) {
    return "{\"a\":" + repeat("[", depth - 1) + repeat("]", depth - 1) + "}";
  };
  EXPECT_EQ(error_of(with_payload(nested(256))), Error{});
  EXPECT_EQ(error_of(with_payload(nested(257))),
            error_at(ErrorCode::too_deep, TokenPart::payload, 5 + 255));
  EXPECT_EQ(error_of(with_payload(nested(100000))),
            error_at(ErrorCode::too_deep, TokenPart::payload, 5 + 255));
  EXPECT_EQ(error_of(token_of(nested(100000), "{}")),
            error_at(ErrorCode::too_deep, TokenPart::header, 5 + 255));
}

TEST(Jwt, D7_NonAsciiClaims) {
  const std::string payload = "{\"name\":\"Jos\xc3\xa9 \xf0\x9f\xa6\x8a \xe6\x9d\x8e\"}";
  const Result<DecodedJwt> jwt = decode_jwt(with_payload(payload));
  EXPECT_EQ(jwt.error(), Error{});
  EXPECT_EQ(jwt->payload, payload);
}

TEST(Jwt, D8_Findings) {
  using F = JwtFinding;
  constexpr std::string_view kExp = R"({"exp":1})";
  EXPECT_EQ(findings_of(R"({"alg":"none"})", kExp, ""), bits(F::unsecured));
  EXPECT_EQ(findings_of(R"({"alg":"NonE"})", kExp, ""), bits(F::unsecured));
  EXPECT_EQ(findings_of(R"({"alg":"none"})", kExp), bits(F::unsecured, F::signature_mismatch));
  EXPECT_EQ(findings_of(R"({"alg":"ES256"})", kExp, ""), bits(F::signature_mismatch));
  EXPECT_EQ(findings_of(R"({"alg":"none "})", kExp), 0u);
  EXPECT_EQ(findings_of("{}", kExp), bits(F::missing_algorithm));
  EXPECT_EQ(findings_of("{}", kExp, ""), bits(F::missing_algorithm));
  EXPECT_EQ(findings_of(R"({"alg":1})", kExp), bits(F::missing_algorithm));
  EXPECT_EQ(findings_of(R"({"alg":null})", kExp), bits(F::missing_algorithm));
  EXPECT_EQ(findings_of(R"({"alg":"none","alg":5})", kExp),
            bits(F::missing_algorithm, F::duplicate_header_member));
  EXPECT_EQ(findings_of(R"({"alg":"RS256","crit":["b64"]})", kExp), bits(F::critical_extension));
  EXPECT_EQ(findings_of(R"({"alg":"RS256","crit":null})", kExp), bits(F::critical_extension));
  for (const std::string name : {"jwk", "jku", "x5u", "x5c"}) {
    EXPECT_EQ(findings_of(R"({"alg":"RS256",")" + name + R"(":{}})", kExp), bits(F::key_in_header));
  }
  EXPECT_EQ(findings_of(R"({"alg":"RS256","kid":"jwk","typ":"at+jwt"})", kExp), 0u);
  EXPECT_EQ(findings_of(kHs256, "{}"), bits(F::missing_expiry));
  EXPECT_EQ(findings_of(kHs256, R"({"EXP":1})"), bits(F::missing_expiry));
}

TEST(Jwt, E1_TimesMayHaveFractionsAndAnySize) {
  const Result<TimeClaims> times =
      decode_time_claims(with_payload(R"({"iat":-1.5,"nbf":1300819380.25,"exp":1e300})"));
  EXPECT_EQ(times.error(), Error{});
  EXPECT_EQ(times->iat.seconds, -1.5);
  EXPECT_EQ(times->nbf.seconds, 1300819380.25);
  EXPECT_DOUBLE_EQ(times->exp.seconds, 1e300);
}

TEST(Jwt, E2_TimesOfAnotherTypeAreErrors) {
  for (const std::string name : {"exp", "nbf", "iat"}) {
    for (const std::string value :
         {"\"1300819380\"", "null", "true", "false", "[1]", "{\"x\":1}", "\"\""}) {
      const std::string payload = "{\"sub\":\"x\", \"" + name + "\" : " + value + "}";
      const Error error = error_at(ErrorCode::invalid_numeric_date, TokenPart::payload, 20);
      EXPECT_EQ(error_of(with_payload(payload)), error) << payload;
      EXPECT_EQ(decode_time_claims(with_payload(payload)).error(), error) << payload;
    }
    EXPECT_EQ(error_of(with_payload("{\"" + name + "\":1e400}")),
              error_at(ErrorCode::number_out_of_range, TokenPart::payload, 7));
  }
  // Nested ones are no time claims.
  EXPECT_EQ(error_of(with_payload(R"({"a":{"exp":"x"}})")), Error{});
  // In a header neither.
  EXPECT_EQ(error_of(token_of(R"({"alg":"HS256","exp":"x"})", "{}")), Error{});
}

TEST(Jwt, DecodeProtectedHeaderLooksAtTheHeaderOnly) {
  EXPECT_EQ(*decode_protected_header(join(kRfcHeader, "!", "!")),
            "{\"typ\":\"JWT\",\r\n \"alg\":\"HS256\"}");
  EXPECT_EQ(*decode_protected_header(join(kRfcHeader, "", "")),
            "{\"typ\":\"JWT\",\r\n \"alg\":\"HS256\"}");
}

TEST(Jwt, DecodeTimeClaimsLooksAtThePayloadOnly) {
  EXPECT_EQ(decode_time_claims(join("!", kRfcPayload, "!"))->exp.seconds, 1300819380);
  EXPECT_EQ(decode_time_claims(join("", kRfcPayload, ""))->exp.seconds, 1300819380);
}

// D6: thousands of broken tokens, and the next good one is read as before. What both decode_jwt
// and decode_time_claims take, they take alike.
TEST(Jwt, D6_MutatedTokensNeverCrash) {
  const std::string seed = join(kRfcHeader, kRfcPayload, kRfcSignature);
  Random random(2718);
  int good = 0;
  for (int i = 0; i < 20000; i++) {
    std::string token = seed;
    for (std::size_t changes = 1 + random.below(3); changes > 0 && !token.empty(); changes--) {
      const std::size_t at = random.below(token.size());
      switch (random.below(5)) {
        case 0:
          token[at] = random.byte();
          break;
        case 1:
          token[at] = kRfcPayload[random.below(kRfcPayload.size())];
          break;
        case 2:
          token.erase(at, 1 + random.below(4));
          break;
        case 3:
          token.insert(at, 1, ".=A-_"[random.below(5)]);
          break;
        default:
          token.resize(at);
          break;
      }
    }
    const Result<DecodedJwt> jwt = decode_jwt(token);
    const Result<TimeClaims> times = decode_time_claims(token);
    EXPECT_LE(jwt.error().offset, token.size());
    if (jwt) {
      good++;
      EXPECT_EQ(times.error(), Error{});
      EXPECT_EQ(jwt->times.exp.has_value(), times->exp.has_value());
    } else if (jwt.error().part != TokenPart::header && jwt.error().part != TokenPart::signature) {
      EXPECT_EQ(times.error(), jwt.error());
    }
  }
  EXPECT_GT(good, 100);
  EXPECT_EQ(error_of(seed), Error{});
}

// The same with the JSON mutated and the token around it whole.
TEST(Jwt, D6_MutatedClaimsNeverCrash) {
  const std::string seed = R"({"exp":1300819380,"nbf":1.5e9,"iat":0,"sub":"\u00e9","a":[{}]})";
  Random random(3141);
  for (int i = 0; i < 20000; i++) {
    std::string payload = seed;
    payload[random.below(payload.size())] = random.byte();
    payload[random.below(payload.size())] = "{}[]\",:0e-"[random.below(10)];
    const Result<DecodedJwt> jwt = decode_jwt(with_payload(payload));
    EXPECT_TRUE(jwt || jwt.error().part == TokenPart::payload);
    EXPECT_LE(jwt.error().offset, payload.size());
  }
}

}  // namespace
}  // namespace bearerkit
