// H2: tokens that no API should take, and the doctor tries.
import { createPublicKey, type JsonWebKey, verify } from 'node:crypto';

import { testFlaws } from './support/flawed.ts';

type Members = Readonly<Record<string, unknown>>;

function part(token: string, index: number): Members {
  try {
    return JSON.parse(
      Buffer.from(token.split('.')[index] ?? '', 'base64url').toString(),
    ) as Members;
  } catch {
    return {};
  }
}

const headerOf = (token: string): Members => part(token, 0);

/** All that a server looks at which decodes and forgets to verify. */
function isCurrent(token: string): boolean {
  return Number(part(token, 1)['exp']) * 1000 > Date.now();
}

function isSignedByItsOwnKey(token: string): boolean {
  const { jwk } = headerOf(token);
  if (typeof jwk !== 'object' || jwk === null) return false;
  const dot = token.lastIndexOf('.');
  return verify(
    'sha256',
    Buffer.from(token.slice(0, dot)),
    {
      key: createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' }),
      dsaEncoding: 'ieee-p1363',
    },
    Buffer.from(token.slice(dot + 1), 'base64url'),
  );
}

testFlaws([
  {
    name: 'an API that reads tokens, and verifies none',
    flaw: { takes: isCurrent },
    finds: ['forged: error'],
  },
  {
    name: 'an API that reads cookies, and verifies none',
    mode: 'cookie',
    flaw: { takes: isCurrent },
    finds: ['forged: error'],
  },
  {
    name: 'an API that takes a token without its signature',
    flaw: { takes: (token) => token.endsWith('.') && headerOf(token)['alg'] === 'HS256' },
    finds: ['forged: error'],
  },
  {
    name: 'an API that takes alg: none',
    flaw: { takes: (token) => headerOf(token)['alg'] === 'none' },
    finds: ['forged: error'],
  },
  {
    name: 'an API that takes alg: none in other letters',
    mode: 'hybrid',
    flaw: { takes: (token) => /^none$/i.test(String(headerOf(token)['alg'])) },
    finds: ['forged: error'],
  },
  {
    name: 'an API that verifies by the key in the token',
    flaw: { takes: isSignedByItsOwnKey },
    finds: ['forged: error'],
  },
  {
    name: 'an API that stumbles over alg: none',
    flaw: { stumbles: (token) => headerOf(token)['alg'] === 'none' },
    finds: ['forged: warning'],
  },
  {
    name: 'an API that takes refresh tokens',
    flaw: { opensByRefreshToken: true },
    finds: ['kinds: error'],
  },
  {
    name: 'a refresh by an access token',
    flaw: { refreshesByAccessToken: true },
    finds: ['kinds: error'],
  },
  {
    name: 'a secret of a tutorial',
    flaw: { secret: 'your-256-bit-secret' },
    finds: ['secret: error'],
  },
  {
    name: 'a secret of a tutorial, as a constant',
    mode: 'cookie',
    flaw: { secret: 'MY_SECRET_KEY' },
    finds: ['secret: error'],
  },
  {
    name: 'a secret that was not set',
    mode: 'hybrid',
    flaw: { secret: 'undefined' },
    finds: ['secret: error'],
  },
]);
