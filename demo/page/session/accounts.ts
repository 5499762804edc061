// The accounts of the demo, as the server prints them when it starts.
export const ACCOUNTS = {
  ada: { email: 'ada@example.com', name: 'Ada', role: 'user' },
  grace: { email: 'grace@example.com', name: 'Grace', role: 'admin' },
} as const;

export type Who = keyof typeof ACCOUNTS;

export const ALL_ACCOUNTS = Object.keys(ACCOUNTS) as readonly Who[];

/** Public on purpose. */
export const DEMO_PASSWORD = 'correct horse battery staple';
