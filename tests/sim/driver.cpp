// What js/driver/driver.ts and performer.ts do: feed the machine, take its effects out, carry them
// out one after the other, set the one timer.
#include <algorithm>
#include <cmath>
#include <utility>

#include "world_input.h"

namespace bearerkit::sim {
namespace {

constexpr double kLongestTimer = 2147483647;
constexpr std::uint32_t kTimerRepeats = 3;

}  // namespace

void World::input(std::uint8_t index, const Input& input) {
  Tab& tab = tabs_[index];
  tab.machine->handle(local(tab), input);
  drain(index);
}

void World::drain(std::uint8_t index) {
  Tab& tab = tabs_[index];
  note_token(index);
  if (tab.effects.running()) return;  // they come behind those that are there
  tab.effects.run(*tab.machine, [&](const Effect& effect) { perform(index, effect); });
  after_effects(index);
}

// The token that the client has now, and until when it should do.
void World::note_token(std::uint8_t index) {
  Tab& tab = tabs_[index];
  const std::uint32_t token = Server::id_of(tab.machine->access_token());
  if (tab.machine->token_version() == tab.version) {
    if (token != tab.token) fail(Invariant::token_version, index);
    return;
  }
  tab.version = tab.machine->token_version();
  tab.causes = Causes{};
  if (token != tab.token) tab.last_token = tab.token;
  tab.token = token;
  // C4: a presumed session begins without a word, and knows nothing of the failures of another.
  if (settings_.mode != Mode::bearer && token == kNone) {
    tab.backoff_until = tab.backoff_latest = 0;
    tab.hopeless = 0;
  }
  if (settings_.mode != Mode::cookie) tab.family = server_.family_of(token);

  // Inside the margin a refresh may begin (R11, E7).
  const auto due = [&](double received, double life) {
    return life == kNever
               ? kNever
               : received + life - std::min(settings_.client.refresh_margin, life * 0.25) - 1;
  };
  // From another tab, by whatever clock that has.
  const StoredRecord* from = &tab.read;
  for (const StoredRecord& handed : tab.handed) {
    if (token != kNone && handed.access == token) from = &handed;
  }
  const StoredRecord& read = *from;
  const double own_due = due(tab.own_received, tab.own_life);
  const double its_due = read.life == kNever ? kNever : due(read.deadline - read.life, read.life);
  if (settings_.mode == Mode::cookie) {  // whose it is cannot be told
    tab.causes.due = std::min(own_due, its_due);
  } else {
    tab.causes.due = token == tab.own_access ? own_due : its_due;
  }
}

void World::perform(std::uint8_t index, const Effect& effect) {
  Tab& tab = tabs_[index];
  switch (effect.kind) {
    case EffectKind::send:
      return send_waiting(index, effect.send, effect.access_token);
    case EffectKind::retry:
      stats_.retries++;
      return send_waiting(index, effect.retry, effect.access_token);
    case EffectKind::deliver:
      return end_waiting(index, effect.deliver.request, ErrorCode::none, true);
    case EffectKind::finish:
      return end_waiting(index, effect.finish.request, effect.finish.error, false);
    case EffectKind::acquire_lock:
      return acquire_lock(index, effect);
    case EffectKind::release_lock:
      return release_lock(index, effect.release_lock.run);
    case EffectKind::write_lease:
      if (effect.write_lease.lease == Lease::turn) note_claim(index, effect.text);
      return lease_task(index, {effect.write_lease.lease == Lease::turn ? LeaseTask::Kind::write
                                                                        : LeaseTask::Kind::note,
                                0, effect.text});
    case EffectKind::remove_lease:
      return lease_task(index,
                        {effect.remove_lease.lease == Lease::turn ? LeaseTask::Kind::look
                                                                  : LeaseTask::Kind::end_note,
                         0, effect.text});
    case EffectKind::mark:
      if (settings_.locks) tab.mark = effect.text;
      tab.mark_since = local(tab);
      tab.marked_at = now_;
      return;
    case EffectKind::read_storage: {
      const auto [operation, purpose] = effect.read_storage;
      if (purpose == ReadPurpose::marks) {
        return lease_task(index, {LeaseTask::Kind::marks, operation, {}});
      }
      if (purpose == ReadPurpose::flight) {
        return lease_task(index, {LeaseTask::Kind::read_note, operation, {}});
      }
      if (purpose == ReadPurpose::lease) {
        tab.lease_look = operation;
        return lease_task(index, {LeaseTask::Kind::read, operation, {}});
      }
      return storage_task(index, {StorageTask::Kind::read, operation, purpose, {}, kNone, false});
    }
    case EffectKind::write_storage:
      return storage_task(index, {StorageTask::Kind::write,
                                  effect.write_storage.operation,
                                  {},
                                  effect.text,
                                  server_.family_of(tab.own_access),
                                  false});
    case EffectKind::remove_storage:
      return storage_task(
          index, {StorageTask::Kind::remove, 0, {}, {}, tab.told_family, tab.user_signed_out});
    case EffectKind::refresh:
      return redeem(index, effect);
    case EffectKind::cancel_refresh:
      return cancel_redeem(index, effect.cancel_refresh.run);
    case EffectKind::revoke:
      return revoke(index, effect);
    case EffectKind::broadcast:
      return send_message(index, effect.text);
    default:
      return tell(index, effect);
  }
}

void World::send_waiting(std::uint8_t index, const Effect::Send& send, const Text& token) {
  Tab& tab = tabs_[index];
  const std::uint32_t call = call_of(tab, send.request);
  if (call == kNoCall) return;
  const std::uint32_t access = Server::id_of(token.view());
  if (send.token_version == tab.version && (send.flags & with_token) != 0 && access != tab.token) {
    fail(Invariant::token_version, index);
  }
  send_call(index, call, send.flags, access, send.token_version);
}

// By an effect deliver or finish.
void World::end_waiting(std::uint8_t index, RequestId request, ErrorCode error, bool delivered) {
  Tab& tab = tabs_[index];
  const std::uint32_t call = call_of(tab, request);
  if (call == kNoCall) return;
  if (tab.calls[call].has_401 != delivered) {
    fail(Invariant::ends_once, index, "delivered without an answer, or finished with one");
  }
  trace_.add(now_, index, Note::ends, call, static_cast<std::uint64_t>(error));
  check_probe(index, tab.calls[call]);
  end_call(index, call);
}

void World::revoke(std::uint8_t index, const Effect& effect) {
  Tab& tab = tabs_[index];
  const std::uint32_t token =
      settings_.mode == Mode::bearer ? Server::id_of(effect.text) : cookie_refresh_;
  tab.revoked_now = token;
  tab.revoked_access = Server::id_of(effect.access_token.view());
  trace_.add(now_, index, Note::revokes, token);
  check_token_set(index, effect);
  const bool lost = hits(Fault::request_lost) || network_down();
  if (lost) schedule(delay(200), Happening::revoke_lost, index);
  if (token != kNone && !lost) schedule(delay(40), Happening::revoke, index, token);
}

void World::after_effects(std::uint8_t index) {
  Tab& tab = tabs_[index];
  if (tab.closing && !tab.machine->refreshing() && !tab.storage_busy) {
    gone(index);
    return;
  }
  const double at = tab.machine->poll_timeout();
  if (at != tab.timer_at) {
    tab.timer_serial++;
    tab.timer_at = at;
    if (at != kNever) {
      const double wait = std::clamp(std::ceil(at - local(tab)), 0.0, kLongestTimer);
      schedule(static_cast<Time>(wait), Happening::timer, index, tab.timer_serial);
    }
  }
  if (!tab.machine->refreshing()) {
    // A presumed session ends without a word.
    excuse_tab(index, Fault::signed_in_elsewhere);
    tab.redeeming.active = false;
    tab.judged = false;
    tab.refusals = 0;
    tab.busy_since = 0;
    tab.interruptions = 0;
    tab.end_is_due = false;
  } else if (tab.busy_since == 0) {
    tab.busy_since = now_;
  }
  tab.told_family = tab.told.signed_in ? tab.family : kNone;
  check_state(index);
  tab.user_signed_out = false;
  tab.told_of_steal = false;
  tab.revoked_now = kNone;
}

void World::fire_timer(std::uint8_t index, std::uint32_t serial) {
  Tab& tab = tabs_[index];
  if (serial != tab.timer_serial) return;
  tab.timer_at = kNever;
  trace_.add(now_, index, Note::timer_fires);
  const Redeeming before = tab.redeeming;
  input(index, inputs::of(InputKind::timeout));
  if (!tab.alive) return;
  if (before.active) check_given_up(index, before);
  tab.timer_repeats = tab.timer_at <= local(tab) ? tab.timer_repeats + 1 : 0;
  if (tab.timer_repeats > kTimerRepeats) fail(Invariant::timer_progress, index);
}

}  // namespace bearerkit::sim
