// Whose turn it is to refresh: the lock, or the lease where there is none (X1, X2, X4).
#include <utility>

#include "machine/session.h"

namespace bearerkit {
namespace {

// X4: far more than a write takes to get to another process.
constexpr Milliseconds kLeasePause = 50;
// With slow timers another tab's whole turn may fit into the pause.
constexpr std::uint32_t kLostClaims = 2;

}  // namespace

void Session::acquire_lock(Milliseconds now, bool steal) {
  trace(now, TimelineCause::lock_wanted);
  phase_deadline_ = now + (steal ? config_.storage_timeout : config_.lock_timeout);
  Effect& effect = push(EffectKind::acquire_lock);
  effect.ticket = ticket_;
  effect.flags = steal ? 1 : 0;
}

void Session::handle_lock_granted(Milliseconds now, std::uint32_t ticket) {
  observe(now);
  const bool wanted = phase_ == Phase::locking || phase_ == Phase::stealing;
  if (ticket != ticket_ || !wanted) {
    push(EffectKind::release_lock).ticket = ticket;
    return;
  }
  lock_held_ = true;
  trace(now, TimelineCause::lock_held);
  run_flow(now, ask_again(now >= phase_deadline_) ? FlowEvent::lock_late : FlowEvent::lock_granted);
}

void Session::handle_lock_unavailable(Milliseconds now, std::uint32_t ticket) {
  observe(now);
  if (ticket != ticket_) return;
  lease_deadline_ = now + config_.lock_timeout;
  // Where nothing is shared the own single flight is all there is to do.
  run_flow(now,
           config_.shared_storage != 0 ? FlowEvent::lock_unavailable : FlowEvent::lock_granted);
}

void Session::claim_lease(Milliseconds now) {
  lease_ = write_lease(random_.next(), now + config_.lock_timeout);
  phase_deadline_ = now + kLeasePause;
  push(EffectKind::write_lease).data = lease_;
}

// Its own claim is not forgotten: it may get there later, and is to be given back then.
void Session::await_lease(Milliseconds now) { phase_deadline_ = now + kLeasePause; }

FlowEvent Session::look_at_lease(Milliseconds now, ReadOutcome outcome, std::string_view text) {
  if (outcome == ReadOutcome::failed) return FlowEvent::lease_failed;
  const bool holds = lease_holds(text, now, config_.lock_timeout);
  const bool others = holds && text != lease_;
  if (holds && !others && phase_ == Phase::confirming) {
    trace(now, TimelineCause::lock_held);
    settled_ = true;  // the last holder's write came before the end of its lease
    return FlowEvent::lease_ours;
  }
  if (others && now < lease_deadline_) return FlowEvent::lease_taken;
  if (phase_ == Phase::asking) {  // a claim of its own that came too late to be read back is none
    if (others) emit(Event::warning, static_cast<std::uint32_t>(Warning::lock_stolen), now);  // X2
    return FlowEvent::lease_free;
  }
  // Others claimed later, and have given it back. A few times, lest the storage keeps no claim
  // (R10).
  if (!holds && now < lease_deadline_ && lost_claims_++ < kLostClaims) {
    return FlowEvent::lease_taken;
  }
  // Run out, for this tab was frozen; or another one claimed later, and was not waited for. Once
  // again, lest others claim all the time (R10).
  return ask_again(true) ? FlowEvent::lock_late : FlowEvent::lease_failed;
}

// X2: once for a refresh, so that a slow machine is not kept from it (R10).
bool Session::ask_again(bool late) {
  if (!late || asked_again_) return false;
  asked_again_ = true;
  return true;
}

// A timer that is late by more than any load explains: the tab was frozen (X2).
bool Session::was_frozen(Milliseconds now) const {
  constexpr Milliseconds kLoad = 2'000;
  return now > phase_deadline_ + kLoad;
}

void Session::release_lock() {
  if (!lease_.empty()) push(EffectKind::remove_lease).data = std::exchange(lease_, {});
  if (!std::exchange(lock_held_, false)) return;
  push(EffectKind::release_lock).ticket = ticket_;
}

}  // namespace bearerkit
