// Deliberate defects in what tabs make of the storage and of each other.
import { hybrid, async_, asyncCookie, asyncLease, cookie, own, long } from './mutant_worlds.mjs';

/** @type {import('./mutants.mjs').Mutant[]} */
export const mutantsOfTabs = [
  {
    name: 'drop the commit check',
    file: 'machine/session_state.h',
    find: '{Phase::redeeming, FlowEvent::answer_tokens, Phase::committing, FlowAction::read_record}',
    replace: '{Phase::redeeming, FlowEvent::answer_tokens, Phase::storing, FlowAction::store}',
  },
  {
    name: 'commit over a newer record',
    file: 'machine/session_state.h',
    find: '{Phase::committing, FlowEvent::record_newer, Phase::idle, FlowAction::drop_and_adopt}',
    replace: '{Phase::committing, FlowEvent::record_newer, Phase::storing, FlowAction::store}',
  },
  {
    name: 'commit although the record is gone',
    file: 'machine/session_state.h',
    find: '{Phase::committing, FlowEvent::record_missing, Phase::idle, FlowAction::drop_and_end}',
    replace: '{Phase::committing, FlowEvent::record_missing, Phase::storing, FlowAction::store}',
  },
  {
    name: 'do not read again before a terminal answer counts',
    file: 'machine/session_state.h',
    find: '{Phase::redeeming, FlowEvent::answer_terminal, Phase::verifying, FlowAction::read_record}',
    replace:
      '{Phase::redeeming, FlowEvent::answer_terminal, Phase::idle, FlowAction::end_rejected}',
  },
  {
    name: 'the loser ends the session',
    file: 'machine/session_state.h',
    find: '{Phase::verifying, FlowEvent::record_newer, Phase::idle, FlowAction::adopt}',
    replace: '{Phase::verifying, FlowEvent::record_newer, Phase::idle, FlowAction::end_rejected}',
  },
  {
    name: 'leave the record at sign-out',
    file: 'machine/session.cpp',
    find: 'push(EffectKind::remove_storage);\n    broadcast(PeerMessage::Kind::signed_out',
    replace: 'broadcast(PeerMessage::Kind::signed_out',
  },
  {
    name: 'adopt an older record',
    file: 'machine/session_flow.cpp',
    find: 'if (!other && stored->generation <= newest_generation()) return',
    replace: 'if (!other && stored->generation == newest_generation()) return',
    args: async_,
  },
  {
    name: 'adopt a record that is no newer',
    file: 'machine/session_tabs.cpp',
    find: 'stored->generation > record_.generation && config_.mode',
    replace: 'stored->generation >= record_.generation && config_.mode',
  },
  {
    name: 'do not tell the other tabs of a sign-out',
    file: 'machine/session.cpp',
    find: 'broadcast(PeerMessage::Kind::signed_out, record_.session);',
    replace: '',
    args: own.with(3, 'memory'),
  },
  {
    name: 'a cookie-mode record that never gets newer',
    file: 'machine/session_flow.cpp',
    find: 'redeemed_.generation = newest_generation() + 1;',
    replace: 'redeemed_.generation = newest_generation();',
    args: cookie,
  },
  {
    name: 'an old look at the storage counts',
    file: 'machine/session_tabs.cpp',
    find: 'if (ticket != last_read_[static_cast<std::size_t>(purpose)]) return;',
    replace:
      'if (purpose != ReadPurpose::peek && ticket != last_read_[static_cast<std::size_t>(purpose)]) return;',
    args: long(async_),
  },
  {
    name: "another tab's turn makes the own token new",
    file: 'machine/session_tabs.cpp',
    find: 'stored->generation > record_.generation && config_.mode != Mode::hybrid;',
    replace: 'stored->generation > record_.generation;',
    args: hybrid,
  },
  {
    name: 'take tokens for the session that replaced theirs',
    file: 'machine/session_flow.cpp',
    find: 'if (presumed_ && phase_ == Phase::reading) {',
    replace: 'if (presumed_) {',
    args: hybrid,
  },
  {
    name: 'any sign-out ends a presumed session',
    file: 'machine/session_tabs.cpp',
    find: 'peer->session == record_.session || record_.generation == 0;',
    replace: 'peer->session == record_.session || presumed_;',
    args: hybrid,
  },
  {
    name: 'an old look under the lock counts',
    file: 'machine/session_tabs.cpp',
    find: 'if (ticket != last_read_[static_cast<std::size_t>(purpose)]) return;',
    replace:
      'if (purpose != ReadPurpose::flow && ticket != last_read_[static_cast<std::size_t>(purpose)]) return;',
    args: long(asyncCookie),
  },
  {
    name: 'a page that wakes goes on with what was read before',
    file: 'machine/session_tabs.cpp',
    find: 'if (awaits_record()) read_storage(ReadPurpose::flow);',
    replace: '',
    args: long(asyncLease),
  },
];
