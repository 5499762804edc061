// One tab: a session machine, the calls of its app, a clock of its own, and what it was told.
#pragma once

#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "effect_loop.h"
#include "invariants.h"
#include "machine/machine.h"
#include "platform.h"

namespace bearerkit::sim {

enum class CallState : std::uint8_t {
  free,
  waiting,  // for the core's word
  sent,     // for the network
};

struct Call {
  CallState state = CallState::free;
  RequestKind kind = RequestKind::fetch;
  bool tracked = false;
  bool has_401 = false;  // an answer is kept, should the refresh fail (F7)
  bool probe = false;    // see Happening::probe
  std::uint8_t sends = 0;
  std::uint16_t serial = 0;  // counts the calls in this place
  std::uint32_t flags = 0;   // RequestFlag bits
  std::uint32_t core_id = 0;
  std::uint32_t token = kNone;   // that it was last sent with
  std::uint32_t family = kNone;  // that was signed in when the call began
  std::uint32_t version = 0;     // of the token that it was last sent with
  std::uint32_t endpoint = 0;    // that it goes to
  bool while_starting = false;   // it began before that was known
  Time begun = 0;
};

// An operation on an asynchronous storage (js/platform/storage/guarded.ts does one after the
// other).
struct StorageTask {
  enum class Kind : std::uint8_t { read, write, remove } kind{};
  OperationId operation = 0;
  ReadPurpose purpose{};
  std::string text;
  std::uint32_t family = kNone;  // that it is about
  bool by_user = false;          // the removal is a sign-out
  bool found = false;            // the read found something
  Time asked = 0;
  Time seen = 0;       // when a read took place; for others the tab's last one
  bool blind = false;  // the storage did not answer in time (R10)
};

// An operation on the lease (js/platform/storage/lease.ts): to give it back is to look, and then to
// remove.
struct LeaseTask {
  enum class Kind : std::uint8_t {
    read,
    write,
    look,
    remove,
    marks,
    note,  // R25
    end_note,
    read_note
  } kind{};
  OperationId operation = 0;
  std::string text;
  ReadOutcome outcome{};
  Time asked = 0;
};

struct Told {
  bool signed_in = false;
  bool just_now = false;  // and of no refresh since
  std::uint32_t generation = 0;
};

// The tab's part in a refresh, for the account of the refresh token (see RefreshToken::excuse).
struct Redeeming {
  bool active = false;
  RunId run = 0;
  std::uint32_t refresh = kNone;
  std::uint32_t generation = 0;  // of the record that it read before
  double begun = 0;
};

// Why the next refresh may be sent (Invariant::refresh_has_cause).
struct Causes {
  std::uint32_t unauthorized = 0;  // 401s since the last redemption
  std::uint32_t failures = 0;      // refreshes that failed: each may be tried again
  double due = 0;                  // local time from which the token's life is (nearly) over
  std::uint32_t refused = kNone;   // the token that the last 401 was about
  Invariant idle_401 = Invariant::refresh_has_cause;  // why the last 401 since was no cause
};

// Refusals that are not clearly the end (R6).
struct Unclear {
  std::uint32_t tries = 0;   // since the last new token
  Time since = 0;            // the first of these
  std::uint32_t in_row = 0;  // with no other answer between them
  Time in_row_since = 0;
  bool last = false;  // the last answer was one
};

struct Tab {
  bool alive = false;
  bool frozen = false;
  bool cached = false;  // in the back/forward cache: frozen, and hears nothing
  bool visible = true;
  bool unseen = false;          // X6: prerendered
  bool closing = false;         // closed, and gone as soon as its refresh is stored
  bool storage_breaks = false;  // the next operation fails, and all after it
  bool storage_failed = false;
  std::uint16_t life = 0;
  Time awake_since = 0;
  Time frozen_at = 0;
  Time longest_sleep = 0;  // since it asked for its turn
  Time busy_since = 0;     // a refresh is under way; 0: none

  // The clock: local = epoch + offset + rate × world.
  double offset = 0;
  double rate = 1;

  std::optional<Machine> machine;
  std::optional<StorageKey> own_storage;  // unless it is shared

  EffectLoop effects;

  std::vector<Call> calls;
  std::vector<std::uint32_t> free_calls;
  std::vector<std::uint32_t> by_core_id;  // the core's slot → call + 1
  std::uint32_t open_calls = 0;

  std::vector<StorageTask> storage_tasks;
  bool storage_busy = false;
  std::vector<Event> deferred;  // while it is frozen

