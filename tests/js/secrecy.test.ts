// D10: no error text, event or thrown object holds any part of a token. Canaries are random; any
// eight characters of them in a row, encoded or decoded, count as a leak.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';

import {
  createAuthClient,
  decodeJwt,
  decodeProtectedHeader,
  inspectJwt,
  isExpired,
  type TokenResponse,
} from 'bearerkit';

import { startAuthServer } from './support/auth_server.ts';
import { Events } from './support/client.ts';
import { Random } from './support/random.ts';
import { MapStorage } from './support/storages.ts';
import { makeJwt, rawJwt, toBase64url } from './support/tokens.ts';
import { turns } from './support/wait.ts';

const PIECE = 8;

/** All that can be seen of a value: its own and inherited properties, hidden ones, causes, text. */
function visible(value: unknown): string {
  const shown = inspect(value, {
    depth: Infinity,
    showHidden: true,
    getters: true,
    maxStringLength: null,
    maxArrayLength: null,
  });
  const parts = [shown, String(value)];
  for (let e: unknown = value; e instanceof Error; e = e.cause) {
    parts.push(
      e.message,
      e.stack ?? '',
      JSON.stringify(e),
      JSON.stringify(Object.getOwnPropertyDescriptors(e)),
    );
  }
  return parts.join('\n');
}

function assertNoPiece(shown: string, canaries: readonly string[], about: string): void {
  for (const canary of canaries) {
    for (let i = 0; i + PIECE <= canary.length; i++) {
      assert.ok(
        !shown.includes(canary.slice(i, i + PIECE)),
        `${about}: a piece of the token shows`,
      );
    }
  }
}

const random = new Random(Date.now());

interface Broken {
  token: string;
  canaries: string[];
}

/** Tokens that are broken in every way, each with a canary in header, payload and signature. */
function brokenTokens(): Broken[] {
  const [a, b, c] = [random.word(24), random.word(24), random.word(24)];
  const header = `{"alg":"HS256","kid":"${a}"}`;
  const payload = `{"sub":"${b}","exp":"${b}"}`;
  const good = makeJwt({ sub: b, exp: 5 }, { alg: 'HS256', kid: a }, c);
  const [h = '', p = ''] = good.split('.');
  const tokens = [
    a,
    `${a}.${b}`,
    `${h}.${p}`,
    `${good}.${c}`,
    `${good}.${c}.${c}`,
    `${h}=.${p}.${c}`,
    `${h}.${p.slice(0, 20)}+${p.slice(21)}.${c}`,
    `${h}.${p}.${c}!`,
    `Bearer ${good}`,
    ` ${good}`,
    `${good}\n`,
    `${h}.${p}A.${c}`,
    rawJwt(header.slice(0, -1), '{}', c),
    rawJwt(header, payload, c),
    rawJwt(header, `{"sub":"${b}","exp":1e999}`, c),
    rawJwt(header, `["${b}"]`, c),
    rawJwt(header, `"${b}"`, c),
    rawJwt(header, `{"${b}":}`, c),
    rawJwt(header, `{${b}}`, c),
    rawJwt(header, b, c),
    rawJwt(header, `{"sub":"${b}"}${b}`, c),
    rawJwt(header, `{"${b}":"\\ud800\\u12"}`, c),
    rawJwt(
      header,
      Buffer.concat([Buffer.from(`{"sub":"${b}`), Uint8Array.of(0xff), Buffer.from('"}')]),
      c,
    ),
    rawJwt(header, `{"${b}":${'['.repeat(300)}`, c),
    rawJwt(header, `{"sub":"${b}"}`, c).padEnd(1024 * 1024 + 5, c),
  ];
  const canaries = [a, b, c, toBase64url(header), toBase64url(payload), h, p].map((text) =>
    text.slice(0, 200),
  );
  return tokens.map((token) => ({ token, canaries: [...canaries, token.slice(0, 100)] }));
}

test('D10 no error of decoding holds a piece of the token', () => {
  let errors = 0;
  for (let round = 0; round < 20; round++) {
    for (const { token, canaries } of brokenTokens()) {
      for (const decode of [decodeJwt, decodeProtectedHeader, isExpired]) {
        try {
          decode(token);
        } catch (error) {
          errors++;
          assertNoPiece(visible(error), canaries, decode.name);
        }
      }
      const inspection = inspectJwt(token);
      if (!inspection.ok) assertNoPiece(visible(inspection), canaries, 'inspectJwt');
    }
  }
  assert.ok(errors > 500, `${errors} errors`);
});

