// The storage as js/storage/safe.ts gives it to a machine: it never throws, falls back to none, and
// where it is asynchronous does one thing after the other.
#include <algorithm>

#include "world_input.h"

namespace bearerkit::sim {

Storage& World::storage_of(std::uint8_t index) {
  return settings_.shared() ? storage_ : *tabs_[index].own_storage;
}

void World::storage_task(std::uint8_t index, StorageTask task) {
  Tab& tab = tabs_[index];
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
    const StorageTask task = std::move(tab.storage_tasks.front());
    tab.storage_tasks.erase(tab.storage_tasks.begin());
    if (tab.storage_breaks && !tab.storage_failed) {
      if (task.kind == StorageTask::Kind::write) storage_of(index).clear();
      tab.storage_failed = true;
      input(index, [](Session& session, double now) { session.handle_storage_unavailable(now); });
    }
    switch (task.kind) {
      case StorageTask::Kind::read: {
        const Storage& storage = storage_of(index);
        const ReadOutcome outcome = tab.storage_failed ? ReadOutcome::failed
                                    : storage.text     ? ReadOutcome::found
                                                       : ReadOutcome::missing;
        answer_read(index, task, outcome, storage.text ? *storage.text : std::string());
        break;
      }
      case StorageTask::Kind::write:
        if (!tab.storage_failed) {
          do_write(index, task);
        } else {
          keep_account_of_loss(index);
        }
        trace_.add(now_, index, Note::written, task.ticket);
        input(index, [&](Session& session, double now) {
          session.handle_storage_written(now, task.ticket);
        });
        break;
      case StorageTask::Kind::remove:
        if (!tab.storage_failed) do_remove(index);
        break;
    }
    if (!tab.alive) return;
  }
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
    task.found = storage_.text.has_value();
    task.data = storage_.text.value_or("");
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
    input(index, [](Session& session, double now) { session.handle_storage_unavailable(now); });
    if (!tab.alive) return;
  }
  if (task.kind == StorageTask::Kind::read) {
    answer_read(index, task,
                tab.storage_failed ? ReadOutcome::failed
                : task.found       ? ReadOutcome::found
                                   : ReadOutcome::missing,
                task.data);
  } else if (task.kind == StorageTask::Kind::write) {
    if (tab.storage_failed) keep_account_of_loss(index);
    trace_.add(now_, index, Note::written, task.ticket);
    input(index,
          [&](Session& session, double now) { session.handle_storage_written(now, task.ticket); });
  }
  if (!tab.alive) return;
  start_storage_task(index);
  if (tab.closing && !tab.performing) afterwards(index);
}

void World::answer_read(std::uint8_t index, const StorageTask& task, ReadOutcome outcome,
                        const std::string& text) {
  Tab& tab = tabs_[index];
  tab.read_missing = outcome == ReadOutcome::missing;
  const StoredRecord found = look_into(text);
  tab.read = found;
  tab.read_corrupt = outcome == ReadOutcome::found && !found.readable;
  if (outcome != ReadOutcome::failed) tab.storage_slow = false;
  trace_.add(now_, index, Note::reads, task.purpose, static_cast<std::uint64_t>(outcome),
             found.generation);
  trace_.fold(index, text);
  input(index, [&](Session& session, double now) {
    session.handle_storage_read(now, static_cast<ReadPurpose>(task.purpose), task.ticket, outcome,
                                text);
  });
}

// The tab goes on with tokens that are not stored: what is stored cannot be redeemed again.
void World::keep_account_of_loss(std::uint8_t index) {
  if (tabs_[index].redeeming.active && tabs_[index].redeeming.refresh != kNone) {
    server_.refresh(tabs_[index].redeeming.refresh).not_stored = true;
    excuse(tabs_[index].redeeming.refresh, Fault::storage_failed);
  }
}

void World::do_write(std::uint8_t index, const StorageTask& task) {
  Tab& tab = tabs_[index];
  Storage& storage = storage_of(index);
  const StoredRecord before = storage.record;
  const bool was_empty = !storage.text.has_value();
  storage.write(task.data);
  const StoredRecord& record = storage.record;
  trace_.add(now_, index, Note::writes, record.session >> 48, record.generation, record.access);
  tab.wrote_generation = record.generation;
  tab.stored_access = record.access;
  const bool at_once = settings_.storage != StorageKind::shared_async;
  // A sign-in writes generation 1. In hybrid and cookie mode a session may be presumed (C4).
  if (at_once && was_empty && record.generation > 1 && settings_.mode == Mode::bearer) {
    fail(Invariant::cleared_written, index);
  }
  if (at_once && before.session == record.session && before.generation >= record.generation) {
    fail(Invariant::adopted_stale, index, "an older record is written over a newer one");
  }
  if (!at_once && record.refresh != kNone && server_.refresh(record.refresh).used) {
    // A write that hung: what it brings back has been redeemed since.
    excuse(record.refresh, Fault::storage_hangs);
    server_.refresh(record.refresh).not_stored = true;
  }
  const std::uint32_t family = server_.family_of(record.access);
  if (at_once && family != kNone && server_.family(family).signed_out) {
    fail(Invariant::ended_session_stored, index);
  }
  tell_storage_event(index);
}

void World::do_remove(std::uint8_t index) {
  Storage& storage = storage_of(index);
  const StoredRecord& record = storage.record;
  trace_.add(now_, index, Note::removes, record.session >> 48, record.generation);
  if (!storage.text) return;
  storage.clear();
  tell_storage_event(index);
}

// The storage event of localStorage goes to all tabs but the one that wrote.
void World::tell_storage_event(std::uint8_t from) {
  if (settings_.storage != StorageKind::shared) return;
  for (std::uint8_t to = 0; to < tabs_.size(); to++) {
    if (to != from && tabs_[to].alive) schedule(delay(3), Happening::storage_event, to);
  }
}

}  // namespace bearerkit::sim
