// NumericDate (RFC 7519 §2): seconds since 1970-01-01T00:00:00Z, fractions allowed.
#pragma once

#include <limits>

namespace bearerkit {

// A NumericDate in seconds, or absent.
struct OptionalSeconds {
  double seconds = std::numeric_limits<double>::quiet_NaN();

  constexpr bool has_value() const { return seconds == seconds; }
};

// E1: expired when now ≥ exp + leeway. No exp: never expires by itself. All in seconds.
constexpr bool is_expired(OptionalSeconds exp, double now, double leeway) {
  return exp.has_value() && now >= exp.seconds + leeway;
}

// E1: not yet valid when now < nbf − leeway.
constexpr bool is_not_yet_valid(OptionalSeconds nbf, double now, double leeway) {
  return nbf.has_value() && now < nbf.seconds - leeway;
}

}  // namespace bearerkit
