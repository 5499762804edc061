import { hkdfSync, randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Settings } from './settings.ts';

/** Two keys out of one secret, so that neither use can be turned against the other. */
export interface Keys {
  /** Seals the keys that sign access tokens; see key_ring.ts. */
  readonly signingKeySeal: Uint8Array;
  /** Derives the successor of a refresh token; see refresh_tokens.ts. */
  readonly refreshSuccessor: Uint8Array;
}

export function deriveKeys(secret: string): Keys {
  const derive = (purpose: string) => new Uint8Array(hkdfSync('sha256', secret, '', purpose, 32));
  return {
    signingKeySeal: derive('bearerkit-demo signing keys'),
    refreshSuccessor: derive('bearerkit-demo refresh successor'),
  };
}

/** The keys of this server: from JWT_SECRET, else from a secret made once and kept in DATA_DIR. */
export function loadKeys(settings: Settings): Keys {
  return deriveKeys(settings.jwtSecret ?? keptSecret(settings.dataDir));
}

function keptSecret(dataDir: string): string {
  const file = path.join(dataDir, 'jwt-secret');
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const existing = readIfThere(file);
  if (existing !== undefined) return existing;

  // Two processes may start at once. `link` puts a whole file in place or fails because one is
  // there already; so both end up with the same secret and neither ever reads half of one.
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(draft, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' });
  try {
    linkSync(draft, file);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  } finally {
    rmSync(draft);
  }
  return readFileSync(file, 'utf8').trim();
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
