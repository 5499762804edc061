import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

// One of the settings of equal strength that OWASP's Password Storage Cheat Sheet lists for
// scrypt (N=2^15, r=8, p=3): 32 MiB and about 0.2 s for each try.
const LOG2_N = 15;
const BLOCK_SIZE = 8;
const PARALLELISM = 3;
const KEY_BYTES = 32;
const SALT_BYTES = 16;

interface Cost {
  readonly log2n: number;
  readonly r: number;
  readonly p: number;
}

const CURRENT: Cost = { log2n: LOG2_N, r: BLOCK_SIZE, p: PARALLELISM };

/** Encodes as `$scrypt$ln=15,r=8,p=3$salt$key` (PHC string format), so that the cost can be raised later. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const key = await derive(password, salt, CURRENT);
  const { log2n, r, p } = CURRENT;
  return `$scrypt$ln=${log2n},r=${r},p=${p}$${salt.toString('base64url')}$${key.toString('base64url')}`;
}

/**
 * Whether the password belongs to the hash. With no hash (an unknown user) the same work is done
 * and the answer is no: the time taken must not tell whether an account exists.
 */
export async function verifyPassword(
  password: string,
  encoded: string | undefined,
): Promise<boolean> {
  const stored = encoded === undefined ? undefined : parse(encoded);
  const { cost, salt, key } = stored ?? NOBODY;
  const candidate = await derive(password, salt, cost);
  // Compared even for nobody, whose key no password gives.
  const equal = candidate.length === key.length && timingSafeEqual(candidate, key);
  return equal && stored !== undefined;
}

interface ParsedHash {
  readonly cost: Cost;
  readonly salt: Buffer;
  readonly key: Buffer;
}

const NOBODY: ParsedHash = {
  cost: CURRENT,
  salt: randomBytes(SALT_BYTES),
  key: randomBytes(KEY_BYTES),
};

function parse(encoded: string): ParsedHash | undefined {
  const match = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([\w-]+)\$([\w-]+)$/.exec(
    encoded,
  );
  if (match === null) return undefined;
  const [, log2n, r, p, salt, key] = match;
  if (salt === undefined || key === undefined) return undefined;
  return {
    cost: { log2n: Number(log2n), r: Number(r), p: Number(p) },
    salt: Buffer.from(salt, 'base64url'),
    key: Buffer.from(key, 'base64url'),
  };
}

function derive(password: string, salt: Buffer, cost: Cost): Promise<Buffer> {
  const n = 2 ** cost.log2n;
  return new Promise((resolve, reject) => {
    scrypt(
      // One password, one byte sequence, whichever way a keyboard composes its accents.
      password.normalize('NFKC'),
      salt,
      KEY_BYTES,
      // Node's own limit is 32 MiB, which these very parameters just exceed.
      { N: n, r: cost.r, p: cost.p, maxmem: 2 * 128 * n * cost.r },
      (error, key) => {
        if (error) reject(error);
        else resolve(key);
      },
    );
  });
}