  Time lock_since = 0;     // it has its turn
  Time last_message = -1;  // that others heard of it
  bool lost_lock = false;  // it was taken from the tab: stolen, or given up for the page cache
  std::uint32_t lock_attempts = 0;
  Time lock_wanted = 0;
  Time clock_set = -1;
  std::uint32_t interruptions = 0;         // in this refresh
  std::vector<Locks::Place> wanted_locks;  // asked for, and not given back
  std::string mark;                        // X11: that it holds
  double mark_since = kNever;              // by its clock
  Time marked_at = 0;
  bool mark_given_up = false;             // X7: while the page is away
  std::string lease;                      // that it claimed last, unless it gave it back
  std::string claimed;                    // the same of this refresh, as it was asked for
  OperationId lease_look = 0;             // the last one
  std::optional<std::string> lease_seen;  // what it found, unless the storage failed
  Time lease_from = 0;
  bool removing_lease = false;
  std::uint32_t claims_under_way = 0;
  std::optional<LeaseTask> lease_waits;  // a claim, for that removal

  double timer_at = kNever;
  std::uint32_t timer_serial = 0;
  std::uint32_t timer_repeats = 0;

  std::uint32_t version = 0xffffffff;  // of token
  std::uint32_t token = kNone;
  std::uint32_t last_token = kNone;  // the one before
  // Endpoints that refused a fresh token, by bit (R14): for sure, and for all that is told here.
  std::uint32_t hopeless = 0;
  std::uint32_t maybe_hopeless = 0;
  std::uint32_t family = kNone;      // signed in now, as far as the tab knows
  std::vector<std::uint32_t> ended;  // families that it saw end

  Told told;
  std::uint32_t told_family = kNone;
  Redeeming redeeming;
  std::uint32_t outdone = kNone;  // the access token that its refresh is to replace, with a cause
  Causes causes;
  std::uint32_t asked = 0;                // refresh() calls that wait
  bool judged = false;                    // there was a cause when the lock was asked for
  double backoff_until = 0;               // at the earliest: moves with a clock that is set back
  double backoff_latest = 0;              // by the clock as it is now
  double own_received = 0;                // when the server gave it
  double own_life = kNever;               // that it was told of
  double skew = 0;                        // the server's clock minus the own, as last told (E5)
  std::uint32_t own_access = kNone;       // the token that the server gave to this very tab last
  std::uint32_t redeemed_access = kNone;  // the same, by a refresh
  std::uint32_t stored_access = kNone;    // the last one that it wrote
  std::uint32_t refused = kNone;  // token that a call was refused with, until a refresh failed
  double retry_after = 0;         // milliseconds, of the last answer to a refresh
  bool told_when = false;         // the same: it had one
  bool put_off = false;           // by the server: the back-off does not end with the outage
  Time signed_in_at = 0;
  bool missed_message = false;  // since it signed in: it was in the page cache
  bool answer_was_terminal = false;
  Unclear unclear;
  std::uint32_t refusals = 0;           // in the refresh that is under way
  bool no_more_tokens = false;          // it ends with its token
  std::uint32_t rotated_elsewhere = 0;  // refusals in a row for that
  bool user_signed_out = false;         // in this input
  bool heard_end = false;               // in this input: of a sign-out, a sign-in, an end
  bool end_is_due = false;              // heard during the refresh that is under way
  StoredRecord read;                    // what it read last
  StoredRecord handed[32];              // X9: what other tabs handed over, each token set once
  std::uint32_t next_handed = 0;
  Time heard_life = 0;      // X10: when another tab said that it is at work
  Time may_have_heard = 0;  // the same, if the tab did not take it for old (X2)
  Time seen = 0;            // when it took place
  Time run_read = -1;       // when the last answer to a refresh's own look was asked for
  std::uint64_t left = 0;   // L5: the stored session that another user's took the place of
  bool read_missing = false;
  bool read_corrupt = false;
  bool probe_excused = false;
  std::uint32_t expects_sign_out_revoke = kNone;  // with this access token
  std::uint32_t revoked_now = kNone;     // refresh token of the last revoke effect of this input
  std::uint32_t revoked_access = kNone;  // the access token that went with it
  std::uint32_t expects_revoke = kNone;  // refresh token that this input must have revoked
  bool told_of_steal = false;            // in this input
  std::uint32_t wrote_generation = 0;
  bool storage_slow = false;          // told so since it last wrote
  std::uint32_t slow_access = kNone;  // the token that it went on with then

  bool awake() const { return alive && !frozen; }
  void note_handed(const StoredRecord& record) {
    for (StoredRecord& known : handed) {
      if (known.access == record.access) {
        known = record;
        return;
      }
    }
    handed[next_handed++ % std::size(handed)] = record;
  }
};

}  // namespace bearerkit::sim
