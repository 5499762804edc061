// H2: each flaw that the doctor looks for, in a backend that has this one and no other.
import assert from 'node:assert/strict';
import { createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import { test, type TestContext } from 'node:test';

import { checkCookieFlags } from '../../cli/checks/cookies.ts';
import { doctor } from '../../cli/doctor.ts';
import { readOptions } from '../../cli/options.ts';
import { type Finding, Report } from '../../cli/report.ts';
import { type Behaviour, type Mode, PAGE, PASSWORD, startBackend } from './support/backend.ts';
import { assertSecret, faultsIn } from './support/doctor.ts';

const LOGIN = JSON.stringify({ user: 'ada', password: PASSWORD });
const HTML = '<!doctype html><title>Error</title>';

// In this process: a process for each would take most of the time to start.
async function examineBackend(
  t: TestContext,
  mode: Mode,
  flaw: Partial<Behaviour>,
  page = PAGE,
): Promise<{ findings: readonly Finding[]; text: string; json: string }> {
  const backend = await startBackend(t, mode, flaw);
  const urls = ['--login', '/login', '--refresh', '/refresh', '--sign-out', '/logout'];
  urls.push('--origin', page);
  if (mode === 'cookie') urls.push('--unsafe', '/api');
  const args = ['doctor', backend.url('/api'), '--mode', mode, ...urls, '--grace', '0'];
  const report = await doctor(readOptions(args), LOGIN);
  const [text, json] = [report.asText(), report.asJson()];
  assertSecret(text + json, backend.secrets);
  return { findings: report.findings(), text, json };
}

for (const [mode, checks] of Object.entries({ bearer: 25, hybrid: 28, cookie: 28 })) {
  test(`H2 ${mode}: a backend without a flaw`, async (t) => {
    const { findings, json, text } = await examineBackend(t, mode as Mode, {});
    assert.deepEqual(faultsIn(findings), []);
    assert.equal(findings.length, checks);
    assert.deepEqual((JSON.parse(json) as { notChecked: unknown }).notChecked, []);
    assert.match(
      text,
      new RegExp(`^${checks} in order, 0 to look at, 0 to mend, 0 not checked$`, 'm'),
    );
  });
}

for (const [page, says] of [
  ['https://app.herokuapp.com', /reach, if herokuapp\.com is one site\.$/],
  ['https://api.herokuapp.com', /reach\.$/],
] as const) {
  test(`H2 hybrid: what is taken for one site is said, of a page of ${page}`, () => {
    const refresh = new URL('https://api.herokuapp.com/refresh');
    const args = ['doctor', refresh.origin, '--refresh', refresh.href];
    const options = readOptions([...args, '--mode', 'hybrid', '--origin', page]);
    const headers = new Headers({
      'set-cookie': '__Host-r=1; HttpOnly; Secure; SameSite=Strict; Path=/',
    });
    const report = new Report(options);
    checkCookieFlags(options, report, refresh, {
      ...{ status: 200, problem: '', text: '{}', headers },
      ...{ sentAt: 0, receivedAt: 0 },
    });
    const [finding, ...more] = report.findings();
    assert.deepEqual(more, []);
    assert.match(finding?.seen ?? '', says);
  });
}

interface Flaw {
  name: string;
  flaw: Partial<Behaviour>;
  finds: string[];
  mode?: Mode;
  page?: string;
}

const cookie = (attributes: string): Partial<Behaviour> => ({
  cookieName: 'session',
  cookie: attributes,
});

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

const FLAWS: readonly Flaw[] = [
  // ---- the API ----
  {
    name: 'no challenge',
    flaw: { unauthorized: { status: 401 } },
    finds: ['challenge: warning'],
  },
  {
    name: 'a challenge for which browsers ask for a password',
    flaw: { unauthorized: { status: 401, headers: { 'WWW-Authenticate': 'Basic realm="x"' } } },
    finds: ['challenge: error'],
  },
  {
    name: '403 instead of 401',
    flaw: { unauthorized: { status: 403 }, refused: { status: 403 } },
    finds: ['unauthorized: error', 'refused_token: error'],
  },
  {
    name: 'an API that nobody protects',
    flaw: { unauthorized: { status: 200 } },
    finds: ['unauthorized: warning'],
  },
  {
    name: 'a sign-in page instead of 401',
    flaw: { unauthorized: { status: 302, headers: { Location: '/sign-in' } } },
    finds: ['redirects: error'],
  },
  {
    name: 'insufficient_scope for a token that is no good',
    flaw: {
      refused: {
        status: 401,
        headers: { 'WWW-Authenticate': 'Bearer error="insufficient_scope"' },
      },
    },
    finds: ['refused_token: error'],
  },
  {
    name: 'no reason for a refused token',
    flaw: { refused: { status: 401, headers: { 'WWW-Authenticate': 'Bearer' } } },
    finds: ['refused_token: warning'],
  },
  {
    name: '500 for a token that is no good',
    flaw: { refused: { status: 500, body: HTML } },
    finds: ['refused_token: error'],
  },
  { name: 'a refresh loop', flaw: { loop: true }, finds: ['accepted: error'] },
  {
    name: 'a user without the rights',
    flaw: { api: { status: 403 } },
    finds: ['accepted: warning'],
  },

  // ---- forged tokens ----
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
  {
    name: 'answers to one user for all',
    flaw: { api: { json: {}, headers: { 'Cache-Control': 'public, max-age=60' } } },
    finds: ['shared_cache: error'],
  },
  {
    name: 'answers to one user for a minute, by a cookie',
    mode: 'cookie',
    flaw: { api: { json: {}, headers: { 'Cache-Control': 'max-age=60' } } },
    finds: ['shared_cache: error'],
  },
  {
    name: 'a clock that is wrong',
    flaw: { clock: -7200 },
    finds: ['clock: warning'],
  },

  // ---- across origins ----
  {
    name: 'no exposed headers',
    flaw: { exposed: '' },
    finds: ['exposed: warning', 'exposed: warning'],
  },
  {
    name: 'no Date exposed',
    flaw: { exposed: 'WWW-Authenticate, Retry-After' },
    finds: ['exposed: warning'],
  },
  {
    name: 'a preflight that wants a token',
    flaw: { preflight: 401 },
    finds: ['preflight: error', 'preflight: error'],
  },
  {
    name: 'Authorization not among the allowed headers',
    flaw: { allowHeaders: 'Content-Type' },
    finds: ['preflight: error'],
  },
  {
    name: 'all headers allowed by *',
    flaw: { allowHeaders: '*' },
    finds: ['preflight: error'],
  },
  {
    name: 'no CORS headers with errors',
    flaw: { corsOnErrors: false },
    finds: ['readable: error', 'readable: error'],
  },
  {
    name: 'another origin allowed',
    flaw: { allowOrigin: 'https://other.example.com' },
    finds: ['preflight: error', 'preflight: error', 'readable: error', 'readable: error'],
  },
  {
    name: 'all origins allowed by *, with cookies',
    mode: 'hybrid',
    flaw: { allowOrigin: '*' },
    finds: ['preflight: error', 'readable: error'],
  },
  {
    name: 'cookies not allowed',
    mode: 'cookie',
    flaw: { allowCredentials: 'false' },
    finds: ['preflight: error', 'preflight: error', 'readable: error', 'readable: error'],
  },
  {
    name: 'any origin allowed, with cookies',
    mode: 'hybrid',
    flaw: { alsoAllows: () => true },
    finds: ['any_origin: warning', 'any_origin: error'],
  },
  {
    name: 'any origin allowed, with cookies',
    mode: 'cookie',
    flaw: { alsoAllows: () => true },
    finds: ['any_origin: error', 'any_origin: error'],
  },
  {
    name: 'any origin allowed, with cookies that nobody needs',
    flaw: { alsoAllows: () => true },
    finds: ['any_origin: warning', 'any_origin: warning'],
  },
  {
    name: 'the origin null allowed',
    mode: 'cookie',
    flaw: { alsoAllows: (origin) => origin === 'null' },
    finds: ['any_origin: error', 'any_origin: error'],
  },
  {
    name: 'origins compared by their beginning',
    mode: 'cookie',
    flaw: { alsoAllows: (origin) => origin.startsWith('http://127.0.0.1') },
    finds: ['any_origin: error', 'any_origin: error'],
  },
  {
    name: 'origins compared by their end',
    flaw: {
      allowOrigin: 'https://app.example.com',
      alsoAllows: (origin) => origin.endsWith('example.com'),
    },
    page: 'https://app.example.com',
    finds: ['any_origin: warning', 'any_origin: warning'],
  },

  // ---- the refresh endpoint ----
  {
    name: 'HTML for a refused refresh',
    flaw: { refusal: { status: 401, body: HTML } },
    finds: ['refusal: error', 'used_token: error'],
  },
  {
    name: '403 for a refused refresh',
    flaw: { refusal: { status: 403, json: { error: 'forbidden' } } },
    finds: ['refusal: error', 'used_token: error'],
  },
  {
    name: '500 for a used refresh token',
    flaw: { usedRefusal: { status: 500, body: HTML } },
    finds: ['used_token: error'],
  },
  {
    name: 'a client that is not known',
    flaw: { refusal: { status: 400, json: { error: 'invalid_client' } } },
    finds: ['refusal: error', 'used_token: error'],
  },
  {
    name: 'a refresh endpoint that redirects',
    flaw: { redirects: ['/refresh'] },
    finds: ['redirects: error'],
  },
  {
    name: 'a login that fails',
    flaw: { redirects: ['/login'] },
    finds: ['redirects: error'],
  },
  {
    name: 'tokens that caches keep',
    flaw: { tokenHeaders: {} },
    finds: ['no_store: error', 'no_store: error'],
  },
  {
    name: 'a token type other than Bearer',
    flaw: { more: { tokenType: 'DPoP' } },
    finds: ['token_response: error'],
  },
  {
    name: 'an expires_in beyond exp',
    flaw: { expiresIn: 1800 },
    finds: ['lifetime: warning'],
  },
  {
    name: 'an access token that is over on arrival',
    flaw: { exp: -5 },
    finds: ['lifetime: error'],
  },
  {
    name: 'an access token for a day',
    flaw: { exp: 86_400, expiresIn: 86_400 },
    finds: ['lifetime: warning'],
  },
  {
    name: 'no end of the access token',
    flaw: { exp: undefined, expiresIn: undefined },
    finds: ['lifetime: warning'],
  },
  { name: 'no rotation', flaw: { rotates: false }, finds: ['rotation: error'] },
  {
    name: 'no rotation of the cookie',
    mode: 'hybrid',
    flaw: { rotates: false },
    finds: ['rotation: warning'],
  },
  { name: 'no grace window', flaw: { grace: false }, finds: ['grace: warning'] },
  {
    name: 'a grace window whose tokens are void',
    flaw: { goodSuccessor: false },
    finds: ['grace: error'],
  },
  { name: 'no reuse detection', flaw: { detectsReuse: false }, finds: ['reuse: error'] },
  {
    name: 'no reuse detection, and no grace window',
    flaw: { detectsReuse: false, grace: false },
    finds: ['grace: warning', 'reuse: error'],
  },
  {
    name: 'refresh tokens that work for ever',
    flaw: { forgetsUse: true },
    finds: ['reuse: error'],
  },

  // ---- the sign-out ----
  { name: 'a sign-out that does nothing', flaw: { signOut: 'none' }, finds: ['sign_out: error'] },
  {
    name: 'a sign-out that only takes the cookie away',
    mode: 'cookie',
    flaw: { signOut: 'none' },
    finds: ['sign_out: error'],
  },
  {
    name: 'a sign-out that is overtaken',
    flaw: { signOut: 'newest' },
    finds: ['overtaken: warning'],
  },
  {
    name: 'a sign-out that is overtaken, with the cookie back',
    mode: 'hybrid',
    flaw: { signOut: 'newest' },
    finds: ['overtaken: error'],
  },

  // ---- cookies ----
  {
    name: 'a refusal that deletes the cookie of a new login',
    mode: 'hybrid',
    flaw: { refusalDeletes: true },
    finds: ['winner: warning'],
  },
  {
    name: "a refusal that deletes the winner's cookie",
    mode: 'cookie',
    flaw: { refusalDeletes: true, detectsReuse: false },
    finds: ['reuse: error', 'winner: error'],
  },
  {
    name: 'a cookie that scripts can read',
    mode: 'hybrid',
    flaw: { cookie: 'Secure; SameSite=Strict; Path=/' },
    finds: ['cookie_flags: error'],
  },
  {
    name: 'a cookie that travels by http',
    mode: 'hybrid',
    flaw: cookie('HttpOnly; SameSite=Strict; Path=/refresh'),
    finds: ['cookie_flags: error'],
  },
  {
    name: 'a cookie that other sites can have sent',
    mode: 'cookie',
    flaw: { cookie: 'HttpOnly; Secure; SameSite=None; Path=/' },
    finds: ['cookie_flags: warning'],
  },
  {
    name: 'a cookie that the page of another site is to use',
    mode: 'hybrid',
    page: 'https://app.example.com',
    flaw: { allowOrigin: 'https://app.example.com' },
    finds: ['cookie_flags: error'],
  },
  {
    name: 'a cookie that some browsers do not send from another site',
    mode: 'hybrid',
    page: 'https://app.example.com',
    flaw: {
      allowOrigin: 'https://app.example.com',
      cookie: 'HttpOnly; Secure; SameSite=None; Path=/',
    },
    finds: ['cookie_flags: warning'],
  },
  {
    name: 'a cookie of all subdomains',
    mode: 'hybrid',
    flaw: cookie('HttpOnly; Secure; SameSite=Lax; Path=/; Domain=example.com'),
    finds: ['cookie_flags: warning'],
  },
  {
    name: 'a cookie without the prefix',
    mode: 'hybrid',
    flaw: cookie('HttpOnly; Secure; SameSite=Lax; Path=/'),
    finds: ['cookie_flags: warning'],
  },
  {
    name: 'a prefix whose rules are broken',
    mode: 'hybrid',
    flaw: { cookie: 'HttpOnly; Secure; SameSite=Strict; Path=/refresh' },
    finds: ['cookie_flags: error'],
  },
  {
    name: 'a cookie for another path',
    mode: 'hybrid',
    flaw: cookie('HttpOnly; Secure; SameSite=Strict; Path=/refreshed'),
    finds: ['cookie_flags: error'],
  },
  {
    name: 'a refresh that any site can send',
    mode: 'hybrid',
    flaw: { checksCsrf: false },
    finds: ['csrf: error'],
  },
  {
    name: 'an API whose unsafe requests any site can send',
    mode: 'cookie',
    flaw: { checksCsrfOfApi: false },
    finds: ['csrf_api: error'],
  },
  {
    name: 'an API that answers all to POST in one way',
    mode: 'cookie',
    flaw: { redirects: ['POST /api'] },
    finds: ['csrf_api: warning'],
  },
  {
    name: 'the refresh token in the body, too',
    mode: 'hybrid',
    flaw: { more: { refreshToken: 'also-here' } },
    finds: ['hidden_tokens: error'],
  },
  {
    name: 'the access token in the body, too',
    mode: 'cookie',
    flaw: { more: { access_token: 'also-here' } },
    finds: ['hidden_tokens: error'],
  },
];

for (const { name, flaw, finds, mode = 'bearer', page } of FLAWS) {
  test(`H2 ${mode}: ${name}`, async (t) => {
    const { findings, text } = await examineBackend(t, mode, flaw, page);
    assert.deepEqual(faultsIn(findings), finds, text);
    for (const { level, advice, seen } of findings) {
      assert.match(seen, /^[A-Z].*\.$/);
      assert.equal(advice === undefined, level === 'ok');
    }
  });
}

// What the session is good for afterwards has to be told as it is.
for (const [name, flaw, more, used] of [
  ['a login alone', {}, [], false],
  ['refreshes', {}, ['--refresh', '/refresh'], true],
  ['a refresh that renews nothing', { rotates: false }, ['--refresh', '/refresh'], false],
  ['a refresh that fails', { redirects: ['/refresh'] }, ['--refresh', '/refresh'], false],
] as const) {
  test(`H3 whether the session is used up: ${name}`, async (t) => {
    const backend = await startBackend(t, 'bearer', flaw);
    const args = ['doctor', backend.url('/api'), '--login', '/login', ...more, '--grace', '0'];
    const report = await doctor(readOptions(args), LOGIN);
    assert.equal(report.usedSession, used);
    assert.equal(/used up: sign in/.test(report.asText()), used);
    const seen = report.findings().map(({ check }) => check);
    // All that wants no refresh is checked.
    if (more.length === 0) {
      for (const check of ['lifetime', 'accepted', 'forged', 'secret'] as const) {
        assert.ok(seen.includes(check), check);
      }
      assert.equal(backend.to('/refresh').length, 0);
    }
  });
}
