// The invariants that belong to one step; those of the calm are in checks_of_calm.cpp.
#include <algorithm>
#include <utility>

#include "world_input.h"

namespace bearerkit::sim {

namespace {

// Settings::lock_timeout, a timer that is late by itself, and a clock that is slow.
constexpr Time kLongSleep = 18'750 + 2'000 + 1'000;  // with the patience at its longest (X10)

}  // namespace

void World::fail(Invariant invariant, std::uint8_t tab, std::string detail) {
  const bool ignored = (settings_.ignored >> static_cast<unsigned>(invariant) & 1) != 0;
  if (violation_.found || ignored) return;
  violation_ = {true, invariant, tab, now_, events_, std::move(detail)};
}

void World::check_send(std::uint8_t index, const Call& call, std::uint32_t flags,
                       std::uint32_t token) {
  Tab& tab = tabs_[index];
  constexpr std::uint32_t kNotOurs = foreign_origin | caller_authorization | no_cors;
  if ((call.flags & kNotOurs) != 0 && (flags & (with_token | credentials | csrf)) != 0) {
    fail(Invariant::foreign_token, index);
  }
  if (call.sends > 2 || (call.sends == 2 && !call.has_401)) fail(Invariant::one_retry, index);
  if (call.sends == 2 && (call.flags & one_shot_body) != 0) fail(Invariant::one_shot_body, index);
  if ((flags & with_token) == 0) {
    if (token != kNone && settings_.mode != Mode::cookie) fail(Invariant::one_token_set, index);
    return;
  }
  if (token == kNone) fail(Invariant::one_token_set, index, "no access token");
  if (call.sends == 2 && token == call.token) fail(Invariant::one_retry, index, "the same token");

  const std::uint32_t family = server_.family_of(token);
  check_user(index, call, family);
  // What began before the token was known belongs to the session that was presumed (C4).
  // Where the record is not shared, only the server knows whose the cookie is.
  const bool presumed =
      settings_.mode == Mode::hybrid &&
      (call.family == kNone || !settings_.shared() || storage_failed_ ||
       server_.family(family).came_late || server_.family(call.family).came_late ||
       server_.user_of(family) == server_.user_of(call.family));  // L5
  if (family != call.family && !call.while_starting && !presumed)
    fail(Invariant::old_session_sent, index);
  // A cookie outlives what the tabs know of it (C4).
  if (settings_.mode != Mode::bearer) return;
  if (std::find(tab.ended.begin(), tab.ended.end(), family) != tab.ended.end()) {
    fail(Invariant::ended_session_sent, index);
  }
  // R8: until then the answer is the server's own.
  // F10: or what cannot wait.
  const bool urgent = call.sends == 1 && (call.flags & cannot_wait) != 0;
  if (token == tab.refused && local(tab) >= tab.backoff_latest && !urgent) {
    fail(Invariant::refused_sent, index);
  }
  if (token == tab.redeemed_access && tab.stored_access != token && !tab.storage_failed &&
      !tab.storage_slow && token != tab.slow_access) {
    fail(Invariant::stored_first, index);
  }
}

// Looked at when the lock is asked for: while a tab waits for it, its clock may be set.
bool World::has_cause(const Tab& tab) const {
  const Causes& causes = tab.causes;
  const bool unknown = settings_.mode == Mode::hybrid && tab.token == kNone;
  return tab.asked != 0 || causes.unauthorized != 0 || causes.failures != 0 ||
         local(tab) >= causes.due || unknown;
}

void World::judge(std::uint8_t index) {
  Tab& tab = tabs_[index];
  if (!has_cause(tab)) {
    fail(tab.causes.idle_401, index,
         "its token is due in " + std::to_string(tab.causes.due - local(tab)) + " ms");
  }
  if (local(tab) < tab.backoff_until && tab.asked == 0) {
    fail(Invariant::backoff_kept, index);
  }
}

void World::check_redeem(std::uint8_t index, std::uint32_t refresh) {
  Tab& tab = tabs_[index];
  // R24: a second thought is of the same refresh.
  if (!std::exchange(tab.judged, false) && tab.refusals == 0) judge(index);
  // Longer than any wait of its turn, and once in a refresh (R10). A lease goes by its own time.
  const bool takes_turns = settings_.locks && settings_.client.takes_turns();
  if (takes_turns && tab.longest_sleep > kLongSleep && tab.interruptions == 1) {
    fail(Invariant::begins_anew, index);
  }
  const bool lost = !tab.claimed.empty() && tab.lease_seen && *tab.lease_seen != tab.claimed;
  if (lost && tab.interruptions == 0) fail(Invariant::claims_again, index);
  // R10: unless the storage does not answer.
  if (tab.run_read < tab.awake_since && !tab.storage_slow) fail(Invariant::reads_anew, index);
  if (refresh == kNone) {
    if (settings_.mode == Mode::bearer) fail(Invariant::refresh_has_cause, index, "no token");
    return;
  }
  check_copy(index, refresh);
  if (tab.storage_slow) excuse(refresh, Fault::storage_hangs);
  if (tab.storage_failed) excuse(refresh, Fault::storage_failed);
  if (tab.lost_lock) excuse(refresh, Fault::lock_stolen);
  // X4: its claim was not there in time to be read back, not the second one either.
  if (tab.claims_under_way != 0 || tab.lease_waits) excuse(refresh, Fault::storage_hangs);
  // R10: it has asked twice, and waited its whole time, and another claim came after its own: it
  // goes on without.
  const bool lost_claim = !tab.lease.empty() && tab.lease != lease_.newest();
  // (By a clock of its own, which may be a little fast.)
  const auto patience = static_cast<Time>(0.9 * settings_.client.lock_timeout);
  const bool again = tab.interruptions != 0;
  if (lost_claim && again && now_ - tab.lock_wanted >= patience)
    excuse(refresh, Fault::lock_stolen);
  if (settings_.no_turns()) excuse(refresh, Fault::no_turns);
  if (tab.read_corrupt) excuse(refresh, Fault::storage_corrupt);
  if (storage_of(index).torn) excuse(refresh, Fault::storage_hangs);
  RefreshToken& token = server_.refresh(refresh);
  check_reload(index, token);
  if (server_.family(token.family).reverted) excuse(refresh, Fault::storage_reverted);
  if (token.excuse != Fault::none) return;
  const std::string which = "refresh token " + std::to_string(refresh);
  if (token.in_flight > 0) fail(Invariant::one_flight, index, which);
  if (token.used) fail(Invariant::redeemed_twice, index, which);
}

// Of a refresh or a revocation.
void World::check_token_set(std::uint8_t index, const Effect& effect) {
  const Tab& tab = tabs_[index];
  const std::uint32_t access = Server::id_of(effect.access_token.view());
  bool fits = false;
  if (!effect.text.empty()) {
    fits = server_.access(access).refresh == Server::id_of(effect.text);
  } else if (effect.kind == EffectKind::refresh) {
    fits = access == tab.token;
  } else {
    // With cookies nothing else names the session: of the one that ended, or just given.
    fits = access == kNone || access == tab.redeemed_access ||
           server_.family_of(access) == tab.told_family;
  }
  if (!fits) {
    fail(Invariant::one_token_set, index, "access token " + std::to_string(access));
  }
}

// The time-out goes by the tab's own clock, which may have been set. A tab that was frozen beyond
// it waits anew, once in a refresh (R10).
void World::check_steal(std::uint8_t index) {
  const Tab& tab = tabs_[index];
  if (tab.clock_set >= tab.lock_wanted) return;
  constexpr Time kDrift = 50;
  constexpr Time kLoad = 2'000;  // a timer may be so late by itself
  // X10: others were at work.
  const Time since = std::max(tab.lock_wanted, tab.heard_life);
  const Time at_latest = std::max(tab.lock_wanted, tab.may_have_heard);
  const auto deadline = since + static_cast<Time>(settings_.client.lock_timeout);
  const bool once = settings_.storage != StorageKind::shared_async && tab.interruptions == 1;
  const auto latest = at_latest + static_cast<Time>(1.25 * settings_.client.lock_timeout);
  if (now_ < deadline - kDrift || (once && tab.awake_since > latest + kLoad + kDrift)) {
    fail(Invariant::steal_in_time, index);
  }
}

void World::check_signed_out(std::uint8_t index, SignOutReason reason) {
  const Tab& tab = tabs_[index];
  const auto cause = [&](bool is_there) {
    if (!is_there) fail(Invariant::end_has_cause, index);
  };
  switch (reason) {
    case SignOutReason::none:
      return cause(false);
    case SignOutReason::signed_out:
      return cause(tab.user_signed_out);
    case SignOutReason::signed_out_elsewhere:
      // Hybrid: another user's record is found, and with it another cookie.
      return cause(tab.heard_end || tab.end_is_due ||
                   (settings_.mode == Mode::hybrid && tab.read.readable));
    case SignOutReason::refresh_rejected: {
      const StoredRecord& stored = storage_of(index).record;
      if (settings_.storage != StorageKind::shared_async && !tab.storage_failed &&
          now_ - storage_of(index).written > settings_.lag && tab.told_family != kNone &&
          server_.family_of(stored.access) == tab.told_family &&
          stored.refresh > tab.redeeming.refresh) {
        fail(Invariant::winner_adopted, index);
      }
      check_rejected(index);
      return cause(tab.no_more_tokens || was_refused(tab));
    }
    case SignOutReason::expired:
      return cause(!settings_.server.gives_refresh_token && settings_.function == Function::none);
    case SignOutReason::storage_corrupt:
      return cause(tab.read_corrupt);
    case SignOutReason::storage_cleared:
      return cause(tab.read_missing);
    case SignOutReason::replaced:  // L5: by the tokens that it has now
      return cause(settings_.server.names_users && tab.family != kNone &&
                   server_.user_of(tab.family) != server_.user_of(tab.told_family));
  }
}

// With a storage of its own a tab may not have heard that a copy of its session has ended.
bool World::knows_end(const Tab& tab, std::uint32_t family) const {
  return settings_.shared() ||
         std::find(tab.ended.begin(), tab.ended.end(), family) != tab.ended.end();
}

void World::check_write(std::uint8_t index, const StorageTask& task, const StorageKey& before) {
  if (unseen(task, before)) return;
  const StoredRecord& record = storage_of(index).record;
  // C7: the server's no takes the place of nothing, or of what is over.
  if (record.refusal) {
    if (before.record.readable && !sessions_over_.contains(before.record.session)) {
      fail(Invariant::foreign_record_removed, index, "by the server's no");
    }
    return;
  }
  // A sign-in writes generation 1. In hybrid and cookie mode a session may be presumed (C4).
  if (!before.text && record.generation > 1 && settings_.mode == Mode::bearer) {
    fail(Invariant::cleared_written, index);
  }
  // X9: in a storage of its own the tab keeps what it was handed.
  const std::uint32_t least = record.generation + (settings_.shared() ? 0 : 1);
  if (before.record.session == record.session && before.record.generation >= least) {
    fail(Invariant::adopted_stale, index, "an older record is written over a newer one");
  }
  // What is asked for before a sign-out may take place after it, and be removed in its turn.
  const bool at_once = settings_.storage != StorageKind::shared_async;
  const std::uint32_t family = server_.family_of(record.access);
  const bool knows = knows_end(tabs_[index], family);
  if (at_once && knows && !before.overrun && family != kNone && server_.family(family).signed_out) {
    fail(Invariant::ended_session_stored, index);
  }
}

// When the core asks for it: that a slow storage does it later is not the core's doing.
void World::check_remove(std::uint8_t index, const StorageTask& task) {
  const Tab& tab = tabs_[index];
  const StorageKey& storage = storage_of(index);
  if (!settings_.shared() || task.by_user || tab.storage_failed || unseen(task, storage)) return;
  // Its own sign-in is about to be written over what is there (L2).
  const auto signs_in = [](const StorageTask& other) {
    return other.kind == StorageTask::Kind::write && look_into(other.text).generation == 1;
  };
  if (std::any_of(tab.storage_tasks.begin(), tab.storage_tasks.end(), signs_in)) return;
  if (storage.record.readable && !sessions_over_.contains(storage.record.session)) {
    fail(Invariant::foreign_record_removed, index);
  }
}

// `refresh` was under way when a timer fired, and is over, whatever has become of its session.
void World::check_given_up(std::uint8_t index, const Redeeming& refresh) {
  const Tab& tab = tabs_[index];
  if (local(tab) < refresh.begun + settings_.client.refresh_timeout) return;
  if (tab.redeeming.active && tab.redeeming.run == refresh.run) return;  // it is not
  const auto goes_on = [&](const Job& job) {
    return job.used && job.tab == index && job.life == tab.life && job.run == refresh.run &&
           !job.given_up;
  };
  const auto& jobs = jobs_.all();
  if (std::any_of(jobs.begin(), jobs.end(), goes_on)) fail(Invariant::given_up_in_time, index);
}

void World::check_probe(std::uint8_t index, const Call& call) {
  const Tab& tab = tabs_[index];
  if (!call.probe || tab.probe_excused || !tab.told.signed_in) return;
  const std::uint32_t family =
      settings_.mode == Mode::bearer ? tab.family : server_.refresh(cookie_refresh_).family;
  // L5: whose place another user has taken.
  const bool replaced =
      call.family != kNone && server_.user_of(call.family) != server_.user_of(family);
  if (!replaced && !server_.family(family).revoked) fail(Invariant::recovery, index);
}

// After each input and all that it brought about.
void World::check_state(std::uint8_t index) {
  Tab& tab = tabs_[index];
  if (tab.told.signed_in != tab.machine->signed_in()) fail(Invariant::told_state, index);
  if (tab.told.signed_in && tab.told.generation > tab.machine->generation()) {
    fail(Invariant::told_state, index, "generation");
  }
  const std::uint32_t wanted = std::exchange(tab.expects_revoke, kNone);
  if (wanted != kNone && tab.revoked_now != wanted) fail(Invariant::dropped_is_revoked, index);
  const std::uint32_t signed_out = std::exchange(tab.expects_sign_out_revoke, kNone);
  if (signed_out != kNone && (tab.revoked_now == kNone || tab.revoked_access != signed_out)) {
    fail(Invariant::sign_out_revoked, index);
  }
}

}  // namespace bearerkit::sim
