// How tabs take turns and talk: Web Locks, or the lease where there are none, and the channel.
#include <algorithm>
#include <iterator>
#include <utility>

#include "world_input.h"

namespace bearerkit::sim {

// ---- locks (js/platform/lock.ts) ---------------------------------------------------------------

void World::acquire_lock(std::uint8_t index, const Effect& effect) {
  Tab& tab = tabs_[index];
  const bool steal = effect.acquire_lock.steal != 0;
  const Locks::Place place{index, tab.life, effect.acquire_lock.run, ++tab.lock_attempts};
  trace_.add(now_, index, Note::wants_lock, effect.acquire_lock.run, steal);
  tab.lost_lock = false;
  tab.claimed.clear();
  if (tab.unseen) fail(Invariant::asked_unseen, index);
  // What it had sent was for a session that is over by the message that it just heard (L2).
  if (tab.heard_end && tab.redeeming.active) excuse_tab(index, Fault::signed_in_elsewhere);
  if (!steal) {
    tab.longest_sleep = 0;
    // Asked for again because it came late: the core does that once in a refresh (R10).
    if (std::exchange(tab.judged, true)) {
      tab.interruptions++;
    } else {
      judge(index);
    }
  }
  if (!steal) tab.lock_wanted = now_;
  if (!settings_.locks) {
    return input(index, inputs::lock_unavailable(effect.acquire_lock.run));
  }
  if (!steal) {
    tab.wanted_locks.push_back(place);
    return grant(locks_.request(place));
  }
  check_steal(index);
  check_false_steal(index);
  if (!tab.told_of_steal) fail(Invariant::steal_told, index);
  count(Fault::lock_stolen);
  // The wait is given up first, also when its end is on the way.
  std::erase(tab.wanted_locks, place);
  tab.wanted_locks.push_back(place);
  locks_.release(place);
  if (locks_.holder()) {
    tabs_[locks_.holder()->tab].lost_lock = true;
    excuse_tab(locks_.holder()->tab, Fault::lock_stolen);
  }
  grant(locks_.steal(place));
}

void World::release_lock(std::uint8_t index, RunId run) {
  const Locks::Place place{index, tabs_[index].life, run, 0};
  trace_.add(now_, index, Note::frees_lock, run);
  std::erase(tabs_[index].wanted_locks, place);
  grant(locks_.release(place));
}

void World::grant(const Locks::Granted& granted) {
  if (granted) lock_granted_at_ = now_;
  if (granted) schedule(delay(1), Happening::lock, granted->tab, granted->run, granted->attempt);
}

// ---- the lease (js/platform/storage/lease.ts)
// ----------------------------------------------------------

// Beside the record, and not in one queue with it. A synchronous storage writes and looks at once.
void World::lease_task(std::uint8_t index, LeaseTask task) {
  Tab& tab = tabs_[index];
  // A claim that had to wait was asked for before.
  if (task.kind != LeaseTask::Kind::write || task.asked == 0) task.asked = now_;
  if (task.kind == LeaseTask::Kind::write && tab.removing_lease) {
    tab.lease_waits = std::move(task);
    return;
  }
  if (task.kind == LeaseTask::Kind::look) tab.removing_lease = true;
  if (task.kind == LeaseTask::Kind::write) tab.claims_under_way++;
  if (settings_.storage != StorageKind::shared_async || task.kind == LeaseTask::Kind::marks) {
    return do_lease_task(index, std::move(task));
  }
  Time wait = delay(4);
  if (hits(Fault::storage_hangs)) wait += chance_.between(1'000, 20'000);
  schedule(wait, Happening::lease_effect, index, lease_tasks_.add(std::move(task)));
}

void World::do_lease_task(std::uint8_t index, LeaseTask task) {
  Tab& tab = tabs_[index];
  const bool fails = tab.storage_failed || tab.storage_breaks;
  const std::string note = task.text;
  switch (task.kind) {
    case LeaseTask::Kind::marks:  // X11: not the storage, but the lock manager
      task.outcome = settings_.locks ? ReadOutcome::found : ReadOutcome::failed;
      for (const Tab& other : tabs_) {
        if (!other.alive || other.mark.empty() || other.mark_given_up) continue;
        task.text += (task.text.empty() ? "" : " ") + other.mark;
      }
      if (unordered_) return answer_lease(index, task);  // or the small world is no small one
      schedule(delay(1), Happening::lease_done, index, lease_tasks_.add(std::move(task)));
      return;
    case LeaseTask::Kind::note:  // R25
      return fails ? void() : write_flight(index, task.text);
    case LeaseTask::Kind::end_note: {
      const bool found = !fails && read_flight(index, task.text) == ReadOutcome::found;
      return found && task.text == note ? write_flight(index, std::nullopt) : void();
    }
    case LeaseTask::Kind::read_note:
      task.outcome = fails ? ReadOutcome::failed : read_flight(index, task.text);
      if (unordered_) return answer_lease(index, task);
      schedule(delay(1), Happening::lease_done, index, lease_tasks_.add(std::move(task)));
      return;
    case LeaseTask::Kind::read:
      task.outcome = ReadOutcome::failed;
      if (!fails) task.outcome = lease_.read(index, now_, task.text);
      schedule(delay(1), Happening::lease_done, index, lease_tasks_.add(std::move(task)));
      return;
    case LeaseTask::Kind::write:
      tab.claims_under_way--;
      if (fails) return;
      trace_.add(now_, index, Note::writes_lease, session_in(task.text.substr(0, 4)));
      // The claim of another may have been read back by then.
      if (now_ - task.asked > kLeaseInTime) lose_turns(Fault::storage_hangs);
      for (Tab& other : tabs_) {
        if (other.lease.empty() || other.lease != lease_.newest() || !other.alive) continue;
        if (now_ - other.lease_from < kLeaseLasts) continue;
        // It has run out while its tab is still at work.
        count(Fault::lock_stolen);
        lose_turns(Fault::lock_stolen);
      }
      tab.lease = task.text;
      tab.lease_from = now_;
      return write_lease(index, task.text);
    case LeaseTask::Kind::look: {
      std::string found;
      if (fails || lease_.read(index, now_, found) != ReadOutcome::found || found != task.text) {
        return lease_removed(index);
      }
      task.kind = LeaseTask::Kind::remove;
      if (settings_.storage == StorageKind::shared_async) return lease_task(index, std::move(task));
      [[fallthrough]];
    }
    case LeaseTask::Kind::remove:
      trace_.add(now_, index, Note::removes_lease, session_in(task.text.substr(0, 4)));
      // What was looked at is another tab's by now: nothing ties the two together.
      if (now_ != task.asked && lease_.newest() != task.text) lose_turns(Fault::lock_stolen);
      tab.lease.clear();
      write_lease(index, std::nullopt);
      return lease_removed(index);
  }
}

// A tab's own claims wait for its removals.
void World::lease_removed(std::uint8_t index) {
  Tab& tab = tabs_[index];
  tab.removing_lease = false;
  if (tab.alive && tab.lease_waits)
    lease_task(index, *std::exchange(tab.lease_waits, std::nullopt));
}

void World::write_lease(std::uint8_t index, std::optional<std::string> text) {
  lease_.write(index, now_, std::move(text), draw_lags());
}

// R25: the note that a refresh is under way.
void World::write_flight(std::uint8_t index, std::optional<std::string> text) {
  if (settings_.shared()) return flight_.write(index, now_, std::move(text), draw_lags());
  tabs_[index].own_storage->flight = std::move(text);
}

ReadOutcome World::read_flight(std::uint8_t index, std::string& found) {
  if (settings_.shared()) return flight_.read(index, now_, found);
  const std::optional<std::string>& own = tabs_[index].own_storage->flight;
  found = own.value_or("");
  return own ? ReadOutcome::found : ReadOutcome::missing;
}

void World::lease_done(std::uint8_t index, std::uint32_t place) {
  answer_lease(index, lease_tasks_.take(place));
}

void World::answer_lease(std::uint8_t index, const LeaseTask& task) {
  trace_.add(now_, index, Note::reads_lease, static_cast<std::uint64_t>(task.outcome),
             session_in(task.text.substr(0, std::min<std::size_t>(4, task.text.size()))));
  trace_.fold(index, task.text);
  Tab& tab = tabs_[index];
  if (task.kind == LeaseTask::Kind::read && task.operation == tab.lease_look) {
    tab.lease_seen.reset();
    if (task.outcome != ReadOutcome::failed) tab.lease_seen = task.text;
  }
  const ReadPurpose purpose = task.kind == LeaseTask::Kind::marks       ? ReadPurpose::marks
                              : task.kind == LeaseTask::Kind::read_note ? ReadPurpose::flight
                                                                        : ReadPurpose::lease;
  input(index, inputs::storage_read(purpose, task.operation, task.outcome, task.text));
}

// Whoever has the lease or the lock cannot rely on it.
void World::lose_turns(Fault fault) {
  for (std::uint8_t i = 0; i < tabs_.size(); i++) {
    tabs_[i].lost_lock = true;
    excuse_tab(i, fault);
  }
}

// ---- the broadcast channel (js/platform/channel.ts) --------------------------------------------

void World::send_message(std::uint8_t index, std::string_view message) {
  trace_.add(now_, index, Note::broadcasts);
  tabs_[index].last_message = now_;
  if (message.starts_with("bearerkit 1 signed_out ") || message.starts_with("bearerkit 1 ended ")) {
    sessions_over_.insert(session_in(message.substr(message.rfind(' ') + 1)));
  }
  // X10: it makes waits longer, which the small world takes no account of.
  if (unordered_ && message.starts_with("bearerkit 1 refreshing ")) return;
  for (std::uint8_t to = 0; to < tabs_.size(); to++) {
    if (to == index || !tabs_[to].alive) continue;
    // None of the engines lets messages of one tab overtake each other; what stands in for a
    // channel may.
    const Time wanted = now_ + delay(3);
    const Time at =
        hits(Fault::reordered) ? wanted + delay(50) : channel_.arrival(index, to, wanted);
    schedule(at - now_, Happening::message, to, messages_.add(std::string(message)));
  }
}

// X10. X2: what is heard after a freeze is old. How long a tab waits is its own secret, up to a
// quarter more than lock_timeout: what it may or may not have taken for old counts as both.
void World::note_sign_of_life(Tab& tab) const {
  constexpr Time kLoad = 2'000;
  const double timeout = settings_.client.lock_timeout;
  const auto in_time = [&](Time last, double patience) {
    return now_ <= std::max(tab.lock_wanted, last) + static_cast<Time>(patience) + kLoad;
  };
  if (in_time(tab.heard_life, timeout)) tab.heard_life = now_;
  if (in_time(tab.may_have_heard, 1.25 * timeout)) tab.may_have_heard = now_;
}

void World::deliver_message(std::uint8_t index, std::uint32_t message) {
  Tab& tab = tabs_[index];
  const std::string text = messages_.take(message);
  if (tab.closing) return;
  trace_.add(now_, index, Note::hears);
  trace_.fold(index, text);
  const auto says = [&text](std::string_view word) { return text.find(word) != std::string::npos; };
  tab.heard_end = says(" signed_") || says(" ended ");
  if (says(" refreshing ")) note_sign_of_life(tab);
  if (says(" tokens ")) tab.note_handed(look_into(text));
  // A cookie that is being redeemed is redeemed to the end before the tab follows (X3, L2).
  if (tab.heard_end && settings_.mode != Mode::bearer && tab.machine->refreshing())
    tab.end_is_due = true;
  input(index, inputs::peer_message(text));
  tab.heard_end = false;
}

}  // namespace bearerkit::sim
