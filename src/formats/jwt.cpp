#include "formats/jwt.h"

#include <cstddef>
#include <cstdint>
#include <iterator>

#include "formats/ascii.h"
#include "formats/base64url.h"
#include "formats/core_limits.h"
#include "formats/hash.h"
#include "formats/json_reader.h"
#include "formats/words.h"

namespace bearerkit {
namespace {

struct Parts {
  std::string_view header;
  std::string_view payload;
  std::string_view signature;
};

Error in_part(TokenPart part, Error error) {
  error.part = part;
  return error;
}

// RFC 7515 §7.1: three parts with two dots between them; RFC 7516 §7.1: five, encrypted.
Result<Parts> split(std::string_view token) {
  if (token.size() > limits::kMaxTokenBytes) return Error{ErrorCode::too_large};
  std::size_t dots[2] = {0, 0};
  std::size_t count = 0;
  for (std::size_t at = token.find('.'); at != std::string_view::npos && count <= 4;
       at = token.find('.', at + 1)) {
    if (count < 2) dots[count] = at;
    count++;
  }
  if (count == 4) return Error{ErrorCode::encrypted};
  if (count != 2) return Error{ErrorCode::malformed};
  return Parts{token.substr(0, dots[0]), token.substr(dots[0] + 1, dots[1] - dots[0] - 1),
               token.substr(dots[1] + 1)};
}

// The bytes of a part.
Error decode_part(std::string_view text, TokenPart part, Text& out) {
  char* const bytes = out.resize(base64url_decoded_size(text.size()));
  const Result<std::size_t> size = base64url_decode(text, bytes);
  if (!size) return in_part(part, size.error());
  out.resize(*size);
  return {};
}

// The bytes of a part, and its JSON to `visitor`.
Error read_part(std::string_view text, TokenPart part, Text& out, JsonMemberVisitor& visitor) {
  if (const Error error = decode_part(text, part, out)) return error;
  const Error error = read_json_object(out, visitor);
  return error ? in_part(part, error) : error;
}

// Of a token of which nothing else is read.
Error read_payload(std::string_view token, Text& out, JsonMemberVisitor& visitor) {
  const Result<Parts> parts = split(token);
  return parts ? read_part(parts->payload, TokenPart::payload, out, visitor) : parts.error();
}

class NoVisitor final : public JsonMemberVisitor {
 public:
  void member(const JsonMember& /*member*/) override {}
};

// exp, nbf and iat. Of duplicates the last counts, a wrong type before it does not (D4).
class TimesVisitor final : public JsonMemberVisitor {
 public:
  void member(const JsonMember& m) override {
    const std::size_t place = place_of(m.name, "exp nbf iat");
    if (place != kNoWord) claims_[place].set(m);
  }

  Result<TimeClaims> result() const {
    for (const Claim& claim : claims_) {
      if (claim.wrong_type) {
        return Error{ErrorCode::invalid_numeric_date, TokenPart::payload, claim.offset};
      }
    }
    return TimeClaims{claims_[0].value, claims_[1].value, claims_[2].value};
  }

 private:
  struct Claim {
    OptionalSeconds value;
    bool wrong_type = false;
    std::uint32_t offset = 0;

    void set(const JsonMember& m) {
      wrong_type = m.type != JsonType::number;
      value = wrong_type ? OptionalSeconds{} : OptionalSeconds{m.number};
      offset = m.offset;
    }
  };

  Claim claims_[3];
};

// A number as it is written: a double would make one of two large ones.
std::string_view number_at(std::string_view json, std::size_t offset) {
  return json.substr(offset, json.find_first_not_of("+-.0123456789Ee", offset) - offset);
}

// Whose token it is: iss and sub. Of duplicates the last counts (D4).
class IdentityVisitor final : public JsonMemberVisitor {
 public:
  TimesVisitor times;

  explicit IdentityVisitor(const Text& payload) : payload_(payload) {}

  void member(const JsonMember& m) override {
    times.member(m);
    const std::size_t place = place_of(m.name, "iss sub");
    if (place == kNoWord) return;
    std::uint64_t hash = 0;
    if (m.type == JsonType::string) hash = hash_of(m.text);
    // RFC 7519 §4.1.2 wants a string. Many servers write the number of a row.
    if (m.type == JsonType::number) hash = hash_of(number_at(payload_, m.offset));
    (place == 0 ? issuer_ : subject_) = hash;
  }

  std::uint64_t identity() const {
    return subject_ == 0 ? 0 : (issuer_ * 31 ^ subject_) | 1;  // never 0
  }

