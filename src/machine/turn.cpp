#include "machine/turn.h"

#include <utility>

#include "machine/lease.h"

namespace bearerkit {
namespace {

// With slow timers another tab's whole turn may fit between a claim and the look at it.
constexpr std::uint32_t kLostClaims = 2;

// A lock that is free is granted sooner than that.
constexpr Milliseconds kAtOnce = 10;

}  // namespace

void Turn::lock_granted(Milliseconds now) {
  has_lock_ = true;
  waited_ = now - asked_at_ > kAtOnce;
}

void Turn::claim_lease(Effects& effects, Random& random, Milliseconds until) {
  lease_ = write_lease(random.next(), until);
  effects.push(EffectKind::write_lease).text = lease_;
}

RefreshEvent Turn::look_at_lease(ReadOutcome outcome, std::string_view text, Milliseconds now,
                                 Milliseconds length, bool confirming) {
  if (outcome == ReadOutcome::failed) return RefreshEvent::lease_failed;
  const bool held = lease_holds(text, now, length);
  const bool ours = held && lease_ == text;
  if (held && !ours && seen_lease_ != text) {
    if (!seen_lease_.empty()) patience_ends_ = now + length;  // X10: the queue goes on
    seen_lease_ = Text(text);
  }
  const bool patient = now < patience_ends_;
  if (held && !ours && patient) return RefreshEvent::lease_taken;
  // A claim of its own that came too late to be read back is none.
  if (!confirming) return held && !ours ? RefreshEvent::lease_overdue : RefreshEvent::lease_free;
  if (ours) return RefreshEvent::lease_ours;
  // Others claimed later, and have given it back. A few times, lest the storage keeps no claim
  // (R10).
  if (!held && patient && lost_claims_++ < kLostClaims) return RefreshEvent::lease_taken;
  return RefreshEvent::lease_lost;
}

void Turn::release(Effects& effects, RunId run) {
  shows_life_at_ = kNever;
  if (!lease_.empty()) effects.push(EffectKind::remove_lease).text = std::exchange(lease_, {});
  if (std::exchange(has_lock_, false)) effects.push(EffectKind::release_lock).release_lock = {run};
}

}  // namespace bearerkit
