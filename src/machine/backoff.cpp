#include "machine/backoff.h"

#include <utility>

namespace bearerkit {
namespace {

// So often a failed refresh is tried again by itself. The server may have rotated the token and its
// answer been lost: inside its grace window the next attempt gets the successor, later the whole
// family would be revoked.
constexpr std::uint32_t kRecoveries = 5;
// A longer Retry-After is not believed.
constexpr Milliseconds kLongestRetryAfter = 24.0 * 60 * 60 * 1000;
// R17: a bad deploy or a gateway's bad minute is over by then.
constexpr std::uint32_t kUnclearTries = 3;
constexpr Milliseconds kPatience = 90'000;

}  // namespace

void Backoff::fail(Milliseconds now, OptionalSeconds retry_after, Random& random,
                   bool may_recover) {
  failures_++;
  Milliseconds delay = backoff_delay(failures_, random);
  server_said_when_ = retry_after.has_value();
  if (server_said_when_) {
    const Milliseconds asked = retry_after.seconds * 1000;
    delay = asked < kLongestRetryAfter ? asked : kLongestRetryAfter;
  }
  until_ = now + delay;
  // R17: what has begun unclear comes to an end also where nobody calls.
  recovers_ = (std::exchange(was_unclear_, false) || failures_ <= kRecoveries) && may_recover;
}

bool Backoff::loses_patience(Milliseconds now, bool at_stake) {
  was_unclear_ = at_stake;
  if (unclear_++ == 0) unclear_since_ = now;
  return unclear_ >= kUnclearTries && now - unclear_since_ >= kPatience;
}

void Backoff::reset() { *this = Backoff(); }

void Backoff::network_back() {
  if (server_said_when_) return;
  failures_ = 0;
  until_ = 0;
}

}  // namespace bearerkit
