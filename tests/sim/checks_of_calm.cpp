// The invariants of the end: when the faults have stopped, all has to be well again.
#include "world_input.h"

namespace bearerkit::sim {

World::Reckoning World::reckon_tab(std::uint8_t index) const {
  const Tab& tab = tabs_[index];
  if (!tab.alive || tab.closing) return {true, Invariant::no_deadlock, "a tab is not open"};
  if (tab.open_calls != 0) return {true, Invariant::no_deadlock, "a call has not ended"};
  if (tab.machine->refreshing() && now_ - tab.busy_since > kLongestWait) {
    return {true, Invariant::no_deadlock, "a refresh does not end"};
  }
  // Where the storage is shared, only those of the same session: what is stored is compared below.
  const bool alone = tab.storage_failed || settings_.shared();
  if (tab.told.signed_in && tab.signed_in_at < last_sign_out_ && !tab.missed_message && !alone) {
    return {true, Invariant::sign_out_reaches_all, ""};
  }
  if (tab.storage_failed || settings_.mode != Mode::bearer) return {};

  const StorageKey& storage = settings_.shared() ? storage_ : *tab.own_storage;
  if (!storage.text) {
    // Nobody tells a tab that a storage of its own was cleared; its next refresh will see.
    if (!tab.told.signed_in || !settings_.shared()) return {};
    return {true, Invariant::agreement, "signed in, but nothing is stored"};
  }
  const StoredRecord& record = storage.record;
  if (!record.readable || storage.reverted || storage.torn) return {};
  const std::uint32_t family = server_.family_of(record.access);
  if (server_.family(family).signed_out && knows_end(tab, family)) {
    return {true, Invariant::ended_session_stored, "and is still there"};
  }
  if (!tab.told.signed_in) return {true, Invariant::agreement, "signed out, with a session stored"};
  if (tab.family != family) return {true, Invariant::agreement, "another session is stored"};
  // An older record came back, and was gone on from: the generations say nothing any more.
  const bool ahead = tab.told.generation > record.generation;
  if (ahead && server_.family(family).reverted) return {};
  if (tab.told.generation != record.generation) {
    return {true, Invariant::told_stored, "another generation is stored"};
  }
  return {};
}

}  // namespace bearerkit::sim
