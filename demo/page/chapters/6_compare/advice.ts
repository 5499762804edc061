// What follows from the design, and cannot be measured here. In the order of the columns.
export const DESIGN: readonly (readonly [string, string, string, string])[] = [
  [
    'Who can check it',
    'Whoever reaches the database',
    'Whoever has the public key',
    'Whoever has the key and reaches the list',
  ],
  [
    'If the database is away',
    'Nobody gets in',
    'Tokens work until they expire',
    'Nobody gets in, or bans do not work: you choose',
  ],
  [
    'What is in it',
    'A random number',
    'Claims that anybody can read',
    'Claims that anybody can read',
  ],
  [
    'Changed rights count',
    'At the next request',
    'With the next token',
    'With the next token, or at once if the old one is listed',
  ],
];

export const CHOICES: readonly (readonly [string, string])[] = [
  [
    'A session',
    'One site, one server, one database: choose this. It is small, and it ends when you say so.',
  ],
  [
    'A JWT alone',
    'Many services check, or other firms do. Keep it to minutes, and let the refresh ask the database.',
  ],
  [
    'A JWT and a blocklist',
    'Many services check, and a ban must work at once. The list is small: rows live as long as tokens.',
  ],
];
