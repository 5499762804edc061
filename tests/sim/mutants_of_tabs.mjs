// Deliberate defects in what tabs make of the storage and of each other.
import { hybrid, async_, asyncCookie, asyncLease, cookie, own, long } from './mutant_worlds.mjs';

/** @type {import('./mutants.mjs').Mutant[]} */
export const mutantsOfTabs = [
  {
    name: 'drop the commit check',
    file: 'machine/refresh_table.h',
    find: '{P::redeeming,     answer_tokens,             P::committing, A::read_record}',
    replace: '{P::redeeming, answer_tokens, P::storing, A::store}',
  },
  {
    name: 'commit over a newer record',
    file: 'machine/refresh_table.h',
    find: '{P::committing,    elsewhere,                 P::idle,       A::drop_and_adopt}',
    replace: '{P::committing, elsewhere, P::storing, A::store}',
  },
  {
    name: 'commit although the record is gone',
    file: 'machine/refresh_table.h',
    find: '{P::committing,    record_missing,            P::idle,       A::drop_and_end_cleared}',
    replace: '{P::committing, record_missing, P::storing, A::store}',
  },
  {
    name: 'do not read again before a terminal answer counts',
    file: 'machine/refresh_table.h',
    find: '{P::redeeming,     answer_terminal,           P::verifying,  A::read_record}',
    replace: '{P::redeeming, answer_terminal, P::idle, A::end_rejected}',
  },
  {
    name: 'the loser ends the session',
    file: 'machine/refresh_table.h',
    find: '{P::verifying,     elsewhere,                 P::idle,       A::adopt}',
    replace: '{P::verifying, elsewhere, P::idle, A::end_rejected}',
  },
  {
    name: 'leave the record at sign-out',
    file: 'machine/machine_session.cpp',
    find: 'effects_.push(EffectKind::remove_storage);\n    broadcast(PeerMessage::Kind::signed_out',
    replace: 'broadcast(PeerMessage::Kind::signed_out',
  },
  {
    name: 'adopt an older record',
    file: 'machine/stored.cpp',
    find: 'found.generation <= newest',
    replace: 'found.generation == newest',
    args: async_,
  },
  {
    name: 'adopt a record that is no newer',
    file: 'machine/stored.cpp',
    find: 'found.generation <= newest',
    replace: 'found.generation < newest',
  },
  {
    name: 'adopt while an own refresh has its turn',
    file: 'machine/stored_table.h',
    find: '{any,             any,        R::acts,   A::nothing}',
    replace: '{newer, any, R::acts, A::adopt}',
  },
  {
    name: 'a refresh that has its turn does not hold off an end',
    file: 'machine/stored_table.h',
    find: '{any,             any,        R::acts,   A::nothing}',
    replace: '{ended, any, R::acts, A::remove}',
  },
  {
    name: 'do not believe that the record is gone',
    file: 'machine/stored_table.h',
    find: '{missing,         signed_in,  any,       A::doubt}',
    replace: '{missing, signed_in, any, A::nothing}',
  },
  {
    name: 'leave what was written after the end',
    file: 'machine/stored_table.h',
    find: '{ended,           signed_out, any,       A::remove}',
    replace: '{ended, signed_out, any, A::nothing}',
    args: long(async_),
  },
  {
    name: 'do not take up what another tab stored',
    file: 'machine/stored_table.h',
    find: '{other,           any,        any,       A::adopt}',
    replace: '{other, any, any, A::nothing}',
  },
  {
    name: 'do not tell the other tabs of a sign-out',
    file: 'machine/machine_session.cpp',
    find: 'broadcast(PeerMessage::Kind::signed_out, session);',
    replace: '',
    args: own.with(3, 'memory'),
  },
  {
    name: 'a cookie-mode record that never gets newer',
    file: 'machine/machine_refresh.cpp',
    find: 'redeemed.generation = newest_generation() + 1;',
    replace: 'redeemed.generation = newest_generation();',
    args: cookie,
  },
  {
    name: 'an old look at the storage counts',
    file: 'machine/machine_storage.cpp',
    find: 'if (!storage_.is_newest(purpose, operation)) return;',
    replace: 'if (purpose != ReadPurpose::peek && !storage_.is_newest(purpose, operation)) return;',
    args: long(async_),
  },
  {
    name: "another tab's turn makes the own token new",
    file: 'machine/stored_table.h',
    find: '{{newer, stale, handed}, any, any,       A::adopt}',
    replace: '{{newer, stale, turn, handed}, any, any, A::adopt}',
    args: hybrid,
  },
  {
    name: 'take tokens for the session that replaced theirs',
    file: 'machine/machine_storage.cpp',
    find: 'refresh_.set_found(std::move(found.record));\n  }\n  run_refresh(seen);',
    replace:
      'refresh_.set_found(std::move(found.record));\n  }\n  const bool other = seen == RefreshEvent::record_other;\n  run_refresh(other && refresh_.phase() == Phase::committing ? RefreshEvent::record_same : seen);',
  },
  {
    name: 'any sign-out ends the session',
    file: 'machine/machine_peers.cpp',
    find: 'peer.session == session_.record().session || generation() == 0;',
    replace: 'peer.session != 0 || generation() == 0;',
  },
  {
    name: 'an old look under the lock counts',
    file: 'machine/machine_storage.cpp',
    find: 'if (!storage_.is_newest(purpose, operation)) return;',
    replace: 'if (purpose != ReadPurpose::run && !storage_.is_newest(purpose, operation)) return;',
    args: long(asyncCookie),
  },
  {
    name: 'a page that wakes goes on with what was read before',
    file: 'machine/machine.cpp',
    find: 'if (awaits_record.has(refresh_.phase())) storage_.read(effects_, ReadPurpose::run);',
    replace: '',
    args: long(asyncLease),
  },
  {
    name: 'a prerendered page takes its turn',
    file: 'machine/machine_refresh.cpp',
    find: 'if (prerendering_ || closed_) return;',
    replace: 'if (closed_) return;',
  },
  {
    name: 'the server’s no counts as a cleared storage',
    file: 'machine/stored.cpp',
    find: 'return Stored::refused;',
    replace: 'return Stored::missing;',
    args: hybrid,
  },
];
