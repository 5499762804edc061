// D1–D8, E2: no input crashes or is read past its end; what is told of a token (its parts, its
// times, its findings, or the first error with its place) is what base64url, JSON and RFC 7519 say;
// the three ways to read a token agree; a token put together from two JSON texts gives these texts.
#include <algorithm>
#include <set>

#include "formats/ascii.h"
#include "formats/base64url.h"
#include "formats/core_limits.h"
#include "formats/jwt.h"
#include "fuzz.h"
#include "members.h"

using namespace bearerkit;
using bearerkit::fuzz::Members;
using bearerkit::fuzz::require;

namespace {

bool same(const Error& a, const Error& b) {
  return a.code == b.code && a.part == b.part && a.offset == b.offset;
}

bool same(OptionalSeconds a, OptionalSeconds b) {
  return a.has_value() == b.has_value() && (!a.has_value() || a.seconds == b.seconds);
}

// One part of a token: its bytes, its members if it is to have any, its error.
struct Part {
  std::string bytes;
  Members members;
  Error error;
};

Part read_part(std::string_view text, TokenPart which) {
  Part part;
  part.bytes.resize(base64url_decoded_size(text.size()));
  const Result<std::size_t> size = base64url_decode(text, part.bytes.data());
  part.error = size.error();
  if (size.ok()) part.bytes.resize(*size);
  if (size.ok() && which != TokenPart::signature) {
    part.error = read_json_object(part.bytes, part.members);
  }
  if (part.error) part.error.part = which;
  return part;
}

const Members::Value* of_type(const Members& members, const std::string& name, JsonType type) {
  const Members::Value* value = members.find(name);
  return value != nullptr && value->type == type ? value : nullptr;
}

OptionalSeconds time_of(const Part& payload, const std::string& name) {
  const Members::Value* value = of_type(payload.members, name, JsonType::number);
  return value == nullptr ? OptionalSeconds{} : OptionalSeconds{value->number};
}

// E2: whether the error is that of a claim that is no number, and stands there.
bool is_bad_time(const Error& error, const Members& claims) {
  for (const char* name : {"exp", "nbf", "iat"}) {
    const Members::Value* value = claims.find(name);
    if (value == nullptr || value->type == JsonType::number) continue;
    if (error.offset == value->offset) return error.code == ErrorCode::invalid_numeric_date;
  }
  return false;
}

bool has_bad_time(const Members& claims) {
  for (const char* name : {"exp", "nbf", "iat"}) {
    if (claims.find(name) != nullptr && !of_type(claims, name, JsonType::number)) return true;
  }
  return false;
}

// D4: among the first 64.
bool has_twice(const std::vector<std::string>& names) {
  std::set<std::string> seen;
  for (std::size_t i = 0; i < names.size() && i < 64; i++) {
    if (!seen.insert(names[i]).second) return true;
  }
  return false;
}

std::uint32_t findings_of(const Members& header, const Members& claims, bool has_signature) {
  std::uint32_t findings = 0;
  const auto note = [&findings](JwtFinding finding, bool found) {
    if (found) findings |= static_cast<std::uint32_t>(finding);
  };
  const Members::Value* algorithm = of_type(header, "alg", JsonType::string);
  const bool none = algorithm != nullptr && equal_ignoring_case(algorithm->text, "none");
  note(JwtFinding::unsecured, none);
  note(JwtFinding::missing_algorithm, algorithm == nullptr);
  note(JwtFinding::critical_extension, header.find("crit") != nullptr);
  note(JwtFinding::duplicate_header_member, has_twice(header.names));
  note(JwtFinding::duplicate_claim, has_twice(claims.names));
  for (const char* name : {"jwk", "jku", "x5u", "x5c"}) {
    note(JwtFinding::key_in_header, header.find(name) != nullptr);
  }
  note(JwtFinding::missing_expiry, claims.find("exp") == nullptr);
  note(JwtFinding::signature_mismatch, algorithm != nullptr && none == has_signature);
  return findings;
}

void check_header(std::string_view token, const Error& error, std::string_view bytes) {
  const Result<Text> header = decode_protected_header(token);
  require(error ? same(header.error(), error) : header.ok() && *header == bytes);
}

void check_times(std::string_view token, const Error& error, const Part& payload) {
  const Result<TimeClaims> times = decode_time_claims(token);
  if (error) {
    require(same(times.error(), error));
  } else if (has_bad_time(payload.members)) {
    require(is_bad_time(times.error(), payload.members));
  } else {
    require(times.ok() && same(times->exp, time_of(payload, "exp")) &&
            same(times->nbf, time_of(payload, "nbf")) && same(times->iat, time_of(payload, "iat")));
  }
}

void check(std::string_view token) {
  DecodedJwt jwt;
  const Error error = decode_jwt(token, jwt);
  // D1, D6
  Error form;
  const auto dots = std::count(token.begin(), token.end(), '.');
  if (dots != 2) form.code = dots == 4 ? ErrorCode::encrypted : ErrorCode::malformed;
  if (token.size() > limits::kMaxTokenBytes) form.code = ErrorCode::too_large;
  if (form) {
    require(same(error, form));
    check_header(token, form, {});
    return check_times(token, form, {});
  }

  std::string_view rest = token;
  const Part header = read_part(fuzz::take_until(rest, '.'), TokenPart::header);
  const Part payload = read_part(fuzz::take_until(rest, '.'), TokenPart::payload);
  const Part signature = read_part(rest, TokenPart::signature);
  check_header(token, header.error, header.bytes);
  check_times(token, payload.error, payload);
  if (header.error) return require(same(error, header.error));
  if (payload.error) return require(same(error, payload.error));
  if (has_bad_time(payload.members)) {
    return require(error.part == TokenPart::payload && is_bad_time(error, payload.members));
  }
  if (signature.error) return require(same(error, signature.error));
  require(!error && jwt.header == header.bytes && jwt.payload == payload.bytes);
  require(jwt.signature_bytes == signature.bytes.size());
  require(same(jwt.times.exp, time_of(payload, "exp")) &&
          same(jwt.times.nbf, time_of(payload, "nbf")) &&
          same(jwt.times.iat, time_of(payload, "iat")));
  const bool has_signature = !signature.bytes.empty();
  require(jwt.findings == findings_of(header.members, payload.members, has_signature));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::Text text = fuzz::read_text(data, size, limits::kMaxTokenBytes + 64);
  check(text);
  // header | payload | signature: past the outer form at once.
  std::string_view rest = text;
  const std::string_view header = fuzz::take_until(rest, '|');
  const std::string_view payload = fuzz::take_until(rest, '|');
  const fuzz::Text token(fuzz::base64url_encode(header) + '.' + fuzz::base64url_encode(payload) +
                         '.' + fuzz::base64url_encode(rest));
  check(token);
  DecodedJwt jwt;
  if (!decode_jwt(token, jwt)) {
    require(jwt.header == header && jwt.payload == payload && jwt.signature_bytes == rest.size());
  }
  return 0;
}
