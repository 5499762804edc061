// What other tabs say, and what they are told (X3, X9, X10).
#include <utility>

#include "machine/machine.h"

namespace bearerkit {
namespace {

// X10: with a short lockTimeout, too.
constexpr Milliseconds kMostOften = 50;

}  // namespace

// ---- what is heard --------------------------------------------------------------------------

void Machine::hear(std::string_view message) {
  const Result<PeerMessage> peer = read_peer_message(message);
  if (!peer || closed_) return;
  switch (peer->kind) {
    case PeerMessage::Kind::refreshing:
      return hear_of_refresh();
    case PeerMessage::Kind::ask:
      return answer_peer(*peer);
    case PeerMessage::Kind::tokens:
      return take_handed(peer->record);
    default:
      return hear_of_session(*peer);
  }
}

void Machine::hear_of_session(const PeerMessage& peer) {
  const bool shared = settings_.shared_storage != 0;
  // C4: a session that was presumed without a record may be any.
  const bool ours = peer.session == session_.record().session || generation() == 0;
  const bool out = peer.kind == PeerMessage::Kind::signed_out;
  const bool over = out || peer.kind == PeerMessage::Kind::ended;
  if (!shared && peer.kind == PeerMessage::Kind::signed_in) {
    if (peer.session != session_.record().session) follow_cookie();
  } else if (session_.exists() && (shared ? ours && over : out)) {
    // X3: with a storage of its own this tab has a session of its own, and ends it, too.
    if (!shared) storage_.remove(effects_, session_.record().session);
    end_session(SignOutReason::signed_out_elsewhere);
  }
  peek();
}

// X3, L2: somebody signed in in another tab. Where the record is this tab's own, but the cookie is
// everybody's, the session here is over, and the cookie's is asked for.
void Machine::follow_cookie() {
  if (settings_.mode == Mode::bearer || !started()) return;
  // A refresh that is on its way has the cookie with it, the old one or the new one. Its answer is
  // waited for, under the lock, and then let go (run_refresh): the cookie must not be redeemed
  // twice.
  if (token_was_sent.has(refresh_.phase())) return refresh_.set_cookie_changed();
  replace_by_cookie({});
}

// X10: whoever has the turn is at work, and is waited for. X2: what is heard after a freeze is old.
void Machine::hear_of_refresh() {
  if (refresh_.was_frozen(now_)) return;
  turn_.take_leases(now_ + settings_.lock_timeout);
  if (refresh_.phase() != Phase::locking) return;
  // R10: the platform may have lost its place in the queue, as when the page was in a cache.
  constexpr double kLongQueue = 4;
  if (now_ > turn_.asked_at() + kLongQueue * settings_.lock_timeout) return acquire_lock(false);
  refresh_.wait_until(now_ + patience());
}

// X9
void Machine::answer_peer(const PeerMessage& peer) {
  const Record& own = session_.record();
  const bool hybrid = settings_.mode == Mode::hybrid;
  const bool same = peer.session == own.session || (hybrid && peer.generation == 0);
  const bool newer =
      own.generation > peer.generation || (hybrid && own.generation == peer.generation);
  if (same && newer && can_hand_over()) hand_over();
}

// X9: counts as if it were stored.
void Machine::take_handed(std::string_view record) {
  if (!settings_.hands_over() || !started()) return;
  Result<Record> handed = read_record(record, Mode::bearer);
  if (!handed) return;
  if (settings_.mode == Mode::hybrid) handed->refresh_token = {};  // C4: it is in the cookie
  // Another session's must not push out what is still to be taken up.
  const bool ours = handed->session == session_.record().session;
  const bool any = settings_.mode == Mode::hybrid && generation() == 0;
  if (!ours && !any) return;
  // With the cookie a session may go on from an older generation: a token that has run out is no
  // reason to wait for.
  const bool held = settings_.mode == Mode::bearer || now_ < handed_.deadline + settings_.leeway;
  const bool older = handed->session == handed_.session && handed->generation < handed_.generation;
  if (held && older) return;
  handed_ = *handed;
  storage_.read(effects_, ReadPurpose::peek);  // S4: it may be gone
}

// ---- what is said ---------------------------------------------------------------------------

void Machine::broadcast(PeerMessage::Kind kind, std::uint64_t session) {
  tell_peers({kind, session, 0, {}});
}

void Machine::tell_peers(const PeerMessage& message) {
  if (message.session != 0) {
    effects_.push(EffectKind::broadcast).text = write_peer_message(message);
  }
}

// X9: an access token that has run out is still of use where a refresh token comes with it.
bool Machine::can_hand_over() const {
  const bool useful =
      settings_.mode == Mode::bearer ? session_.signed_in() : session_.token_usable(now_);
  return settings_.hands_over() && useful;
}

// X9: there are newer tokens. Where the storage does not carry them, here they are.
void Machine::hand_over() {
  const Record& record = session_.record();
  if (!can_hand_over()) {
    return broadcast(PeerMessage::Kind::changed, record.session);
  }
  const Text text = write_record(record, Mode::bearer);
  tell_peers({PeerMessage::Kind::tokens, record.session, 0, text});
}

void Machine::ask_peers() {
  if (!settings_.hands_over()) return;
  tell_peers({PeerMessage::Kind::ask, session_.record().session, generation(), {}});
}

// X10: says that this tab, which has its turn, is at work.
void Machine::show_life() {
  if (settings_.lag() == 0) return;
  const Milliseconds wait = settings_.lock_timeout / 3;
  turn_.show_life_at(now_ + (wait < kMostOften ? kMostOften : wait));
  broadcast(PeerMessage::Kind::refreshing, session_.record().session);
}

// X11: until what was written is there for all to see; where tabs hand over, as long as they can.
void Machine::hold_mark() {
  if (settings_.lag() == 0) return;
  if (!session_.signed_in() || session_.token_generation() == 0) return drop_mark();
  const Record& record = session_.record();
  turn_.hold_mark_until(settings_.hands_over() ? kNever : now_ + 2 * settings_.storage_timeout);
  effects_.push(EffectKind::mark).text =
      write_mark({record.session, record.generation, record.deadline});
}

void Machine::drop_mark() {
  turn_.hold_mark_until(kNever);
  effects_.push(EffectKind::mark);
}

// X9: for a reload, and for the next tab that is duplicated.
void Machine::keep_copy() {
  if (!settings_.hands_over() || settings_.shared_storage != 0) return;
  storage_.write_quietly(effects_, write_record(session_.record(), settings_.mode));
}

}  // namespace bearerkit
