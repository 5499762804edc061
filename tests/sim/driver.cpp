// What js/driver.ts and js/actor.ts do: feed the machine, take its effects out, carry them out one
// after the other, set the one timer.
#include <algorithm>
#include <cmath>
#include <utility>

#include "world_input.h"

namespace bearerkit::sim {
namespace {

constexpr double kLongestTimer = 2147483647;
constexpr std::uint32_t kTimerRepeats = 3;

}  // namespace

void World::drain(std::uint8_t index) {
  Tab& tab = tabs_[index];
  collect(index);
  if (tab.performing) return;
  tab.performing = true;
  while (tab.next_effect < tab.effects.size()) {
    QueuedEffect queued = std::move(tab.effects[tab.next_effect++]);
    perform(index, queued);
  }
  tab.effects.clear();
  tab.next_effect = 0;
  tab.performing = false;
  afterwards(index);
}

void World::collect(std::uint8_t index) {
  Tab& tab = tabs_[index];
  const std::size_t first = tab.effects.size();
  const std::uint32_t family = tab.family;
  Effect effect;
  while (tab.session->poll_effect(effect)) {
    tab.effects.push_back({std::move(effect), kNone, family});
  }
  note_token(index);
  for (std::size_t i = first; i < tab.effects.size(); i++) {
    QueuedEffect& queued = tab.effects[i];
    const EffectKind kind = queued.effect.kind;
    const bool sends = kind == EffectKind::send || kind == EffectKind::retry;
    if (sends && (queued.effect.flags & with_token) != 0) queued.token = tab.token;
  }
}

// The token that the client has now, and until when it should do.
void World::note_token(std::uint8_t index) {
  Tab& tab = tabs_[index];
  const std::uint32_t token = Server::id_of(tab.session->access_token());
  if (tab.session->token_version() == tab.version) {
    if (token != tab.token) fail(Invariant::token_version, index);
    return;
  }
  tab.version = tab.session->token_version();
  tab.causes = Causes{};
  tab.token = token;
  // C4: a presumed session begins without a word, and knows nothing of the failures of another.
  if (settings_.mode != Mode::bearer && token == kNone) {
    tab.backoff_until = tab.backoff_latest = 0;
  }
  if (settings_.mode != Mode::cookie) tab.family = server_.family_of(token);

  // Inside the margin a refresh may begin (R11, E7).
  const auto due = [&](double received, double life) {
    return life == kNever
               ? kNever
               : received + life - std::min(settings_.client.refresh_margin, life * 0.25) - 1;
  };
  const StoredRecord& read = tab.read;  // from another tab, by whatever clock that has
  const double own_due = due(tab.own_received, tab.own_life);
  const double its_due = read.life == kNever ? kNever : due(read.deadline - read.life, read.life);
  if (settings_.mode == Mode::cookie) {  // whose it is cannot be told
    tab.causes.due = std::min(own_due, its_due);
  } else {
    tab.causes.due = token == tab.own_access ? own_due : its_due;
  }
}

void World::perform(std::uint8_t index, QueuedEffect& queued) {
  Tab& tab = tabs_[index];
  Effect& effect = queued.effect;
  switch (effect.kind) {
    case EffectKind::send:
    case EffectKind::retry: {
      const std::uint32_t call = call_of(tab, effect.request);
      if (call == kNoCall) return;
      if (effect.kind == EffectKind::retry) stats_.retries++;
      return send_call(index, call, effect.flags, queued.token);
    }
    case EffectKind::deliver:
    case EffectKind::settle: {
      const std::uint32_t call = call_of(tab, effect.request);
      if (call == kNoCall) return;
      const bool kept = tab.calls[call].has_401;
      if (kept != (effect.kind == EffectKind::deliver)) {
        fail(Invariant::settles_once, index, "delivered without an answer, or settled with one");
      }
      trace_.add(now_, index, Note::settles, call, effect.code);
      check_probe(index, tab.calls[call]);
      return settle(index, call);
    }
    case EffectKind::acquire_lock:
      return acquire_lock(index, effect);
    case EffectKind::release_lock:
      return release_lock(index, effect.ticket);
    case EffectKind::write_lease:
      return lease_task(index, {LeaseTask::Kind::write, 0, std::move(effect.data)});
    case EffectKind::remove_lease:
      return lease_task(index, {LeaseTask::Kind::look, 0, std::move(effect.data)});
    case EffectKind::read_storage:
      if (static_cast<ReadPurpose>(effect.code) == ReadPurpose::lease) {
        return lease_task(index, {LeaseTask::Kind::read, effect.ticket, {}});
      }
      return storage_task(index,
                          {StorageTask::Kind::read, effect.ticket, effect.code, {}, 0, false});
    case EffectKind::write_storage:
      return storage_task(index,
                          {StorageTask::Kind::write, effect.ticket, 0, std::move(effect.data),
                           server_.family_of(tab.own_access), false});
    case EffectKind::remove_storage:
      return storage_task(
          index, {StorageTask::Kind::remove, 0, 0, {}, queued.family, tab.user_signed_out});
    case EffectKind::refresh:
      return redeem(index, queued);
    case EffectKind::cancel_refresh:
      return cancel_redeem(index, effect.ticket);
    case EffectKind::revoke: {
      const std::uint32_t token =
          settings_.mode == Mode::bearer ? Server::id_of(effect.data) : cookie_refresh_;
      tab.revoked_now = token;
      trace_.add(now_, index, Note::revokes, token);
      const bool lost = hits(Fault::request_lost) || network_down();
      if (token != kNone && !lost) schedule(delay(40), Happening::revoke, index, token);
      return;
    }
    case EffectKind::broadcast:
      return send_message(index, effect.data);
    case EffectKind::emit:
      return emit(index, effect);
    case EffectKind::none:
      return;
  }
}

void World::emit(std::uint8_t index, const Effect& effect) {
  Tab& tab = tabs_[index];
  switch (static_cast<Event_>(effect.code)) {
    case Event_::signedin:
      trace_.add(now_, index, Note::signed_in, effect.flags, effect.generation, tab.family);
      if (settings_.mode == Mode::bearer &&
          std::find(tab.ended.begin(), tab.ended.end(), tab.family) != tab.ended.end()) {
        fail(Invariant::ended_session_adopted, index);
      }
      tab.told = {true, true, effect.generation};
      tab.signed_in_at = now_;
      tab.missed_message = false;
      tab.backoff_until = tab.backoff_latest = 0;
      return;
    case Event_::signedout: {
      const std::uint32_t family = tab.told_family;
      trace_.add(now_, index, Note::signed_out, effect.flags, family);
      stats_.ends[effect.flags]++;
      excuse_tab(index, Fault::signed_in_elsewhere);
      check_signed_out(index, static_cast<SignOutReason>(effect.flags));
      if (family != kNone) tab.ended.push_back(family);
      if (tab.ended.size() > 8) tab.ended.erase(tab.ended.begin());
      tab.told = {};
      tab.backoff_until = tab.backoff_latest = 0;
      tab.redeeming.active = false;
      return;
    }
    case Event_::refreshed: {
      trace_.add(now_, index, Note::refreshed, effect.generation, effect.flags);
      // What was presumed and is now known begins with both events.
      const bool newer = effect.generation > tab.told.generation ||
                         (tab.told.just_now && effect.generation == tab.told.generation);
      if (!newer && tab.told.signed_in && tab.told_family == tab.family) {
        fail(Invariant::adopted_stale, index);
      }
      if (effect.flags != 0) stats_.adoptions++;
      tab.told.generation = effect.generation;
      tab.told.just_now = false;
      tab.backoff_until = tab.backoff_latest = 0;
      tab.redeeming.active = false;
      return;
    }
    case Event_::refreshfailed:
      trace_.add(now_, index, Note::refresh_failed,
                 static_cast<std::uint64_t>(effect.at - local(tab)));
      if (effect.at < local(tab) + tab.retry_after) {
        fail(Invariant::backoff_kept, index, "Retry-After");
      }
      tab.retry_after = 0;
      tab.redeeming.active = false;
      tab.refused = kNone;
      tab.backoff_until = tab.backoff_latest = effect.at;
      tab.put_off = std::exchange(tab.told_when, false);
      tab.causes.failures = 1;
      return;
    case Event_::warning:
      trace_.add(now_, index, Note::warning, effect.flags);
      if (static_cast<Warning>(effect.flags) == Warning::storage_slow) {
        tab.storage_slow = true;
        tab.slow_access = tab.redeemed_access;
        excuse_tab(index, Fault::storage_hangs);
        // C4: nothing tells it that the tokens are those of another user's cookie.
        if (tab.redeeming.active) {
          server_.family(server_.refresh(tab.redeeming.refresh).family).came_late = true;
        }
        // X4, R10: it may have been the lease.
        if (!settings_.locks) tab.lost_lock = true;
      }
      // X4: a lease was waited for long enough.
      if (static_cast<Warning>(effect.flags) == Warning::lock_stolen && !settings_.locks) {
        count(Fault::lock_stolen);
        lose_turns(Fault::lock_stolen);
      }
      return;
    case Event_::timeline:
      return;
  }
}

void World::afterwards(std::uint8_t index) {
  Tab& tab = tabs_[index];
  if (tab.closing && !tab.session->busy() && !tab.storage_busy) {
    gone(index);
    return;
  }
  const double at = tab.session->poll_timeout();
  if (at != tab.timer_at) {
    tab.timer_serial++;
    tab.timer_at = at;
    if (at != kNever) {
      const double wait = std::clamp(std::ceil(at - local(tab)), 0.0, kLongestTimer);
      schedule(static_cast<Time>(wait), Happening::timer, index, tab.timer_serial);
    }
  }
  if (!tab.session->busy()) {
    // A presumed session ends without a word.
    excuse_tab(index, Fault::signed_in_elsewhere);
    tab.redeeming.active = false;
    tab.judged = false;
    tab.busy_since = 0;
    tab.interruptions = 0;
    tab.end_is_due = false;
  } else if (tab.busy_since == 0) {
    tab.busy_since = now_;
  }
  tab.told_family = tab.told.signed_in ? tab.family : kNone;
  check_state(index);
  tab.user_signed_out = false;
  tab.revoked_now = kNone;
}

void World::fire_timer(std::uint8_t index, std::uint32_t serial) {
  Tab& tab = tabs_[index];
  if (serial != tab.timer_serial) return;
  tab.timer_at = kNever;
  trace_.add(now_, index, Note::timer_fires);
  input(index, [](Session& session, double now) { session.handle_timeout(now); });
  if (!tab.alive) return;
  tab.timer_repeats = tab.timer_at <= local(tab) ? tab.timer_repeats + 1 : 0;
  if (tab.timer_repeats > kTimerRepeats) fail(Invariant::timer_progress, index);
}

}  // namespace bearerkit::sim
