#include "machine/token_times.h"

#include "formats/jwt.h"

namespace bearerkit {
namespace {

constexpr Milliseconds kFirstDelay = 500;
constexpr Milliseconds kLongestDelay = 60'000;

}  // namespace

std::uint64_t Random::next() {
  state_ += 0x9e3779b97f4a7c15u;
  std::uint64_t z = state_;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

double Random::fraction() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

void set_issued(Record& record, const TokenResponse& response, Milliseconds now,
                Milliseconds skew) {
  const Result<IssuedClaims> read = decode_issued_claims(record.access_token);
  const IssuedClaims claims = read ? *read : IssuedClaims{};  // D9: it may be no JWT
  if (claims.identity != 0) record.identity = claims.identity;
  record.received = now;
  record.deadline = kNever;

  Milliseconds life = 0;
  if (response.expires_in.has_value()) {
    life = response.expires_in.seconds * 1000;
  } else if (claims.times.exp.has_value()) {
    life = claims.times.iat.has_value()
               ? (claims.times.exp.seconds - claims.times.iat.seconds) * 1000
               : claims.times.exp.seconds * 1000 - skew - now;
  } else if (response.expires_at.has_value()) {
    life = response.expires_at.seconds * 1000 - skew - now;
  }
  if (life > 0) record.deadline = now + life;
}

Milliseconds backoff_delay(std::uint32_t failures, Random& random) {
  Milliseconds ceiling = kFirstDelay;
  for (std::uint32_t i = 1; i < failures && ceiling < kLongestDelay; i++) ceiling *= 2;
  return random.fraction() * (ceiling < kLongestDelay ? ceiling : kLongestDelay);
}

}  // namespace bearerkit