test('D10 no error of setTokens holds a piece of a token', async () => {
  const auth = createAuthClient();
  const [a, r] = [random.word(40), random.word(40)];
  const bad: object[] = [
    { access_token: `${a} ${a}`, refresh_token: r },
    { access_token: `${a}\n`, refresh_token: r },
    { access_token: [a], refresh_token: r },
    { access_token: '', refresh_token: r },
    { refresh_token: r, expires_in: a },
    { access_token: a, refresh_token: r, token_type: a },
    { token: a, toJSON: () => assert.fail(a) },
    { token: a },
    { access_token: `${a}\ud800` },
    [a],
  ];
  for (const response of bad) {
    const error: unknown = await auth.setTokens(response as TokenResponse).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof Error, inspect(response));
    assertNoPiece(visible(error), [a, r], 'setTokens');
  }
  auth.close();
});

test('D10 no error of the options holds their values', () => {
  const secret = random.word(30);
  const bad = [
    { origins: [`https://${secret}.example/${secret}`] },
    { mode: secret },
    { refresh: { url: 5, headers: { 'X-Key': secret } } },
    { refresh: { url: 'https://a.example', dialect: secret } },
    { name: '', storage: { secret } },
    { leeway: secret },
  ];
  for (const options of bad) {
    assert.throws(
      () => createAuthClient(options as object),
      (error) => {
        assert.equal((error as { code?: unknown }).code, 'invalid_config');
        assertNoPiece(visible(error), [secret], 'createAuthClient');
        return true;
      },
    );
  }
});

test('D10 no event, error or line on the console holds a piece of a token, through a whole life', async (t) => {
  const printed: unknown[] = [];
  for (const method of ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const) {
    t.mock.method(console, method, (...values: unknown[]) => void printed.push(values));
  }
  const server = await startAuthServer(t, { expiresIn: 900 });
  const tokens: string[] = [];
  const storage = new MapStorage();
  const auth = createAuthClient({
    refresh: server.url('/refresh'),
    signOut: server.url('/revoke'),
    origins: [server.origin],
    storage,
    debug: true,
  });
  t.after(() => auth.close());
  const events = new Events(auth, true);
  const remember = (): void => void tokens.push(server.accessToken, server.refreshToken);
  const errors: unknown[] = [];
  const trouble = (promise: Promise<unknown>): Promise<unknown> =>
    promise.catch((error: unknown) => errors.push(error));

  await auth.setTokens(server.signIn());
  remember();
  server.expire();
  await auth.fetchWithAuth(server.url('/api/a?token=in-the-query'), {
    method: 'POST',
    body: 'in-the-body',
  });
  remember();
  server.refreshAnswers.push(
    () => ({ status: 500, body: `${server.refreshToken} is broken` }),
    () => ({ body: `{"access_token":"${server.accessToken} x"}` }),
    () => ({ fault: 'reset' }),
    () => ({
      status: 400,
      json: { error: 'invalid_grant', error_description: server.refreshToken },
    }),
  );
  for (let i = 0; i < 4; i++) await trouble(auth.refresh());
  assert.equal(errors.length, 4);
  await trouble(auth.refresh());
  await auth.setTokens(server.signIn('json'));
  remember();
  storage.set = () => {
    throw new Error(`no room for ${server.accessToken}`);
  };
  await auth.refresh();
  remember();
  await auth.signOut();
  auth.close();
  await trouble(auth.fetchWithAuth(server.url('/api/a')));
  await turns(2);

  assert.ok(events.all.length > 10);
  // Words that a token of this server shares with paths and texts are not what is looked for.
  const random = tokens.map((token) => token.slice(-30));
  const canaries = [...random, 'in-the-query', 'in-the-body', server.origin];
  assertNoPiece(visible(events.all), canaries, 'an event');
  for (const error of errors) assertNoPiece(visible(error), random, 'an error');
  for (const { type } of events.all.filter((event) => event.type !== 'timeline')) {
    assert.ok(visible(printed).includes(`bearerkit ${type} `), `debug: true says ${type}`);
  }
  assertNoPiece(visible(printed), canaries, 'the console');
});

test('D10 the client shows no token when it is printed', async () => {
  const auth = createAuthClient();
  const secret = random.word(40);
  await auth.setTokens({ access_token: secret, refresh_token: secret });
  assertNoPiece(visible(auth), [secret], 'the client');
  assertNoPiece(JSON.stringify(auth), [secret], 'the client as JSON');
  auth.close();
});
