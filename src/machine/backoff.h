// When a refresh may be tried again after one that failed for the moment (R8), why it failed (R19),
// and how long the client has patience with a server that refuses in unclear words (R17).
#pragma once

#include <cstdint>

#include "formats/numeric_date.h"
#include "formats/token_response.h"
#include "machine/milliseconds.h"
#include "machine/token_times.h"

namespace bearerkit {

class Backoff {
 public:
  // `retry_after`: the server's own wish, in seconds. `may_recover`: a later try may start by
  // itself.
  void fail(Milliseconds now, OptionalSeconds retry_after, Random& random, bool may_recover);

  // R19: why the last refresh failed, before `fail`.
  void set_cause(const RefreshCause& cause) { cause_ = cause; }
  // Of kind `none` where none has failed since the last new tokens.
  const RefreshCause& cause() const { return cause_; }
  // R17: the server has refused in unclear words. Gives whether that was once too often.
  // `at_stake`: somebody is signed in, and it is tried again by itself until then.
  bool loses_patience(Milliseconds now, bool at_stake);

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
  void shift(Milliseconds by) {
    until_ -= by;
    unclear_since_ -= by;
  }

 private:
  std::uint32_t failures_ = 0;
  Milliseconds until_ = 0;
  bool recovers_ = false;
  bool server_said_when_ = false;
  RefreshCause cause_;
  bool was_unclear_ = false;
  std::uint32_t unclear_ = 0;
  Milliseconds unclear_since_ = 0;
};

}  // namespace bearerkit
