// When a refresh may be tried again after one that failed for the moment (R8).
#pragma once

#include <cstdint>

#include "formats/numeric_date.h"
#include "machine/milliseconds.h"
#include "machine/token_times.h"

namespace bearerkit {

class Backoff {
 public:
  // `retry_after`: the server's own wish, in seconds. `may_recover`: a later try may start by
  // itself.
  void fail(Milliseconds now, OptionalSeconds retry_after, Random& random, bool may_recover);

  // A refresh begins: it is the try that was to come.
  void begin_run() { recovers_ = false; }
  // There are new tokens, or another session.
  void reset();
  // E8: what failed for want of a network begins anew. Not so what a server has put off.
  void network_back();

  bool active(Milliseconds now) const { return now < until_; }
  Milliseconds until() const { return until_; }
  // When a refresh is allowed, should one have failed; else kNever.
  Milliseconds retry_at() const { return failures_ == 0 ? Milliseconds{kNever} : until_; }
  // When a refresh starts by itself, or kNever.
  Milliseconds recovers_at() const { return recovers_ ? until_ : Milliseconds{kNever}; }

  // E5: the clock was set back by so much.
  void shift(Milliseconds by) { until_ -= by; }

 private:
  std::uint32_t failures_ = 0;
  Milliseconds until_ = 0;
  bool recovers_ = false;
  bool server_said_when_ = false;
};

}  // namespace bearerkit
