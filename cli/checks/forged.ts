// Tokens that the server has not made, or not for this: does the API verify what it is given?
import { generateKeyPairSync, sign } from 'node:crypto';

import { call, madeUpCredentials, redeem, type Credentials } from '../client.ts';
import { described, isSuccess, isUndecided, type Answer } from '../http.ts';
import { readJwt, writeSigned, type Jwt } from '../jwt.ts';
import type { Options } from '../options.ts';
import type { Report } from '../report.ts';

interface Forgery {
  /** Follows "a token". */
  readonly what: string;
  readonly make: (token: Jwt) => string;
}

// The first is taken by a server that verifies nothing, which takes the others, too.
const FORGERIES: readonly Forgery[] = [
  {
    what: 'whose claims were edited',
    make: ({ header, claims, signature }) => `${writeSigned(header, edited(claims))}.${signature}`,
  },
  { what: 'without its signature', make: ({ signed }) => `${signed}.` },
  { what: 'with alg: none', make: unsigned('none') },
  { what: 'with alg: nOnE', make: unsigned('nOnE') },
  { what: 'that brings its own key (jwk)', make: withItsOwnKey },
];

/** With a session whose token the API has just accepted. */
export async function checkForged(
  options: Options,
  report: Report,
  credentials: Credentials,
): Promise<void> {
  if (withForged(options, credentials, () => '') === undefined) {
    report.skip('the access token is no JWT', 'forged');
    return;
  }
  // An API that answers all alike, or goes by another cookie, tells nothing about tokens.
  const { answer: without } = await call(options, madeUpCredentials(options, credentials));
  const others = options.mode === 'cookie' ? await withoutJwts(options, credentials) : without;
  if (isSuccess(without) || isSuccess(others)) {
    report.skip('the API answers without a token, too', 'forged');
    return;
  }
  for (const { what, make } of FORGERIES) {
    const forged = withForged(options, credentials, make) ?? credentials;
    const { answer } = await call(options, forged);
    const seen = `The API answers a token ${what} with ${described(answer)}`;
    if (isUndecided(answer)) {
      report.skip(`a token ${what} was answered with ${described(answer)}`, 'forged');
      return;
    }
    if (isSuccess(answer)) {
      report.bad(
        'forged',
        `${seen}: anybody can be anybody.`,
        'Verify each token with a library, by your own key and a list of the algorithms that you use; never by what the token says of itself.',
      );
      return;
    }
    // If it is so with every token, that was said already.
    if (answer.status >= 500 && without.status < 500) {
      report.warn('forged', `${seen}.`, 'Answer 401: verifying must not fail by what is sent.');
    }
  }
  report.ok('forged', 'The API refuses tokens that were edited, or are signed by nobody.');
}

/** Bearer mode: each kind of token is good for its own purpose only. */
export async function checkKinds(
  options: Options,
  report: Report,
  url: URL,
  credentials: Credentials,
): Promise<void> {
  const { accessToken, refreshToken } = credentials;
  const { answer: without } = await call(options, madeUpCredentials(options));
  const { answer } = await call(options, { ...credentials, accessToken: refreshToken });
  const { outcome } = await redeem(options, url, { ...credentials, refreshToken: accessToken });
  if (isSuccess(answer) && !isSuccess(without)) {
    report.bad(
      'kinds',
      'The API takes the refresh token for an access token: that one lives long, and no refresh is needed any more.',
      'Tell the kinds apart: another audience, typ (RFC 9068: at+jwt) or key for each.',
    );
  }
  if (outcome === 'refreshed') {
    report.bad(
      'kinds',
      'The refresh endpoint takes an access token: whoever gets one can renew it for ever.',
      'Tell the kinds apart: another audience, typ or key for each, or refresh tokens that are no JWT.',
    );
  }
  if (!isUndecided(answer)) {
    report.ok('kinds', 'A refresh token does not open the API, nor does an access token refresh.');
  }
}

// Undefined where there is no JWT that the API gets.
function withForged(
  { mode }: Options,
  credentials: Credentials,
  make: (token: Jwt) => string,
): Credentials | undefined {
  if (mode !== 'cookie') {
    const token = readJwt(credentials.accessToken);
    return token && { ...credentials, accessToken: make(token) };
  }
  const cookies = new Map(credentials.cookies);
  let any = false;
  for (const [name, value] of cookies) {
    const token = readJwt(value);
    if (token === undefined) continue;
    cookies.set(name, make(token));
    any = true;
  }
  return any ? { ...credentials, cookies } : undefined;
}

async function withoutJwts(options: Options, credentials: Credentials): Promise<Answer> {
  const kept = [...credentials.cookies].filter(([, value]) => readJwt(value) === undefined);
  return (await call(options, { ...credentials, cookies: new Map(kept) })).answer;
}

// Something that most servers have no opinion about.
function edited(claims: Jwt['claims']): Jwt['claims'] {
  const { exp } = claims;
  const end = typeof exp === 'number' ? exp : Math.floor(Date.now() / 1000) + 60;
  return { ...claims, exp: end + 1 };
}

function unsigned(alg: string): Forgery['make'] {
  return ({ header, claims }) => `${writeSigned({ ...header, alg }, claims)}.`;
}

function withItsOwnKey({ header, claims }: Jwt): string {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = publicKey.export({ format: 'jwk' });
  const signed = writeSigned({ ...header, alg: 'ES256', jwk }, claims);
  const key = { key: privateKey, dsaEncoding: 'ieee-p1363' } as const;
  return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`;
}
