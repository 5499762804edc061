// What goes wrong with tabs, clocks and storages, and how it ends.
#include <algorithm>
#include <new>

#include "world_input.h"

namespace bearerkit::sim {

void World::open(std::uint8_t index) {
  Tab& tab = tabs_[index];
  const std::uint16_t life = tab.life;
  std::optional<StorageKey> kept;
  // A storage that failed cannot be cleared, and would bring back what had ended.
  if (settings_.storage == StorageKind::per_tab && !tab.storage_failed) {
    kept = std::move(tab.own_storage);
  }
  const double offset = tab.offset;
  const Time clock_set = tab.clock_set;
  const double rate = tab.rate;
  // In place: a machine is not assigned.
  tab.~Tab();
  new (&tab) Tab();
  tab.life = life;
  tab.alive = true;
  tab.awake_since = now_;
  tab.offset = offset;
  tab.clock_set = clock_set;  // R25: what the page before has noted goes by it
  tab.rate = rate;
  views_.opened(index);
  lease_.opened(index);
  flight_.opened(index);
  if (!settings_.shared()) tab.own_storage = kept ? std::move(*kept) : StorageKey{};
  tab.by_core_id.assign(64, 0);
  bearerkit::Settings client = settings_.client;
  const std::uint64_t seed = settings_.seed * 1'000'003 + ++machine_seeds_;
  client.seed_low = static_cast<std::uint32_t>(seed);
  client.seed_high = static_cast<std::uint32_t>(seed >> 32);
  // C6, C8: some apps say better whether there may be a session.
  if (machine_seeds_ % 7 == 0) client.presume = Presumption::never;
  if (machine_seeds_ % 7 == 1) client.presume = Presumption::always;
  tab.machine.emplace(client);
  trace_.add(now_, index, Note::opens, static_cast<std::uint64_t>(offset));
  // X6: until somebody comes to it.
  tab.unseen = !unordered_ && machine_seeds_ % 5 == 0;
  if (tab.unseen) schedule(delay(2'000), Happening::wake, index);
  input(index, inputs::start(tab.unseen ? prerendering : 0U));
  // Some apps call at once.
  if (!unordered_) schedule(delay(chance_.below(4) == 0 ? 2 : 500), Happening::user, index);
}

// The tab is no more: what is under way for it is void, its locks are free.
void World::gone(std::uint8_t index, Time back) {
  Tab& tab = tabs_[index];
  if (!tab.storage_tasks.empty()) {
    // What it was about to store or to clear is as it was.
    for (const std::uint32_t family : tab.ended) server_.family(family).signed_out = false;
    for (const StorageTask& task : tab.storage_tasks) {
      server_.family(task.family).signed_out = false;
      if (task.kind == StorageTask::Kind::write) keep_account_of_lost_write(index, task);
    }
  }
  tab.alive = false;
  tab.frozen = false;
  tab.cached = false;
  tab.life++;
  tab.machine.reset();
  tab.redeeming.active = false;
  tab.family = kNone;
  tab.token = kNone;
  tab.deferred.clear();
  tab.effects = {};
  tab.told = {};
  grant(locks_.release_all_of(index));
  if (back < 0) back = calm_ ? 10 : chance_.between(10, 20'000);
  schedule(back, Happening::open, index);
}

std::uint8_t World::any_awake() {
  std::uint8_t awake[kMaxTabs];
  std::uint32_t found = 0;
  for (std::uint8_t i = 0; i < tabs_.size(); i++) {
    if (tabs_[i].awake() && !tabs_[i].closing) awake[found++] = i;
  }
  return found == 0 ? kWorld : awake[chance_.below(found)];
}

void World::freeze(std::uint8_t index, bool cached, Time how_long) {
  Tab& tab = tabs_[index];
  tab.frozen = true;
  tab.frozen_at = now_;
  tab.interruptions++;
  tab.cached = cached;
  tab.visible = false;
  excuse_tab(index, cached ? Fault::bfcache : Fault::freeze);
  // A page in the back/forward cache holds no lock, in engines that let one in with a lock at all.
  if (cached && chance_.coin()) {
    tab.lost_lock = true;
    tab.mark_given_up = true;
    grant(locks_.release_all_of(index));
  }
  if (cached && !tab.lease.empty()) {  // pagehide
    tab.lost_lock = true;
    lease_task(index, {LeaseTask::Kind::look, 0, tab.lease});
  }
  schedule(how_long, Happening::wake, index);
}

// From a freeze, the cache, sleep or the background: the page's own events come first.
void World::wake(std::uint8_t index) {
  Tab& tab = tabs_[index];
  // It goes on with what it saw of the lease before.
  if (tab.frozen && !settings_.locks && tab.machine->refreshing()) lose_turns(Fault::freeze);
  if (tab.frozen) {
    tab.awake_since = now_;
    tab.longest_sleep = std::max(tab.longest_sleep, now_ - tab.frozen_at);
  }
  tab.frozen = tab.cached = tab.unseen = tab.mark_given_up = false;
  tab.visible = calm_ || chance_.below(8) != 0;
  trace_.add(now_, index, Note::wakes, tab.visible);
  if (!tab.closing) {
    tab.timer_serial++;  // js/driver/driver.ts sets its timer anew: it has slept as well
    tab.timer_at = kNever;
    // Half of the tabs find out that way that the network is back.
    const std::uint32_t flags =
        (tab.visible ? page_visible : 0U) | (index % 2 != 0 ? network_back : 0U);
    if ((flags & network_back) != 0 && !tab.put_off) tab.backoff_until = tab.backoff_latest = 0;
    input(index, inputs::wake(flags));
  } else {  // a client that is closed does not listen any more
    after_effects(index);
  }
  const std::vector<Event> missed = std::move(tab.deferred);
  tab.deferred.clear();
  for (const Event& event : missed) dispatch(event);
}

void World::clear_storage(std::uint8_t index) {
  sessions_over_.insert(storage_of(index).record.session);
  storage_of(index).clear();
  tell_storage_event(kWorld);
}

void World::set_clock(Tab& tab, double jump) {
  tab.offset = std::max(tab.offset + jump, 1e11 - kEpoch);
  tab.clock_set = now_;
  tab.interruptions++;  // for the core it slept
  if (jump > 0) return;
  // X6: what an unseen tab is to ask for was due by the clock before.
  if (tab.unseen) tab.causes.failures = 1;
  // What is waited for moves with a clock that is set back.
  tab.backoff_until += jump;
  tab.redeeming.begun += jump;
}

void World::jump_clock(std::uint8_t index) {
  constexpr std::int64_t kinds[] = {5'000, 60'000, 3'600'000, 86'400'000};
  std::int64_t jump = chance_.between(1, kinds[chance_.below(4)]);
  if (chance_.below(16) == 0) jump *= 3'650;
  if (chance_.coin()) jump = -jump;
  if (settings_.locks) return set_clock(tabs_[index], static_cast<double>(jump));
  // A lease goes by the one clock of the device (X4).
  for (Tab& tab : tabs_) set_clock(tab, static_cast<double>(jump));
  lose_turns(Fault::clock_jump);
}

void World::break_storage(std::uint8_t index, Fault fault) {
  StorageKey& storage = storage_of(index);
  if (fault == Fault::storage_failed) {
    tabs_[index].storage_breaks = storage_failed_ = true;
    return excuse_tab(index, fault);
  }
  if (settings_.storage == StorageKind::memory) return;
  if (fault == Fault::storage_cleared) return clear_storage(index);
  if (fault == Fault::storage_corrupt) {
    sessions_over_.insert(storage.record.session);
    storage.write("{\"version\":0,\"user\":\"not ours\"}");
    return tell_storage_event(kWorld);
  }
  const std::uint32_t family = server_.family_of(look_into(storage.previous).access);
  if (family == kNone || family != server_.family_of(storage.record.access)) return;
  storage.write(std::string(storage.previous));
  storage.reverted = true;
  server_.family(family).reverted = true;
  tell_storage_event(kWorld);
}

void World::strike(Fault fault) {
  const std::uint8_t index = any_awake();
  if (fault != Fault::outage && index == kWorld) return;
  count(fault);
  trace_.add(now_, index, Note::fault, static_cast<std::uint64_t>(fault));
  const Time long_time =
      chance_.coin() ? chance_.between(1'000, 60'000) : chance_.between(60'000, 3'600'000);
  switch (fault) {
    case Fault::outage:
      outage_until_ = now_ + chance_.between(1'000, 60'000);
      return;
    case Fault::crash:
      excuse_tab(index, Fault::crash);
      return gone(index);
    case Fault::reload:
      tabs_[index].closing = true;
      trace_.add(now_, index, Note::closes);
      return input(index, inputs::of(InputKind::close));
    case Fault::freeze:
    case Fault::bfcache:
      return freeze(index, fault == Fault::bfcache, long_time);
    case Fault::sleep:
      for (std::uint8_t i = 0; i < tabs_.size(); i++) {
        if (tabs_[i].awake()) freeze(i, false, long_time + chance_.below(500));
      }
      return;
    case Fault::clock_jump:
      return jump_clock(index);
    case Fault::hidden: {
      Tab& tab = tabs_[index];
      tab.visible = false;
      input(index, inputs::wake(tab.unseen ? prerendering : 0U));
      if (tab.alive) schedule(long_time, Happening::wake, index);
      return;
    }
    case Fault::storage_cleared:
    case Fault::storage_corrupt:
    case Fault::storage_reverted:
    case Fault::storage_failed:
      return break_storage(index, fault);
    case Fault::unclear:
      unclear_until_ = std::max(unclear_until_, now_ + 60'000);
      return;
    case Fault::unclear_for_ever:
      unclear_until_ = now_ + 24 * 3'600'000;
      return;
    case Fault::cookie_replaced:
      return replace_cookie();
    case Fault::duplicated:
      return duplicate(index);
    case Fault::banned:
      return server_.ban(1 + chance_.below(3));
    default:
      return;  // those of the network come with a message
  }
}

}  // namespace bearerkit::sim
