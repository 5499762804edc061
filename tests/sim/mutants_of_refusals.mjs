// Deliberate defects in what a refusal by the server leads to: patience (R17), the last token (R18),
// a second thought (R24), a reload in the middle (R25), and the server's no (C7).
import { bearer, cookie, copied, hybrid, long } from './mutant_worlds.mjs';

/** @type {import('./mutants.mjs').Mutant[]} */
export const mutantsOfRefusals = [
  {
    name: 'one unclear refusal is enough, after a while',
    file: 'machine/backoff.cpp',
    find: 'constexpr std::uint32_t kUnclearTries = 3;',
    replace: 'constexpr std::uint32_t kUnclearTries = 2;',
    args: long(bearer),
  },
  {
    name: 'three unclear refusals are enough at once',
    file: 'machine/backoff.cpp',
    find: "constexpr Milliseconds kPatience = 90'000;",
    replace: 'constexpr Milliseconds kPatience = 0;',
  },
  {
    name: 'patience with unclear refusals has no end',
    file: 'machine/backoff.cpp',
    find: 'return unclear_ >= kUnclearTries && now - unclear_since_ >= kPatience;',
    replace: 'return false;',
  },
  {
    name: 'new tokens do not begin the patience anew',
    file: 'machine/backoff.cpp',
    find: 'void Backoff::reset() { *this = Backoff(); }',
    replace: 'void Backoff::reset() { failures_ = 0; until_ = 0; recovers_ = false; }',
  },
  {
    name: 'a session that was refused goes on asking',
    file: 'machine/machine_answer.cpp',
    find: 'session_.refuse();',
    replace: '',
  },
  {
    name: 'a session that was refused does not end with its token',
    file: 'machine/machine.cpp',
    find: 'if (session_.freshness(now_) == Freshness::expired) expire_session();',
    replace:
      'if (!session_.refused() && session_.freshness(now_) == Freshness::expired) expire_session();',
  },
  {
    name: 'a session that was refused ends as if it had expired',
    file: 'machine/machine_session.cpp',
    find: 'end_session(session_.refused() ? SignOutReason::refresh_rejected : SignOutReason::expired);',
    replace: 'end_session(SignOutReason::expired);',
  },
  {
    name: 'new tokens do not supersede a refusal',
    file: 'machine/session.cpp',
    find: 'refused_ = false;',
    replace: '',
  },
  {
    name: 'a refused cookie is not tried again',
    file: 'machine/machine_storage.cpp',
    find: 'return known && !refresh_.doubted();',
    replace: 'return known && !refresh_.doubted() && settings_.mode == Mode::bearer;',
    args: cookie,
  },
  {
    name: 'a refused cookie is tried for ever',
    file: 'machine/machine_storage.cpp',
    find: 'return known && !refresh_.doubted();',
    replace: 'return known;',
    args: cookie,
  },
  {
    name: 'a refused token is sent again, unchanged',
    file: 'machine/machine_storage.cpp',
    find: 'if (same && refresh_.doubted() && settings_.mode == Mode::bearer) {',
    replace: 'if (closed_) {',
    args: copied,
  },
  {
    name: 'a second thought without a new turn after a freeze',
    file: 'machine/machine_refresh.cpp',
    find: 'if (token_was_sent.has(refresh_.phase()) && refresh_.was_frozen(now_)) refresh_.set_slept();',
    replace: '',
    args: cookie.concat('--locks', 'web', '--tabs', '4'),
  },
  {
    name: 'no note that a refresh is under way',
    file: 'machine/machine_refresh.cpp',
    find: 'if (settings_.mode == Mode::bearer) return;\n  const Text note',
    replace: 'if (!closed_) return;\n  const Text note',
    args: cookie,
  },
  {
    name: 'the refresh of the page that went is not waited for',
    file: 'machine/machine_refresh.cpp',
    find: "constexpr Milliseconds kFlight = 3'000;",
    replace: 'constexpr Milliseconds kFlight = 0;',
    args: cookie,
  },
  {
    name: 'a note is waited for, whoever wrote it and for how long',
    file: 'machine/machine_refresh.cpp',
    find: 'outcome == ReadOutcome::found && lease_holds(note, now_, kFlight) &&',
    replace: 'outcome == ReadOutcome::found &&',
    args: cookie,
  },
  {
    name: 'the note is looked for again and again',
    file: 'machine/machine_refresh.cpp',
    find: 'refresh_.set_looked_for_flight();',
    replace: '',
    args: hybrid,
  },
  {
    name: 'the server’s no counts as another session',
    file: 'machine/stored.cpp',
    find: 'return left ? Stored::missing : Stored::refused;',
    replace: 'return left ? Stored::missing : Stored::other;',
    args: cookie,
  },
  {
    name: 'the server’s no counts as a session at the start',
    file: 'machine/machine_session.cpp',
    find: '} else if (stored->is_refusal()) {',
    replace: '} else if (stored->session == 1) {',
    args: long(cookie),
  },
];
