// Defects in what is stored and said between tabs.

/** @type {import('../../scripts/lib/mutants.mjs').Mutant[]} */
export const mutantsOfRecord = [
  {
    name: 'write one control character as it is',
    file: 'machine/record.cpp',
    find: 'static_cast<unsigned char>(c) < 0x20',
    replace: 'static_cast<unsigned char>(c) < 0x1f',
  },
  {
    name: 'write a secret in hybrid mode',
    file: 'machine/record.cpp',
    find: 'if (mode == Mode::bearer) {',
    replace: 'if (mode != Mode::cookie) {',
  },
  {
    name: 'cut times to the millisecond',
    file: 'machine/record.cpp',
    find: 'std::nearbyint(number)',
    replace: 'std::trunc(number)',
  },
  {
    name: 'take a record that expired before it came',
    file: 'machine/record.cpp',
    find: '!times_fit) {',
    replace: 'false) {',
  },
  {
    name: 'a lease of a millisecond less',
    file: 'machine/lease.cpp',
    find: 'until <= now + length',
    replace: 'until < now + length',
  },
  {
    name: 'a session of nobody',
    file: 'machine/peer_message.cpp',
    find: 'if (message.session == 0) return',
    replace: 'if (message.session == 1) return',
  },
];
