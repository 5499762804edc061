// A secret that others know signs tokens for everybody. It is tried here, and sent to nobody.
import { createHmac } from 'node:crypto';

import type { Credentials } from '../client.ts';
import { readJwt, type Jwt } from '../jwt.ts';
import { KNOWN_SECRETS } from '../known_secrets.ts';
import type { Report } from '../report.ts';

const HASHES = new Map<unknown, string>([
  ['HS256', 'sha256'],
  ['HS384', 'sha384'],
  ['HS512', 'sha512'],
]);

/** The name of the secret is for nobody: the report may be passed on. */
export function checkSecret(
  report: Report,
  { accessToken, refreshToken, cookies }: Credentials,
): void {
  const tokens = [accessToken, refreshToken, ...cookies.values()]
    .map(readJwt)
    .filter((jwt) => jwt !== undefined);
  if (tokens.some(isSignedByKnownSecret)) {
    report.bad(
      'secret',
      'A token is signed with a secret that stands in tutorials: anybody can make tokens.',
      'Make a secret at random (openssl rand -base64 48), keep it out of the code, and void what the old one has signed.',
    );
  } else if (tokens.length === 0) {
    report.skip('no token is a JWT', 'secret');
  } else {
    report.ok('secret', 'No secret that stands in tutorials signs the tokens.');
  }
}

function isSignedByKnownSecret({ header, signed, signature }: Jwt): boolean {
  const hash = HASHES.get(header['alg']);
  if (hash === undefined) return false;
  const signs = (secret: string | Buffer): boolean =>
    createHmac(hash, secret).update(signed).digest('base64url') === signature;
  return KNOWN_SECRETS.flatMap(variantsOf).some(signs);
}

// As it is, as a constant, as a line of a file, and decoded: some libraries take base64.
function variantsOf(secret: string): (string | Buffer)[] {
  const shouted = secret.toUpperCase();
  const capital = secret.charAt(0).toUpperCase() + secret.slice(1);
  const texts = [secret, shouted, capital, `${secret}!`, `${secret}\n`];
  return [...new Set(texts), Buffer.from(secret, 'base64')];
}