 private:
  const Text& payload_;
  std::uint64_t issuer_ = 0;
  std::uint64_t subject_ = 0;
};

// Notices names that come twice among the first 64 of an object: without an allocation, and
// whatever names somebody has chosen, not slow. What is compared are hashes of 64 bits; the finding
// is for a person to look at (D4), nothing hangs on it.
class Names {
 public:
  void add(std::string_view name) {
    if (count_ == std::size(seen_)) return;
    const std::uint64_t hash = hash_of(name);
    for (std::size_t i = 0; i < count_; i++) duplicate_ |= seen_[i] == hash;
    seen_[count_++] = hash;
  }
  bool duplicate() const { return duplicate_; }

 private:
  std::uint64_t seen_[64] = {};
  std::size_t count_ = 0;
  bool duplicate_ = false;
};

class ClaimsVisitor final : public JsonMemberVisitor {
 public:
  TimesVisitor times;
  Names names;

  void member(const JsonMember& m) override {
    names.add(m.name);
    times.member(m);
  }
};

// RFC 7518 §3.6 spells it "none"; other cases of it have got past libraries that looked for just
// that (RFC 8725 §2.1 and §3.2 on the attacks).
bool is_none(std::string_view algorithm) { return equal_ignoring_case(algorithm, "none"); }

class HeaderVisitor final : public JsonMemberVisitor {
 public:
  Names names;
  bool has_algorithm = false;
  bool algorithm_is_none = false;
  bool has_critical = false;
  bool has_key = false;

  void member(const JsonMember& m) override {
    names.add(m.name);
    const std::size_t place = place_of(m.name, "alg crit jwk jku x5u x5c");
    if (place == 0) {
      has_algorithm = m.type == JsonType::string;
      algorithm_is_none = has_algorithm && is_none(m.text);
    } else if (place == 1) {
      has_critical = true;
    } else if (place != kNoWord) {
      has_key = true;
    }
  }
};

std::uint32_t findings_of(const HeaderVisitor& header, const ClaimsVisitor& claims,
                          const DecodedJwt& jwt) {
  std::uint32_t findings = 0;
  const auto note = [&findings](JwtFinding finding, bool found) {
    if (found) findings |= static_cast<std::uint32_t>(finding);
  };
  const bool has_signature = jwt.signature_bytes > 0;
  note(JwtFinding::unsecured, header.algorithm_is_none);
  note(JwtFinding::missing_algorithm, !header.has_algorithm);
  note(JwtFinding::critical_extension, header.has_critical);
  note(JwtFinding::duplicate_header_member, header.names.duplicate());
  note(JwtFinding::duplicate_claim, claims.names.duplicate());
  note(JwtFinding::key_in_header, header.has_key);
  note(JwtFinding::missing_expiry, !jwt.times.exp.has_value());
  note(JwtFinding::signature_mismatch,
       header.has_algorithm && header.algorithm_is_none == has_signature);
  return findings;
}

}  // namespace

Error decode_jwt(std::string_view token, DecodedJwt& jwt) {
  const Result<Parts> parts = split(token);
  if (!parts) return parts.error();
  HeaderVisitor header;
  ClaimsVisitor claims;
  if (const Error error = read_part(parts->header, TokenPart::header, jwt.header, header)) {
    return error;
  }
  if (const Error error = read_part(parts->payload, TokenPart::payload, jwt.payload, claims)) {
    return error;
  }
  const Result<TimeClaims> times = claims.times.result();
  if (!times) return times.error();
  jwt.times = *times;
  Text signature;
  if (const Error error = decode_part(parts->signature, TokenPart::signature, signature)) {
    return error;
  }
  jwt.signature_bytes = signature.size();
  jwt.findings = findings_of(header, claims, jwt);
  return {};
}

Result<Text> decode_protected_header(std::string_view token) {
  const Result<Parts> parts = split(token);
  if (!parts) return parts.error();
  Text header;
  NoVisitor visitor;
  if (const Error error = read_part(parts->header, TokenPart::header, header, visitor)) {
    return error;
  }
  return header;
}

Result<IssuedClaims> decode_issued_claims(std::string_view token) {
  Text payload;
  IdentityVisitor visitor(payload);
  if (const Error error = read_payload(token, payload, visitor)) return error;
  const Result<TimeClaims> times = visitor.times.result();
  return IssuedClaims{times ? *times : TimeClaims{}, visitor.identity()};
}

Result<TimeClaims> decode_time_claims(std::string_view token) {
  Text payload;
  TimesVisitor visitor;
  if (const Error error = read_payload(token, payload, visitor)) return error;
  return visitor.result();
}

}  // namespace bearerkit
