#include "machine_watch.h"

#include <cmath>

#include "machine/record.h"

namespace bearerkit::fuzz {
namespace {

// The names of sessions that were presumed when their first refresh began: these, and the run.
constexpr Watch::Name kPresumed = Watch::Name{1} << 40;

// All tokens of the player's world have it in their names.
bool holds_secret(std::string_view text) { return text.find("secret") != std::string_view::npos; }

}  // namespace

// ---- requests -------------------------------------------------------------------------------

void Watch::asked(std::uint32_t instruction, RequestKind kind, std::uint32_t flags) {
  const RequestId id = instruction >> kInstructionIdShift;
  require((instruction & refused) == 0 || (instruction & go) == 0);
  // B2, B4
  require((instruction & with_token) == 0 ||
          (flags & (foreign_origin | caller_authorization)) == 0);
  if ((instruction & refused) != 0 || id == 0) return;
  require(calls_.find(id) == calls_.end());
  Call& call = calls_[id];
  call.kind = kind;
  call.foreign = (flags & foreign_origin) != 0;
  call.no_retry = (flags & no_retry) != 0;
  require((flags & cannot_wait) == 0 || (instruction & go) != 0);  // F10
  if (!machine_.access_token().empty()) call.session = session_of(machine_.access_token());
  // The epoch goes by the effects that have been taken; what is sent at once is ahead of them.
  if ((instruction & go) != 0) {
    sent(id, instruction, machine_.access_token(), overtaken_ ? -1 : epoch_);
  }
}

void Watch::sent(RequestId id, std::uint32_t flags, std::string_view access_token, int epoch) {
  Call& call = calls_.at(id);
  require(call.kind == RequestKind::fetch && (flags & go) != 0);
  // B1, C1
  require((flags & with_token) == 0 ||
          (!call.foreign && !access_token.empty() && settings_.mode != Mode::cookie));
  require(++call.sends <= 2);  // F6
  if (call.sends == 1) call.epoch = epoch;
  // L2: not with what belongs to another user.
  require(call.epoch == epoch || call.epoch < 0 || (flags & (with_token | credentials)) == 0);
  if ((flags & with_token) != 0) {
    const Name session = session_of(access_token);
    if (call.session == 0) call.session = session;
    require(call.session == session);
  }
  call.place = Place::on_its_way;
  if ((flags & tracked) == 0) calls_.erase(id);
}

void Watch::sends(const Effect::Send& send, const Effect& effect, Place from) {
  require(effect.text.empty());
  const std::string_view token = effect.access_token.view();
  require(((send.flags & with_token) == 0) == token.empty());
  if (!token.empty()) {
    // The same number: the same access token.
    require(versions_.emplace(send.token_version, token).first->second == token);
  }
  if (calls_.find(send.request) == calls_.end()) {
    return require(gone_.find(send.request) != gone_.end());
  }
  require(calls_.at(send.request).place == from);
  sent(send.request, send.flags, token, epoch_);
}

void Watch::answered(RequestId id, std::uint32_t instruction) {
  Call& call = calls_.at(id);
  if ((instruction & go) != 0) {
    calls_.erase(id);
  } else {
    require(!call.no_retry);   // F9
    require(call.sends == 1);  // F6: the second answer is delivered whatever it is
    call.place = Place::answered;
  }
}

void Watch::let_go(RequestId id) {
  if (calls_.erase(id) != 0 && overtaken_) gone_.insert(id);
}

void Watch::finish(RequestId id, Place from) {
  const auto call = calls_.find(id);
  if (call == calls_.end()) return require(gone_.find(id) != gone_.end());
  require(call->second.place == from);
  calls_.erase(call);
}

RequestId Watch::pick(Place place, std::size_t skip) const {
  RequestId found = 0;
  for (const auto& [id, call] : calls_) {
    if (call.place != place) continue;
    found = id;
    if (skip-- == 0) break;
  }
  return found;
}

// ---- the session ----------------------------------------------------------------------------

void Watch::issues(std::string_view access_token, std::string_view refresh_token, Name session) {
  for (const std::string_view token : {access_token, refresh_token}) {
    if (!token.empty()) tokens_[std::string(token)] = session;
  }
}

Watch::Name Watch::session_of(std::string_view token) const {
  const auto found = tokens_.find(token);
  require(found != tokens_.end());
  return found->second;
}

void Watch::reads(ReadOutcome outcome, std::string_view text) {
  if (outcome == ReadOutcome::failed) return;
  if (outcome == ReadOutcome::missing) return allow(SignOutReason::storage_cleared);
  const Result<Record> record = read_record(text, settings_.mode);
  if (!record.ok()) return allow(SignOutReason::storage_corrupt);
  read_refresh_token_ = !record->refresh_token.empty();
  if (record->is_refusal() && record->session != 0) {
    allow(SignOutReason::storage_cleared);  // C7
  }
  if (record->session != own_) allow(SignOutReason::signed_out_elsewhere);
}

void Watch::writes(std::string_view text) {
  const Result<Record> record = read_record(text, settings_.mode);
  require(record.ok());
  require(settings_.mode == Mode::bearer || !holds_secret(text));  // C3
  if (record->is_refusal()) return;  // C7: it names a session that has ended, or none
  // L1: nothing of a session that has ended. The cookie of hybrid mode may bring one back (C4).
  require(ended_.find(record->session) == ended_.end());
  own_ = record->session;
  refresh_token_ = !record->refresh_token.empty();
  if (settings_.mode != Mode::bearer) return;
  const Name session = session_of(record->access_token.view());
  require(names_.emplace(record->session, session).first->second == session);
  require(!refresh_token_ || session_of(record->refresh_token.view()) == session);
}

void Watch::begins(SignInSource source) {
  require(machine_.signed_in() || overtaken_);
  if (source != SignInSource::restored) epoch_++;
  if (source == SignInSource::elsewhere) own_ = 0;
  if (source != SignInSource::here) refresh_token_ = read_refresh_token_ && !overtaken_;
  if (!overtaken_) reasons_.clear();
}

// A session ends by a word of the server, the user or another tab, by its storage going away, or
// when it has run out and cannot be refreshed (R12): for nothing else.
void Watch::ends(SignOutReason reason) {
  if (reason == SignOutReason::expired) {
    const bool by_token = settings_.mode == Mode::bearer && settings_.refresh_needs_token != 0;
    require(settings_.can_refresh == 0 || (by_token && !refresh_token_));
  } else {
    require(reasons_.find(reason) != reasons_.end());
  }
  epoch_++;
  if (own_ != 0 && (settings_.mode != Mode::hybrid || reason == SignOutReason::signed_out)) {
    ended_.insert(own_);
  }
  own_ = 0;
}

// ---- out ------------------------------------------------------------------------------------

// A refresh is of one session, which both its tokens are of; and so are the tokens it brings.
void Watch::refreshes(const Effect& effect) {
  refreshes_++;
  const std::string_view access = effect.access_token.view();
  require(settings_.mode == Mode::bearer || effect.text.empty());
  require(settings_.mode != Mode::cookie || access.empty());
  // Only hybrid mode presumes a session whose tokens it does not know.
  require(settings_.mode != Mode::bearer || !access.empty());
  const RunId run = effect.refresh.run;
  // R1: one request for each run. R24: a refused cookie is tried once more.
  require(runs_.find(run) == runs_.end() || settings_.mode != Mode::bearer);
  const Name session = access.empty() ? kPresumed + run : session_of(access);
  require(effect.text.empty() || session_of(effect.text) == session);
  runs_[run] = session;
}

// L1: it is about one session, which is not the one that goes on.
void Watch::revokes(const Effect& effect) {
  const std::string_view access = effect.access_token.view();
  require(settings_.mode == Mode::bearer || effect.text.empty());
  require(settings_.mode != Mode::bearer || !access.empty());
  require(settings_.mode != Mode::cookie || access.empty());
  if (access.empty()) return;
  const Name session = session_of(access);
  require(effect.text.empty() || session_of(effect.text) == session);
  require(machine_.access_token().empty() || session_of(machine_.access_token()) != session);
  revoked_.insert(std::string(access));
}

void Watch::note(const Effect& effect) {
  switch (effect.kind) {
    case EffectKind::send:
      return sends(effect.send, effect, Place::unsent);
    case EffectKind::retry:
      return sends(effect.retry, effect, Place::answered);
    case EffectKind::refresh:
      return refreshes(effect);
    case EffectKind::revoke:
      return revokes(effect);
    default:
      break;
  }
  require(effect.access_token.empty());
  switch (effect.kind) {
    case EffectKind::write_storage:
      return writes(effect.text);
    case EffectKind::write_lease:
    case EffectKind::remove_lease: {
      const bool of_turn = effect.write_lease.lease == Lease::turn;
      const bool may = of_turn ? settings_.shared_storage != 0 : settings_.mode != Mode::bearer;
      return require(may && effect.text.size() == 32);  // X4, R25
    }
    case EffectKind::mark:
      return require(effect.text.empty() ||
                     (effect.text.size() == 48 && !holds_secret(effect.text)));
    case EffectKind::broadcast: {
      const Result<PeerMessage> message = read_peer_message(effect.text);
      require(message.ok());
      const bool may = message->kind == PeerMessage::Kind::tokens && settings_.hands_over();  // X9
      return require(may || !holds_secret(effect.text));                                      // X3
    }
    default:
      break;
  }
  require(effect.text.empty());
  switch (effect.kind) {
    case EffectKind::deliver:
      return finish(effect.deliver.request, Place::answered);
    case EffectKind::finish:
      require(!std::isnan(effect.finish.retry_at));
      return finish(effect.finish.request, Place::unsent);
    case EffectKind::release_lock:
      locks_.erase(effect.release_lock.run);
      return;
    case EffectKind::signedin:
      return begins(effect.signedin.source);
    case EffectKind::signedout:
      return ends(effect.signedout.reason);
    case EffectKind::refreshed:
      if (effect.refreshed.elsewhere == 1) {
        refresh_token_ = read_refresh_token_ && !overtaken_;
      }
      return;
    case EffectKind::refreshfailed:
      return require(!std::isnan(effect.refreshfailed.retry_at));
    case EffectKind::timeline:
      return require(std::isfinite(effect.timeline.at));
    default:
      return;
  }
}

void Watch::drained() {
  require(settings_.mode != Mode::cookie || machine_.access_token().empty());  // C1
  require(machine_.refreshing() || locks_.empty());
  gone_.clear();
  overtaken_ = false;
}

void Watch::at_rest() const {
  for (const auto& [id, call] : calls_) require(call.place == Place::on_its_way);
}

}  // namespace bearerkit::fuzz
