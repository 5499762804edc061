// Deliberate defects in whose turn it is: the lock, the lease, and the wait before a record is believed.
import { lagging, lease, async_, asyncHybrid, asyncLease, long } from './mutant_worlds.mjs';

/** @type {import('./mutants.mjs').Mutant[]} */
export const mutantsOfTurns = [
  {
    name: 'skip the re-read under the lock',
    file: 'machine/refresh_table.h',
    find: '{waits_for_lock,   lock_granted,              P::reading,    A::read_record}',
    replace: '{waits_for_lock, lock_granted, P::redeeming, A::redeem}',
  },
  {
    name: 'no lock at all',
    file: 'machine/refresh_table.h',
    find: '{P::idle,          demand,                    P::locking,    A::acquire_lock}',
    replace: '{P::idle, demand, P::reading, A::read_record}',
  },
  {
    name: 'the wait for the lock does not end',
    file: 'machine/refresh_table.h',
    find: '{P::locking,       time_up,                   P::stealing,   A::steal_lock,            W::lock_stolen}',
    replace: '{P::locking, time_up, P::locking, A::read_record}',
  },
  {
    name: 'keep the lock after a refresh',
    file: 'machine/machine_refresh.cpp',
    find: 'hand_over();\n  turn_.release(effects_, refresh_.run());',
    replace: 'hand_over();\n  turn_ = Turn();',
  },
  {
    name: 'keep the lock after a failure',
    file: 'machine/machine_refresh.cpp',
    find: 'random_, !closed_);\n  turn_.release(effects_, refresh_.run());',
    replace: 'random_, !closed_);\n  turn_ = Turn();',
  },
  {
    name: 'read once before a token is redeemed',
    file: 'machine/machine_storage.cpp',
    find: 'if (!refresh_.writes_arrived() && settings_.lag() > 0) return',
    replace: 'if (closed_) return',
    args: lagging,
  },
  {
    name: 'read once under a lock that was asked for again',
    file: 'machine/machine_refresh.cpp',
    find: 'refresh_.set_writes_arrived(false);',
    replace: '',
    args: lagging,
  },
  {
    name: 'do not read again once what was written has arrived',
    file: 'machine/refresh_table.h',
    find: '{P::pausing,       time_up,                   P::reading,    A::read_record}',
    replace: '{P::pausing, time_up, P::redeeming, A::redeem}',
    args: lagging,
  },
  {
    name: 'take the lock at once after a freeze',
    file: 'machine/refresh_table.h',
    find: '{{P::locking, P::stealing,',
    replace: '{{P::stealing,',
  },
  {
    name: 'take a lock that was granted while it was frozen',
    file: 'machine/machine_refresh.cpp',
    find: 'now_ >= refresh_.deadline());',
    replace: 'now_ >= refresh_.deadline() && false);',
  },
  {
    name: 'go on with what was read before a freeze',
    file: 'machine/refresh_table.h',
    find: 'P::claiming, P::reading, P::checking, P::noticing,\n      P::pausing, P::doubting},',
    replace: 'P::claiming, P::checking, P::noticing,\n      P::pausing, P::doubting},',
    args: async_.concat('--locks', 'web'),
  },
  {
    name: 'go on after a pause that a freeze made long',
    file: 'machine/refresh_table.h',
    find: 'P::claiming, P::reading, P::checking, P::noticing,\n      P::pausing, P::doubting},',
    replace: 'P::claiming, P::reading, P::checking, P::noticing,\n      P::doubting},',
    args: lagging,
  },
  {
    name: 'commit after a freeze',
    file: 'machine/refresh_table.h',
    find: '{P::committing,    frozen,                    P::committing, A::read_record}',
    replace: '{P::committing, frozen, P::storing, A::store}',
    args: long(async_),
  },
  {
    name: 'do not read the lease back',
    file: 'machine/refresh_table.h',
    find: '{P::claiming,      time_up,                   P::confirming, A::read_lease}',
    replace: '{P::claiming, time_up, P::reading, A::read_record}',
    args: lease,
  },
  {
    name: 'do not look who has the lease',
    file: 'machine/refresh_table.h',
    find: '{reads_lease,      lease_taken,               P::queueing,   A::await_lease}',
    replace:
      '{P::asking, lease_taken, P::claiming, A::claim_lease},\n    {P::confirming, lease_taken, P::queueing, A::await_lease}',
    args: lease,
  },
  {
    name: 'go on without the lease that another tab has',
    file: 'machine/refresh_table.h',
    find: '{reads_lease,      lease_taken,               P::queueing,   A::await_lease}',
    replace:
      '{P::confirming, lease_taken, P::reading, A::read_record},\n    {P::asking, lease_taken, P::queueing, A::await_lease}',
    args: lease,
  },
  {
    name: 'take a lease that is overdue without a word',
    file: 'machine/turn.cpp',
    find: 'return held && !ours ? RefreshEvent::lease_overdue : RefreshEvent::lease_free;',
    replace: 'return RefreshEvent::lease_free;',
    args: long(asyncLease),
  },
  {
    name: 'do not claim again what another tab claimed later',
    file: 'machine/machine_storage.cpp',
    find: 'seen == RefreshEvent::lease_lost);',
    replace: 'false);',
    args: long(asyncHybrid),
  },
  {
    name: 'every lease has run out',
    file: 'machine/lease.cpp',
    find: 'now < until && until <= now + length;',
    replace: 'now < until && now < length;',
    args: lease,
  },
  {
    name: 'read a claim back at once',
    file: 'machine/machine_refresh.cpp',
    find: 'now_ + settings_.lock_timeout);\n      return refresh_.wait_until(now_ + kLeasePause);',
    replace: 'now_ + settings_.lock_timeout);\n      return refresh_.wait_until(now_);',
    args: lease,
  },
];
