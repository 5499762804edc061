// The storage as js/platform/storage/guarded.ts gives it to a machine: it never throws, falls back
// to none, and where it is asynchronous does one thing after the other.
#include <algorithm>

#include "world_input.h"

namespace bearerkit::sim {
StorageKey& World::storage_of(std::uint8_t index) {
  return settings_.shared() ? storage_ : *tabs_[index].own_storage;
}

void World::storage_task(std::uint8_t index, StorageTask task) {
  Tab& tab = tabs_[index];
  task.asked = now_;
  task.seen = tab.seen;
  task.blind = tab.storage_slow;
  if (task.kind == StorageTask::Kind::remove) check_remove(index, task);
  tab.storage_tasks.push_back(std::move(task));
  if (!tab.storage_busy) start_storage_task(index);
}

// A synchronous storage answers before this returns.
void World::start_storage_task(std::uint8_t index) {
  Tab& tab = tabs_[index];
  while (!tab.storage_tasks.empty() && !tab.storage_busy) {
    if (settings_.storage == StorageKind::shared_async && !tab.storage_failed) {
      tab.storage_busy = true;
      Time wait = delay(4);
      if (hits(Fault::storage_hangs)) wait += chance_.between(1'000, 20'000);
      return schedule(wait, Happening::storage_effect, index);
    }
    StorageTask task = std::move(tab.storage_tasks.front());
    tab.storage_tasks.erase(tab.storage_tasks.begin());
    if (tab.storage_breaks && !tab.storage_failed) {
      if (task.kind == StorageTask::Kind::write) {
        storage_of(index).clear();
        tell_storage_event(index);
      }
      tab.storage_failed = true;
      input(index, inputs::of(InputKind::storage_unavailable));
    }
    switch (task.kind) {
      case StorageTask::Kind::read: {
        task.seen = now_;
        std::string found;
        const ReadOutcome outcome = read_now(index, found);
        answer_read(index, task, outcome, found);
        break;
      }
      case StorageTask::Kind::write:
        if (!tab.storage_failed) {
          do_write(index, task);
        } else {
          keep_account_of_loss(index);
        }
        trace_.add(now_, index, Note::written, task.operation);
        input(index, inputs::storage_written(task.operation));
        break;
      case StorageTask::Kind::remove:
        if (!tab.storage_failed) do_remove(index);
        break;
    }
    if (!tab.alive) return;
  }
}

ReadOutcome World::read_now(std::uint8_t index, std::string& found) {
  if (tabs_[index].storage_failed) return ReadOutcome::failed;
  if (settings_.storage == StorageKind::shared) return views_.read(index, now_, found);
  const StorageKey& storage = storage_of(index);
  found = storage.text.value_or("");
  return storage.text ? ReadOutcome::found : ReadOutcome::missing;
}

// Asynchronous: the operation takes place.
void World::storage_effect(std::uint8_t index) {
  Tab& tab = tabs_[index];
  StorageTask& task = tab.storage_tasks.front();
  if (tab.storage_breaks) {
    if (task.kind == StorageTask::Kind::write) storage_.clear();
  } else if (task.kind == StorageTask::Kind::write) {
    do_write(index, task);
  } else if (task.kind == StorageTask::Kind::remove) {
    do_remove(index);
  } else {
    task.seen = now_;
    task.found = storage_.text.has_value();
    task.text = storage_.text.value_or("");
  }
  schedule(delay(1), Happening::storage_done, index);
}

void World::storage_done(std::uint8_t index) {
  Tab& tab = tabs_[index];
  const StorageTask task = std::move(tab.storage_tasks.front());
  tab.storage_tasks.erase(tab.storage_tasks.begin());
  tab.storage_busy = false;
  if (tab.storage_breaks && !tab.storage_failed) {
    tab.storage_failed = true;
    input(index, inputs::of(InputKind::storage_unavailable));
    if (!tab.alive) return;
  }
  if (task.kind == StorageTask::Kind::read) {
    answer_read(index, task,
                tab.storage_failed ? ReadOutcome::failed
                : task.found       ? ReadOutcome::found
                                   : ReadOutcome::missing,
                task.text);
  } else if (task.kind == StorageTask::Kind::remove) {
    input(index, inputs::of(InputKind::storage_removed));
  } else {
    if (tab.storage_failed) keep_account_of_loss(index);
    trace_.add(now_, index, Note::written, task.operation);
    input(index, inputs::storage_written(task.operation));
  }
  if (!tab.alive) return;
  start_storage_task(index);
  if (tab.closing && !tab.effects.running()) after_effects(index);
}

void World::answer_read(std::uint8_t index, const StorageTask& task, ReadOutcome outcome,
                        const std::string& text) {
  Tab& tab = tabs_[index];
  const StoredRecord found = look_into(text);
  // One that fails says nothing of what was read before.
  if (outcome != ReadOutcome::failed) {
    // C7: or the user's sign-out stands there.
    tab.read_missing = outcome == ReadOutcome::missing || (found.refusal && found.session != 0);
  }
  tab.read = found;
  tab.seen = task.seen;
  if (task.purpose == ReadPurpose::run) tab.run_read = task.asked;
  tab.read_corrupt = outcome == ReadOutcome::found && !found.readable && !found.refusal;
  // R7: the cookie that was refused was not the newest one.
  if (settings_.mode == Mode::hybrid && tab.redeeming.active && tab.answer_was_terminal &&
      found.generation > tab.redeeming.generation) {
    tab.causes.failures = 1;
  }
  // L1: a session that is over stands in the place of the own one, and is replaced by a refresh.
  // C7: so is the server's no.
  const bool is_over =
      found.readable && (sessions_over_.contains(found.session) || found.session == tab.left);
  if (task.purpose == ReadPurpose::peek && (found.refusal || is_over)) tab.causes.failures = 1;
  if (outcome != ReadOutcome::failed) tab.storage_slow = false;
  trace_.add(now_, index, Note::reads, static_cast<std::uint64_t>(task.purpose),
             static_cast<std::uint64_t>(outcome), found.generation);
  trace_.fold(index, text);
  input(index, inputs::storage_read(task.purpose, task.operation, outcome, text));
}

// The tab goes on with tokens that are not stored: what is stored cannot be redeemed again.
void World::keep_account_of_loss(std::uint8_t index) {
  if (tabs_[index].redeeming.active && tabs_[index].redeeming.refresh != kNone) {
    server_.refresh(tabs_[index].redeeming.refresh).not_stored = true;
    excuse(tabs_[index].redeeming.refresh, Fault::storage_failed);
  }
}

// A write that hung goes with its tab. The tab may have gone on from it (R10): what is stored then
// is no more than the token before.
void World::keep_account_of_lost_write(std::uint8_t index, const StorageTask& task) {
  const std::uint32_t lost = look_into(task.text).refresh;
  const std::uint32_t stored = storage_of(index).record.refresh;
  if (lost == kNone || stored == kNone || lost == stored) return;
  if (server_.refresh(lost).used) server_.refresh(stored).not_stored = true;
}

void World::do_write(std::uint8_t index, const StorageTask& task) {
  Tab& tab = tabs_[index];
  StorageKey& storage = storage_of(index);
  const StorageKey before = storage;
  storage.write(task.text);
  const StoredRecord& record = storage.record;
  trace_.add(now_, index, Note::writes, record.session >> 48, record.generation, record.access);
  tab.wrote_generation = record.generation;
  tab.stored_access = record.access;
  if (before.record.readable && before.record.session != record.session) {
    sessions_over_.insert(before.record.session);
  }
  check_write(index, task, before);
  if (settings_.shared()) keep_account_of_race(task, before);
  if (record.generation == 1) {
    // Or another user's cookie came before this record.
    server_.family(task.family).came_late =
        storage.torn || server_.refresh(cookie_refresh_).family != task.family ||
        server_.family(task.family).redeemed_early;
  }
  storage.family = task.family;
  tell_storage_event(index);
}

// What was written at the same time, and could not be seen. Nothing ties a write to the read
// before, and an asynchronous one may take place long after it was asked for.
bool World::unseen(const StorageTask& task, const StorageKey& storage) const {
  if (settings_.storage != StorageKind::shared_async)
    return now_ - storage.written <= settings_.lag;
  const bool late = now_ - task.asked > kSlow;
  return late || task.blind || (storage.written >= task.seen && task.asked - task.seen < kSlow);
}

// What a write that hung, or that met another one, does to others is not the core's doing, which
// can call nothing back (R10).
void World::keep_account_of_race(const StorageTask& task, const StorageKey& before) {
  StorageKey& storage = storage_;
  const StoredRecord& record = storage.record;
  const bool late = now_ - task.asked > kSlow;
  const bool replaces = before.record.session != 0 && before.record.session != record.session;
  if (before.record.session == record.session && before.record.generation >= record.generation) {
    storage.reverted = server_.family(task.family).reverted = true;
  }
  // The tab itself may have gone over to another session since.
  if (late) sessions_over_.insert(record.session);
  // Whose the cookie is now does not follow from the record.
  if (replaces && record.generation > 1) server_.family(before.family).came_late = true;
  if (late || (replaces && record.generation > 1)) server_.family(task.family).came_late = true;
  storage.overrun =
      replaces ? record.generation > 1 && server_.family(task.family).signed_out : before.overrun;
  // Without an answer of the storage: over another session, or over nothing after a sign-out.
  const bool back = !before.text && server_.family(task.family).signed_out;
  const bool tears = (late || task.blind) && (replaces || back);
  storage.torn = record.generation == 1 ? late : before.torn || tears;
  if (record.refresh != kNone && server_.refresh(record.refresh).used && unseen(task, before)) {
    // What it brings back has been redeemed since.
    excuse(record.refresh, Fault::storage_hangs);
    server_.refresh(record.refresh).not_stored = true;
  }
}

void World::do_remove(std::uint8_t index) {
  StorageKey& storage = storage_of(index);
  const StoredRecord& record = storage.record;
  trace_.add(now_, index, Note::removes, record.session >> 48, record.generation);
  if (!storage.text) return;
  sessions_over_.insert(record.session);
  storage.clear();
  tell_storage_event(index);
}

// The storage event of localStorage goes to all tabs but the one that wrote.
void World::tell_storage_event(std::uint8_t from) {
  storage_.written = now_;
  if (settings_.storage != StorageKind::shared) return;
  views_.write(from, now_, storage_.text, draw_lags());
  for (std::uint8_t to = 0; to < tabs_.size(); to++) {
    if (to == from || !tabs_[to].alive) continue;
    schedule(std::max(views_.seen_from(to) - now_, delay(3)), Happening::storage_event, to);
  }
}

SharedText::Lags World::draw_lags() {
  SharedText::Lags lags{};
  if (settings_.lag == 0 || unordered_) return lags;
  const auto most = static_cast<std::uint32_t>(settings_.lag) + 1;
  for (std::size_t i = 0; i < tabs_.size(); i++) {
    lags[i] = chance_.coin() ? Time{0} : Time{chance_.below(most)};
  }
  return lags;
}

}  // namespace bearerkit::sim
