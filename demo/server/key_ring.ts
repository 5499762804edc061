import { randomBytes } from 'node:crypto';
import {
  CompactEncrypt,
  compactDecrypt,
  type CryptoKey,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
} from 'jose';
import { z } from 'zod';
import type { Database, Queries } from './database.ts';

export const ALGORITHMS = ['ES256', 'HS256'] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

/** Each process looks so often whether another has changed the keys. */
const LOOK_EVERY_MS = 30_000;
/** A token may name any key: that makes nobody look more often than this. */
const LOOK_AGAIN_MS = 1000;
/** A new key is shown so long before it signs: whoever verifies should know it by then. */
const SHOWN_BEFORE_MS = 60_000;
/** No access token lives longer (see settings.ts): so long an old key verifies. */
const LONGEST_LIFE_MS = 86_400_000;

export interface SigningKey {
  readonly kid: string;
  readonly algorithm: Algorithm;
  readonly signWith: CryptoKey | Uint8Array;
  readonly verifyWith: CryptoKey | Uint8Array;
  /** What everybody may know; null of a key that signs and verifies alike. */
  readonly publicJwk: JWK | null;
  readonly signsFrom: number;
}

/**
 * The keys that sign access tokens. They are rows of the database, which all processes share, and
 * sealed with a key that is not in there: who reads the database alone can sign nothing. A key that
 * was sealed with another secret is as good as none.
 */
export class KeyRing {
  readonly algorithm: Algorithm;
  readonly #database: Database;
  readonly #seal: Uint8Array;
  readonly #clock: () => number;
  #keys: readonly SigningKey[] = [];
  #lookedAt: number | undefined;
  #looking: Promise<void> | undefined;

  constructor(database: Database, seal: Uint8Array, algorithm: Algorithm, clock: () => number) {
    this.#database = database;
    this.#seal = seal;
    this.algorithm = algorithm;
    this.#clock = clock;
  }

  /** The newest key whose time has come. */
  async signer(): Promise<SigningKey> {
    await this.#lookIfOlderThan(LOOK_EVERY_MS);
    const now = this.#clock();
    const key = this.#keys.find(({ signsFrom }) => signsFrom <= now) ?? this.#keys.at(-1);
    if (key === undefined) throw new Error('There is no key to sign with');
    return key;
  }

  async verifier(kid: string | undefined): Promise<SigningKey | undefined> {
    if (kid === undefined) return undefined;
    await this.#lookIfOlderThan(LOOK_EVERY_MS);
    if (!this.#keys.some((key) => key.kid === kid)) await this.#lookIfOlderThan(LOOK_AGAIN_MS);
    return this.#keys.find((key) => key.kid === kid);
  }

  /** As a JWK Set (RFC 7517 §5), those that are yet to sign included. */
  async publicKeys(): Promise<JWK[]> {
    await this.#lookIfOlderThan(LOOK_EVERY_MS);
    return this.#keys.flatMap(({ publicJwk }) => publicJwk ?? []);
  }

  async #lookIfOlderThan(milliseconds: number): Promise<void> {
    const age = this.#lookedAt === undefined ? Infinity : Math.abs(this.#clock() - this.#lookedAt);
    if (age < milliseconds) return;
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    await this.#looking;
  }

  async #look(): Promise<void> {
    const now = this.#clock();
    let keys = await readKeys(this.#database, this.#seal, this.algorithm, now);
    if (keys.length === 0) {
      // Two processes may find none at once: the second waits, and then finds the first one's.
      keys = await this.#database.transaction(async (tx) => {
        await tx.query('lock table signing_keys in share row exclusive mode');
        const found = await readKeys(tx, this.#seal, this.algorithm, now);
        if (found.length > 0) return found;
        await makeKey(tx, this.#seal, this.algorithm, now, now);
        return readKeys(tx, this.#seal, this.algorithm, now);
      });
    }
    this.#keys = keys;
    this.#lookedAt = now;
  }
}

/**
 * Makes a new key. The old ones sign until it does, and verify as long as a token of theirs may
 * live; `atOnce`, for a key that was stolen, ends them now. @returns the new key's id
 */
export async function rotateKeys(
  database: Database,
  seal: Uint8Array,
  algorithm: Algorithm,
  now: number,
  atOnce: boolean,
): Promise<string> {
  const signsFrom = atOnce ? now : now + SHOWN_BEFORE_MS;
  return database.transaction(async (tx) => {
    await tx.query('lock table signing_keys in share row exclusive mode');
    await tx.query(
      `update signing_keys set retires_at = least(retires_at, $2) where algorithm = $1`,
      [algorithm, new Date(atOnce ? now : signsFrom + LONGEST_LIFE_MS)],
    );
    return makeKey(tx, seal, algorithm, now, signsFrom);
  });
}

async function makeKey(
  tx: Queries,
  seal: Uint8Array,
  algorithm: Algorithm,
  now: number,
  signsFrom: number,
): Promise<string> {
  const kid = randomBytes(8).toString('base64url');
  const jwk = algorithm === 'ES256' ? await newKeyPair() : newSecret();
  const sealed = await new CompactEncrypt(Buffer.from(JSON.stringify(jwk)))
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid })
    .encrypt(seal);
  await tx.query(
    `insert into signing_keys (kid, algorithm, sealed_jwk, created_at, signs_from)
     values ($1, $2, $3, $4, $5)`,
    [kid, algorithm, sealed, new Date(now), new Date(signsFrom)],
  );
  return kid;
}

async function newKeyPair(): Promise<JWK> {
  return exportJWK((await generateKeyPair('ES256', { extractable: true })).privateKey);
}

function newSecret(): JWK {
  return { kty: 'oct', k: randomBytes(32).toString('base64url') };
}

interface Row {
  readonly kid: string;
  readonly sealed: string;
  readonly signsFrom: Date;
}

/** Those that count, the newest first. */
async function readKeys(
  database: Queries,
  seal: Uint8Array,
  algorithm: Algorithm,
  now: number,
): Promise<SigningKey[]> {
  const rows = await database.query<Row>(
    `select kid, sealed_jwk as sealed, signs_from as "signsFrom" from signing_keys
      where algorithm = $1 and (retires_at is null or retires_at > $2)
      order by signs_from desc, kid`,
    [algorithm, new Date(now)],
  );
  const keys = await Promise.all(
    rows.map(async ({ kid, sealed, signsFrom }) => {
      const jwk = await unseal(sealed, seal);
      return jwk && importKey(kid, algorithm, jwk, signsFrom.getTime());
    }),
  );
  return keys.filter((key) => key !== undefined);
}

const jwkSchema = z.looseObject({ kty: z.string() });

async function unseal(sealed: string, seal: Uint8Array): Promise<JWK | undefined> {
  try {
    const { plaintext } = await compactDecrypt(sealed, seal);
    return jwkSchema.parse(JSON.parse(Buffer.from(plaintext).toString('utf8')));
  } catch {
    return undefined;
  }
}

async function importKey(
  kid: string,
  algorithm: Algorithm,
  jwk: JWK,
  signsFrom: number,
): Promise<SigningKey> {
  const signWith = await importJWK(jwk, algorithm);
  if (algorithm === 'HS256') {
    return { kid, algorithm, signWith, verifyWith: signWith, publicJwk: null, signsFrom };
  }
  const { kty, crv, x, y } = jwk;
  const publicJwk = { kty, crv, x, y, kid, alg: algorithm, use: 'sig' } as JWK;
  const verifyWith = await importJWK(publicJwk, algorithm);
  return { kid, algorithm, signWith, verifyWith, publicJwk, signsFrom };
}
