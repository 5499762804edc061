// The other tabs, and the storage as they leave it: what is read outside a refresh, what they say.
#include <iterator>
#include <utility>

#include "machine/session.h"

namespace bearerkit {

void Session::handle_storage_read(Milliseconds now, ReadPurpose purpose, std::uint32_t ticket,
                                  ReadOutcome outcome, std::string_view record) {
  observe(now);
  // The answer to an older one may be from before this tab was frozen; a newer one is to come.
  if (ticket != last_read_[static_cast<std::size_t>(purpose)]) return;
  const bool of_record = purpose != ReadPurpose::lease;
  if (of_record && outcome == ReadOutcome::found) cleared_deadline_ = kNever;
  if (purpose == ReadPurpose::start) {
    handle_first_read(now, outcome, record);
  } else if (purpose == ReadPurpose::peek) {
    handle_peek(now, outcome, record);
  } else if (purpose == ReadPurpose::lease) {
    const bool awaited = phase_ == Phase::asking || phase_ == Phase::confirming;
    if (awaited) run_flow(now, look_at_lease(now, outcome, record));
  } else if (awaits_record()) {
    if (ask_again(was_frozen(now))) return run_flow(now, FlowEvent::record_late);
    const FlowEvent seen = compare(now, outcome, record);
    // X1: before a token is redeemed, whichever way it was found. Hybrid mode goes by the cookie.
    const bool settle = seen == FlowEvent::record_unchanged && phase_ == Phase::reading &&
                        !settled_ && config_.settle_time > 0 && config_.mode != Mode::hybrid;
    run_flow(now, settle ? FlowEvent::record_unsettled : seen);
  }
}

bool Session::awaits_record() const {
  return phase_ == Phase::reading || phase_ == Phase::committing || phase_ == Phase::verifying;
}

void Session::handle_peek(Milliseconds now, ReadOutcome outcome, std::string_view text) {
  // A sign-in on its way is newer than what is stored.
  if (sign_in_ticket_ != 0 || standing_ == Standing::starting || outcome == ReadOutcome::failed ||
      closed_) {
    return;
  }
  if (phase_ != Phase::idle) return peek_while_waiting(now, outcome, text);
  if (outcome == ReadOutcome::missing) {  // S4
    // Mostly the other tab's word that its user signed out is still on its way (L3).
    constexpr Milliseconds kMessageDelay = 100;
    if (standing_ == Standing::signed_in && !presumed_ && cleared_deadline_ == kNever) {
      cleared_deadline_ = now + kMessageDelay;
    }
    return;
  }
  Result<Record> stored = read_record(text, config_.mode);
  if (!stored) {  // S3
    if (standing_ == Standing::signed_in && !presumed_) {
      end_session(now, SignOutReason::storage_corrupt);
    }
    return;
  }
  if (has_ended(stored->session)) {
    // L1: its own, or what another tab was about to write when it ended. Signed in, the sign-in was
    // written over: outside the lock nobody knows whether the own record is the newest, and a
    // refresh puts it there. Once, lest two sessions take turns.
    if (standing_ == Standing::signed_out) {
      push(EffectKind::remove_storage);
      // X3: who took it up meanwhile is told. Once, lest tabs tell each other all the time where
      // nothing can be removed.
      if (!std::exchange(restored_, true)) broadcast(PeerMessage::Kind::ended, stored->session);
      return;
    }
    const bool idle = refresh_column(now) == Refresh::idle;
    if (idle && !std::exchange(restored_, true)) run_flow(now, FlowEvent::demand);
    return;
  }
  const bool other = stored->session != record_.session;
  // C4: in hybrid mode another tab's turn changes nothing here.
  const bool newer = stored->generation > record_.generation && config_.mode != Mode::hybrid;
  if (!other && (standing_ != Standing::signed_in || !newer)) return;
  candidate_ = std::move(*stored);
  adopt(now);
}

// A refresh compares under its own lock. But while it waits for its turn, another tab may have done
// what it is for: without a word of this, tabs whose timers are slow would go on one after the
// other.
void Session::peek_while_waiting(Milliseconds now, ReadOutcome outcome, std::string_view text) {
  const bool waits = phase_ < Phase::reading || phase_ == Phase::settling;
  // C4: in hybrid mode each tab takes its own turn.
  if (!waits || outcome != ReadOutcome::found || config_.mode == Mode::hybrid) return;
  Result<Record> stored = read_record(text, config_.mode);
  if (!stored || stored->session != record_.session || stored->generation <= record_.generation ||
      now >= stored->deadline + config_.leeway) {
    return;
  }
  candidate_ = std::move(*stored);
  run_flow(now, FlowEvent::record_newer);
}

// L1, L2: never taken up again by this tab. A few are enough: a write is under way for seconds.
void Session::remember_ended(std::uint64_t session) {
  if (session == 0 || has_ended(session)) return;
  ended_sessions_[next_ended_++ % std::size(ended_sessions_)] = session;
}

bool Session::has_ended(std::uint64_t session) const {
  for (const std::uint64_t ended : ended_sessions_) {
    if (ended == session) return true;
  }
  return false;
}

void Session::handle_peer_message(Milliseconds now, std::string_view message) {
  observe(now);
  const Result<PeerMessage> peer = read_peer_message(message);
  if (!peer || closed_) return;
  // C4: a session that was presumed without a record may be any.
  const bool ours = peer->session == record_.session || record_.generation == 0;
  const bool out = peer->kind == PeerMessage::Kind::signed_out;
  if (config_.shared_storage == 0 && peer->kind == PeerMessage::Kind::signed_in) {
    follow_cookie(now);
  } else if (standing_ == Standing::signed_in &&
             (config_.shared_storage != 0 ? ours && (out || peer->kind == PeerMessage::Kind::ended)
                                          : out)) {
    // X3: with a storage of its own this tab has a session of its own, and ends it, too.
    if (config_.shared_storage == 0) push(EffectKind::remove_storage);
    end_session(now, SignOutReason::signed_out_elsewhere);
  }
  peek();
}

void Session::handle_wake(Milliseconds now, std::uint32_t flags) {
  observe(now);
  visible_ = (flags & page_visible) != 0;
  // E8: what failed for want of a network begins anew. Not so what a server has put off (R8).
  if ((flags & network_back) != 0 && !told_when_) {
    failures_ = 0;
    backoff_until_ = 0;
  }
  // X2: what is on its way may be from before this tab was frozen. Not waited for any longer (R10).
  if (awaits_record()) read_storage(ReadPurpose::flow);
  // X3: hidden as well. The message that another tab has written may have been quicker than what it
  // wrote; then the storage's own event is the only word that it is there.
  peek();
}

void Session::peek() {
  if (config_.shared_storage == 0 || closed_) return;
  read_storage(ReadPurpose::peek);
}

void Session::read_storage(ReadPurpose purpose) {
  Effect& effect = push(EffectKind::read_storage);
  effect.ticket = ++last_read_[static_cast<std::size_t>(purpose)];
  effect.code = static_cast<std::uint32_t>(purpose);
}

// X3, L2: somebody signed in in another tab. Where the record is this tab's own, but the cookie is
// everybody's, the session here is over, and the cookie's is asked for.
void Session::follow_cookie(Milliseconds now) {
  if (config_.mode == Mode::bearer || standing_ == Standing::starting) return;
  // A refresh that is on its way has the cookie with it, the old one or the new one. Its answer is
  // waited for, under the lock, and then let go (run_flow): the cookie must not be redeemed twice.
  cookie_changed_ = phase_ >= Phase::redeeming;
  if (!cookie_changed_) replace_by_cookie(now, random_.next(), 0);
}

// The cookie is another session's: what waits is not to be sent with it (L2).
void Session::replace_by_cookie(Milliseconds now, std::uint64_t session, std::uint32_t generation) {
  // A session that was only presumed is not stored anywhere: to remember it would push out another.
  const bool stored = record_.generation != 0 || redeemed_.session != 0;
  cancel_flow();
  if (standing_ == Standing::signed_in && !presumed_) {
    trace(now, TimelineCause::session_ended);
    emit(Event::signedout, static_cast<std::uint32_t>(SignOutReason::signed_out_elsewhere), now);
  }
  if (stored) remember_ended(record_.session);
  standing_ = Standing::signed_out;
  settle_waiters(now, ErrorCode::signed_out);
  presume_session(now, session, generation);
}

}  // namespace bearerkit
