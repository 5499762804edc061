// When a token set expires by this device's clock (E4, E5), and how long to wait after a failed
// refresh (R8). Pure arithmetic on milliseconds.
#pragma once

#include <cstdint>

#include "formats/numeric_date.h"
#include "machine/record.h"

namespace bearerkit {

// A small random generator (splitmix64): session ids and jitter, nothing secret.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next();
  double fraction();  // in [0, 1)

 private:
  std::uint64_t state_;
};

// Sets what the access token of a record says, which came in at `now`: received and deadline, and
// the identity where it has one (L5).
// E4: expires_in; else exp − iat; else exp, else expires_at, corrected by `skew` (the server's
// clock minus ours); else unknown. A token that would be expired on arrival has no usable deadline:
// by the clock it would be refreshed for ever, so it is unknown and only a 401 tells (E5).
void set_issued(Record& record, const TokenResponse& response, Milliseconds now, Milliseconds skew);

// R8: capped exponential backoff with full jitter after the `failures`th failure in a row.
Milliseconds backoff_delay(std::uint32_t failures, Random& random);

}  // namespace bearerkit
