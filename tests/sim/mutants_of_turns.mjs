// Deliberate defects in whose turn it is: the lock, the lease, and the wait before a record is believed.
import { lagging, lease, asyncHybrid, long } from './mutant_worlds.mjs';

/** @type {import('./mutants.mjs').Mutant[]} */
export const mutantsOfTurns = [
  {
    name: 'skip the re-read under the lock',
    file: 'machine/session_state.h',
    find: '{Phase::locking, FlowEvent::lock_granted, Phase::reading, FlowAction::read_record}',
    replace: '{Phase::locking, FlowEvent::lock_granted, Phase::redeeming, FlowAction::redeem}',
  },
  {
    name: 'no lock at all',
    file: 'machine/session_state.h',
    find: '{Phase::idle, FlowEvent::demand, Phase::locking, FlowAction::acquire_lock}',
    replace: '{Phase::idle, FlowEvent::demand, Phase::reading, FlowAction::read_record}',
  },
  {
    name: 'the wait for the lock does not end',
    file: 'machine/session_state.h',
    find: '{Phase::locking, FlowEvent::lock_timeout, Phase::stealing, FlowAction::steal_lock}',
    replace: '{Phase::locking, FlowEvent::lock_timeout, Phase::locking, FlowAction::read_record}',
  },
  {
    name: 'keep the lock after a refresh',
    file: 'machine/session_flow.cpp',
    find: 'take_up(std::exchange(redeemed_, Record{}));\n  release_lock();',
    replace: 'take_up(std::exchange(redeemed_, Record{}));\n  lock_held_ = false;',
  },
  {
    name: 'keep the lock after a failure',
    file: 'machine/session_flow.cpp',
    find: 'recovering_ = failures_ <= kRecoveries && !closed_;\n  release_lock();',
    replace: 'recovering_ = failures_ <= kRecoveries && !closed_;\n  lock_held_ = false;',
  },
  {
    name: 'read once before a token is redeemed',
    file: 'machine/session_tabs.cpp',
    find: '!settled_ && config_.settle_time > 0 && config_.mode != Mode::hybrid;',
    replace: 'false;',
    args: lagging,
  },
  {
    name: 'read once under a lock that was asked for again',
    file: 'machine/session_flow.cpp',
    find: 'recovering_ = settled_ = false;',
    replace: 'recovering_ = false;',
    args: lagging,
  },
  {
    name: 'do not read again once what was read has settled',
    file: 'machine/session_state.h',
    find: '{Phase::settling, FlowEvent::pause_over, Phase::reading, FlowAction::read_record}',
    replace: '{Phase::settling, FlowEvent::pause_over, Phase::redeeming, FlowAction::redeem}',
    args: lagging,
  },
  {
    name: 'take the lock at once after a freeze',
    file: 'machine/session_flow.cpp',
    find: 'ask_again(was_frozen(now)) ? FlowEvent::lock_late : FlowEvent::lock_timeout',
    replace: 'FlowEvent::lock_timeout',
  },
  {
    name: 'do not read the lease back',
    file: 'machine/session_state.h',
    find: '{Phase::claiming, FlowEvent::pause_over, Phase::confirming, FlowAction::read_lease}',
    replace: '{Phase::claiming, FlowEvent::pause_over, Phase::reading, FlowAction::read_record}',
    args: lease,
  },
  {
    name: 'do not look who has the lease',
    file: 'machine/session_state.h',
    find: '{Phase::asking, FlowEvent::lease_taken, Phase::queueing, FlowAction::await_lease}',
    replace: '{Phase::asking, FlowEvent::lease_taken, Phase::claiming, FlowAction::claim_lease}',
    args: lease,
  },
  {
    name: 'go on without the lease that another tab has',
    file: 'machine/session_state.h',
    find: '{Phase::confirming, FlowEvent::lease_taken, Phase::queueing, FlowAction::await_lease}',
    replace: '{Phase::confirming, FlowEvent::lease_taken, Phase::reading, FlowAction::read_record}',
    args: lease,
  },
  {
    name: 'do not claim again what another tab claimed later',
    file: 'machine/session_turn.cpp',
    find: 'return ask_again(true) ? FlowEvent::lock_late : FlowEvent::lease_failed;',
    replace: 'return FlowEvent::lease_failed;',
    args: long(asyncHybrid),
  },
  {
    name: 'every lease has run out',
    file: 'machine/record.cpp',
    find: 'return now < until && until <= now + length;',
    replace: 'return now < until && now < length;',
    args: lease,
  },
  {
    name: 'read a claim back at once',
    file: 'machine/session_turn.cpp',
    find: 'phase_deadline_ = now + kLeasePause;\n  push(',
    replace: 'phase_deadline_ = now;\n  push(',
    args: lease,
  },
];
