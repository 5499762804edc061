// What the page is told: the machine's events.
#include <algorithm>
#include <utility>

#include "world_input.h"

namespace bearerkit::sim {

void World::tell(std::uint8_t index, const Effect& effect) {
  switch (effect.kind) {
    case EffectKind::signedin:
      return told_signed_in(index, effect.signedin.source);
    case EffectKind::signedout:
      return told_signed_out(index, effect.signedout.reason);
    case EffectKind::refreshed:
      return told_refreshed(index, effect.refreshed);
    case EffectKind::refreshfailed:
      return told_refresh_failed(index, effect.refreshfailed.retry_at);
    case EffectKind::warning:
      return told_warning(index, effect.warning.code);
    default:
      return;
  }
}

void World::told_signed_in(std::uint8_t index, SignInSource source) {
  Tab& tab = tabs_[index];
  const std::uint32_t generation = tab.machine->generation();
  trace_.add(now_, index, Note::signed_in, static_cast<std::uint64_t>(source), generation,
             tab.family);
  if (settings_.mode == Mode::bearer &&
      std::find(tab.ended.begin(), tab.ended.end(), tab.family) != tab.ended.end()) {
    fail(Invariant::ended_session_adopted, index);
  }
  if (settings_.server.names_users && tab.told.signed_in && source != SignInSource::here &&
      server_.user_of(tab.told_family) != server_.user_of(tab.family)) {
    fail(Invariant::sent_as_another, index, "the page is not told that the session has ended");
  }
  tab.told = {true, true, generation};
  tab.hopeless = 0;
  if (source != SignInSource::restored) tab.maybe_hopeless = 0;
  tab.no_more_tokens = false;
  tab.unclear = Unclear{};
  tab.signed_in_at = now_;
  tab.missed_message = false;
  tab.backoff_until = tab.backoff_latest = 0;
}

void World::told_signed_out(std::uint8_t index, SignOutReason reason) {
  Tab& tab = tabs_[index];
  const std::uint32_t family = tab.told_family;
  trace_.add(now_, index, Note::signed_out, static_cast<std::uint64_t>(reason), family);
  stats_.ends[static_cast<std::size_t>(reason)]++;
  excuse_tab(index, Fault::signed_in_elsewhere);
  check_signed_out(index, reason);
  if (reason == SignOutReason::replaced) {
    tab.probe_excused = true;  // L5: its calls get their 401
    tab.left = tab.read.session;
  }
  tab.no_more_tokens = false;
  tab.unclear = Unclear{};
  // Its record goes, and its cookie may be good all the same: whose it is nothing tells then (C4).
  if (reason == SignOutReason::refresh_rejected && family != kNone) {
    server_.family(family).came_late = true;
  }
  if (family != kNone) tab.ended.push_back(family);
  if (tab.ended.size() > 8) tab.ended.erase(tab.ended.begin());
  tab.told = {};
  tab.backoff_until = tab.backoff_latest = 0;
  tab.redeeming.active = false;
}

void World::told_refreshed(std::uint8_t index, const Effect::Refreshed& refreshed) {
  Tab& tab = tabs_[index];
  const auto [generation, elsewhere] = refreshed;
  trace_.add(now_, index, Note::refreshed, generation, elsewhere);
  // What was presumed and is now known begins with both events.
  const bool newer =
      generation > tab.told.generation || (tab.told.just_now && generation == tab.told.generation);
  if (!newer && tab.told.signed_in && tab.told_family == tab.family) {
    fail(Invariant::adopted_stale, index);
  }
  if (settings_.server.names_users && tab.told.signed_in && !tab.told.just_now &&
      server_.user_of(tab.told_family) != server_.user_of(tab.family)) {
    fail(Invariant::sent_as_another, index, "the page is told of a refresh only");
  }
  tab.no_more_tokens = false;
  tab.unclear = Unclear{};
  if (elsewhere != 0) stats_.adoptions++;
  tab.told.generation = generation;
  tab.told.just_now = false;
  tab.backoff_until = tab.backoff_latest = 0;
  tab.redeeming.active = false;
}

void World::told_refresh_failed(std::uint8_t index, double retry_at) {
  Tab& tab = tabs_[index];
  // No more tries: the session lasts as long as its token.
  const bool last = retry_at == kNever;
  trace_.add(now_, index, Note::refresh_failed,
             last ? 0 : static_cast<std::uint64_t>(retry_at - local(tab)));
  if (last) {
    if (!was_refused(tab)) fail(Invariant::end_has_cause, index, "refused");
    check_rejected(index);
  }
  if (!tab.redeeming.active) check_unsent(index);
  tab.no_more_tokens = last;
  if (retry_at < local(tab) + tab.retry_after) {
    fail(Invariant::backoff_kept, index, "Retry-After");
  }
  tab.retry_after = 0;
  tab.redeeming.active = false;
  tab.refused = kNone;
  tab.backoff_until = tab.backoff_latest = retry_at;
  tab.put_off = std::exchange(tab.told_when, false);
  tab.causes.failures = last ? 0 : 1;
}

void World::told_warning(std::uint8_t index, Warning code) {
  Tab& tab = tabs_[index];
  trace_.add(now_, index, Note::warning, static_cast<std::uint64_t>(code));
  if (code == Warning::storage_slow) {
    tab.storage_slow = true;
    tab.slow_access = tab.redeemed_access;
    excuse_tab(index, Fault::storage_hangs);
    // C4: nothing tells it that the tokens are those of another user's cookie.
    if (tab.redeeming.active) {
      server_.family(server_.refresh(tab.redeeming.refresh).family).came_late = true;
    }
    // X4, R10: it may have been the lease.
    if (!settings_.locks) {
      tab.lost_lock = true;
      tab.claimed.clear();
    }
  }
  if (code == Warning::lock_stolen) tab.told_of_steal = true;
  // X4: a lease was waited for long enough.
  if (code == Warning::lock_stolen && !settings_.locks) {
    count(Fault::lock_stolen);
    lose_turns(Fault::lock_stolen);
  }
}

}  // namespace bearerkit::sim
