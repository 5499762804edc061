import { randomUUID } from 'node:crypto';
import type { Database, Queries } from './database.ts';
import type { HashingQueue } from './hashing_queue.ts';
import { hashPassword, verifyPassword } from './passwords.ts';

export type Role = 'user' | 'admin';

export interface User {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
}

/** What is the same for one address however it was typed: lookups and rate limits go by it. */
export function normalizeEmail(email: string): string {
  return email.trim().normalize('NFKC').toLowerCase();
}

/** A user, and the hash of the password that was right: it may be changed before a session begins. */
export interface Verified {
  readonly user: User;
  readonly passwordHash: string;
}

/** The user with that address and password, or undefined: also when banned. */
export async function authenticate(
  database: Queries,
  hashing: HashingQueue,
  email: string,
  password: string,
): Promise<Verified | undefined> {
  const [row] = await database.query<User & { passwordHash: string; banned: boolean }>(
    `select id, email, name, role, password_hash as "passwordHash", banned_at is not null as banned
       from users where email = $1`,
    [normalizeEmail(email)],
  );
  const matches = await hashing.run(() => verifyPassword(password, row?.passwordHash));
  if (row === undefined || !matches || row.banned) return undefined;
  const { passwordHash } = row;
  return { user: { id: row.id, email: row.email, name: row.name, role: row.role }, passwordHash };
}

/** @returns the new user's id; undefined when there is one with that address. */
export async function addUser(
  database: Queries,
  user: Omit<User, 'id'>,
  password: string,
): Promise<string | undefined> {
  const [row] = await database.query<{ id: string }>(
    `insert into users (id, email, name, role, password_hash) values ($1, $2, $3, $4, $5)
     on conflict (email) do nothing returning id`,
    [randomUUID(), normalizeEmail(user.email), user.name, user.role, await hashPassword(password)],
  );
  return row?.id;
}

export async function listUsers(database: Queries): Promise<(User & { banned: boolean })[]> {
  return database.query<User & { banned: boolean }>(
    `select id, email, name, role, banned_at is not null as banned from users order by email`,
  );
}

export const DEMO_PASSWORD = 'correct horse battery staple';

export const DEMO_ACCOUNTS: readonly Omit<User, 'id'>[] = [
  // A name beyond ASCII, so that whoever decodes it wrongly sees it at once.
  { email: 'ada@example.com', name: 'Ada Łovelace 🦊 李', role: 'user' },
  { email: 'grace@example.com', name: 'Grace Hopper', role: 'admin' },
];

/** Makes the demo accounts that are not there yet. Their password is public: demo mode only. */
export async function createDemoAccounts(database: Database): Promise<void> {
  const present = await database.query<{ email: string }>('select email from users where is_demo');
  const missing = DEMO_ACCOUNTS.filter(
    (account) => !present.some(({ email }) => email === account.email),
  );
  await Promise.all(
    missing.map(async ({ email, name, role }) => {
      await database.query(
        `insert into users (id, email, name, role, password_hash, is_demo)
         values ($1, $2, $3, $4, $5, true) on conflict (email) do nothing`,
        [randomUUID(), email, name, role, await hashPassword(DEMO_PASSWORD)],
      );
    }),
  );
}

/**
 * For production: a database that once served a demo holds accounts whose password everybody
 * knows, one of them an administrator's. Their sessions go with them.
 */
export async function removeDemoAccounts(database: Queries): Promise<void> {
  await database.query('delete from users where is_demo');
}
