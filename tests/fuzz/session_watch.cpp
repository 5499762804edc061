#include "session_watch.h"

#include "machine/record.h"

namespace bearerkit::fuzz {
namespace {

// All tokens of the player's world have it in their names.
bool holds_secret(std::string_view text) { return text.find("secret") != std::string_view::npos; }

}  // namespace

// ---- requests -------------------------------------------------------------------------------

void Watch::asked(std::uint32_t verdict, RequestKind kind, std::uint32_t flags) {
  const std::uint32_t id = verdict >> kVerdictIdShift;
  require((verdict & refused) == 0 || (verdict & go) == 0);
  // B2, B4
  require((verdict & with_token) == 0 || (flags & (foreign_origin | caller_authorization)) == 0);
  if ((verdict & refused) != 0 || id == 0) return;
  require(calls_.find(id) == calls_.end());
  calls_[id] = Call{kind, (flags & foreign_origin) != 0};
  if ((verdict & go) != 0) sent(id, verdict);
}

void Watch::sent(std::uint32_t id, std::uint32_t flags) {
  Call& call = calls_.at(id);
  require(call.kind == RequestKind::fetch && (flags & go) != 0);
  // B1, C1
  require((flags & with_token) == 0 ||
          (!call.foreign && !session_.access_token().empty() && config_.mode != Mode::cookie));
  require(++call.sends <= 2);  // F6
  if (call.sends == 1) call.epoch = epoch_;
  // L2: not with what belongs to another user.
  require(call.epoch == epoch_ || (flags & (with_token | credentials)) == 0);
  call.place = Place::on_its_way;
  if ((flags & tracked) == 0) calls_.erase(id);
}

void Watch::answered(std::uint32_t id, std::uint32_t verdict) {
  Call& call = calls_.at(id);
  if ((verdict & go) != 0) {
    calls_.erase(id);
  } else {
    require(call.sends == 1);  // F6: the second answer is delivered whatever it is
    call.place = Place::answered;
  }
}

void Watch::finish(std::uint32_t id, Place from) {
  const auto call = calls_.find(id);
  require(call != calls_.end() && call->second.place == from);
  calls_.erase(call);
}

std::uint32_t Watch::pick(Place place, std::size_t skip) const {
  std::uint32_t found = 0;
  for (const auto& [id, call] : calls_) {
    if (call.place != place) continue;
    found = id;
    if (skip-- == 0) break;
  }
  return found;
}

// ---- the session ----------------------------------------------------------------------------

void Watch::reads(ReadOutcome outcome, std::string_view text) {
  if (outcome == ReadOutcome::failed) return;
  if (outcome == ReadOutcome::missing) return allow(SignOutReason::storage_cleared);
  const Result<Record> record = read_record(text, config_.mode);
  if (!record.ok()) return allow(SignOutReason::storage_corrupt);
  read_refresh_token_ = !record->refresh_token.empty();
  if (record->session != own_) allow(SignOutReason::signed_out_elsewhere);
}

void Watch::writes(std::string_view text) {
  const Result<Record> record = read_record(text, config_.mode);
  require(record.ok());
  require(config_.mode == Mode::bearer || !holds_secret(text));  // C3
  // L1: nothing of a session that has ended. The cookie of hybrid mode may bring one back (C4).
  require(ended_.find(record->session) == ended_.end());
  own_ = record->session;
  refresh_token_ = !record->refresh_token.empty();
}

void Watch::emits(const Effect& effect) {
  require(effect.data.empty());
  switch (static_cast<Event>(effect.code)) {
    case Event::signedin: {
      const auto source = static_cast<SignInSource>(effect.flags);
      require(session_.signed_in());
      if (source != SignInSource::restored) epoch_++;
      if (source == SignInSource::elsewhere) own_ = 0;
      if (source != SignInSource::here) refresh_token_ = read_refresh_token_;
      reasons_.clear();
      return;
    }
    case Event::signedout:
      return ends(static_cast<SignOutReason>(effect.flags));
    case Event::refreshed:
      if (effect.flags == 1) refresh_token_ = read_refresh_token_;
      return;
    default:
      return;
  }
}

// A session ends by a word of the server, the user or another tab, by its storage going away, or
// when it has run out and cannot be refreshed (R12): for nothing else.
void Watch::ends(SignOutReason reason) {
  if (reason == SignOutReason::expired) {
    const bool by_token = config_.mode == Mode::bearer && config_.refresh_needs_token != 0;
    require(config_.can_refresh == 0 || (by_token && !refresh_token_));
  } else {
    require(reasons_.find(reason) != reasons_.end());
  }
  epoch_++;
  if (own_ != 0 && (config_.mode != Mode::hybrid || reason == SignOutReason::signed_out)) {
    ended_.insert(own_);
  }
  own_ = 0;
}

// ---- out ------------------------------------------------------------------------------------

void Watch::note(const Effect& effect) {
  switch (effect.kind) {
    case EffectKind::send:
      require(calls_.at(effect.request).place == Place::unsent);
      return sent(effect.request, effect.flags);
    case EffectKind::retry:
      require(calls_.at(effect.request).place == Place::answered);
      return sent(effect.request, effect.flags);
    case EffectKind::deliver:
      return finish(effect.request, Place::answered);
    case EffectKind::settle:
      return finish(effect.request, Place::unsent);
    case EffectKind::write_storage:
      return writes(effect.data);
    case EffectKind::release_lock:
      locks_.erase(effect.ticket);
      return;
    case EffectKind::write_lease:
    case EffectKind::remove_lease:
      return require(config_.shared_storage != 0 && effect.data.size() == 32);
    case EffectKind::broadcast:
      return require(read_peer_message(effect.data).ok() && !holds_secret(effect.data));  // X3
    case EffectKind::refresh:
      refreshes_++;
      return require(config_.mode == Mode::bearer || effect.data.empty());
    case EffectKind::revoke:
      return require(config_.mode == Mode::bearer || effect.data.empty());
    case EffectKind::emit:
      return emits(effect);
    default:
      return require(effect.data.empty());
  }
}

void Watch::drained() const {
  require(config_.mode != Mode::cookie || session_.access_token().empty());  // C1
  require(session_.busy() || locks_.empty());
}

void Watch::at_rest() const {
  for (const auto& [id, call] : calls_) require(call.place == Place::on_its_way);
}

}  // namespace bearerkit::fuzz
