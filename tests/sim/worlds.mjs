// The kinds of worlds that there are: who holds the tokens, where the record is, what tabs take turns
// by, and whether the server gives a successor again. All else follows from the seed.

const modes = ['bearer', 'hybrid', 'cookie'];
const places = [
  ['memory', 'web'],
  ['per_tab', 'web'],
  ['shared', 'web'],
  ['shared', 'none'],
  ['shared_async', 'web'],
  ['shared_async', 'none'],
];
const graces = ['0', '10000'];

/** Each as the simulator's arguments. */
export const worlds = modes.flatMap((mode) =>
  places.flatMap(([storage, locks]) =>
    graces.map((grace) =>
      ['--mode', mode, '--storage', storage, '--locks', locks, '--grace', grace].map(String),
    ),
  ),
);
