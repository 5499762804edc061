// The examples of README.md, run as they stand there, on a page of the reference server. That all of
// them compile is a check of `npm run lint`.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { test, type TestContext } from 'node:test';

import type { AuthClient, JwtInspection } from 'bearerkit';

import { examplesOf } from '../../scripts/lint/examples.mjs';
import { asPage } from '../recipes/support/page.ts';
import { useEmbedded } from '../server/support/databases.ts';
import { ADA, logIn } from '../server/support/requests.ts';
import { startServer, type TestServer } from '../server/support/server.ts';
import { Jar } from './support/cookies.ts';
import { installGlobal } from './support/storages.ts';
import { makeJwt } from './support/tokens.ts';
import { until } from './support/wait.ts';

const FOLDER = new URL('../../build/examples_run/', import.meta.url);

const database = useEmbedded();

async function openPage(t: TestContext): Promise<TestServer> {
  const server = await startServer(t, database());
  asPage(t, server.origin);
  return server;
}

/** The one example that holds `text`. */
function exampleWith(text: string): string {
  const [example, ...more] = examplesOf('README.md').filter((code) => code.includes(text));
  assert.ok(example !== undefined && more.length === 0, `not one example with ${text}`);
  return example;
}

/** Runs code as a module of an app; gives what it has named. */
async function runModule(
  t: TestContext,
  code: string,
  given: Record<string, unknown>,
): Promise<unknown> {
  for (const [name, value] of Object.entries(given)) installGlobal(t, name, { value });
  mkdirSync(FOLDER, { recursive: true });
  const file = new URL(`${crypto.randomUUID()}.mjs`, FOLDER);
  writeFileSync(file, code);
  return import(file.href);
}

test('F8 README, the first example: signs in, or says why not, calls, and is told of the sign-out', async (t) => {
  const server = await openPage(t);
  const shown: string[] = [];
  const { auth, me, signIn } = (await runModule(
    t,
    `${exampleWith('const me = ()')}\nexport { auth, me, signIn };`,
    { showLogin: (reason: string) => shown.push(reason) },
  )) as {
    auth: AuthClient;
    me: () => Promise<{ email: string }>;
    signIn: (credentials: object) => Promise<void>;
  };
  t.after(() => auth.close());

  await signIn({ ...ADA, password: 'another one' });
  assert.deepEqual([auth.state, ...shown.splice(0)], ['signed-out', 'wrong password']);

  await signIn(ADA);
  assert.equal((await me()).email, ADA.email);

  server.advance(1000);
  assert.equal((await auth.fetchWithAuth('/api/me')).status, 200);
  assert.equal((await server.stats()).refreshes, 1);

  await auth.signOut();
  await until(() => shown.length > 0, 'the sign-in');
  assert.deepEqual(shown, ['signed_out']);
});

// As a browser does on a page of the server's own.
function keepCookies(t: TestContext, origin: string): void {
  const jar = new Jar(globalThis.fetch);
  const value: typeof fetch = (input, init) =>
    jar.fetch(input instanceof Request ? input : new URL(input, origin), init);
  installGlobal(t, 'fetch', { value });
}

test('C2 README, hybrid mode: the login has the CSRF header, and the cookie refreshes', async (t) => {
  const server = await openPage(t);
  keepCookies(t, server.origin);
  const example = exampleWith("mode: 'hybrid'");
  const code = `import { createAuthClient } from 'bearerkit';\n${example}\nexport { auth, signIn };`;
  const { auth, signIn } = (await runModule(t, code, {})) as {
    auth: AuthClient;
    signIn: (credentials: object) => Promise<void>;
  };
  t.after(() => auth.close());
  await signIn(ADA);
  assert.equal(auth.state, 'signed-in');
  server.advance(1000);
  assert.equal((await auth.fetchWithAuth('/api/me')).status, 200);
  assert.equal((await server.stats()).refreshes, 1);
  await auth.signOut();
  assert.equal(auth.state, 'signed-out');
});

test('F8 README, the API by example: in the order in which it stands there', async (t) => {
  const server = await openPage(t);
  const debug = t.mock.method(console, 'debug', () => undefined);
  const code = [
    exampleWith('decodeProtectedHeader,'),
    exampleWith('debug: true'),
    'await auth.setTokens(tokens);',
    exampleWith("addEventListener('timeline'"),
  ].join('\n');
  const { auth } = (await runModule(t, `${code}\nexport { auth };`, {
    tokens: await logIn(server.origin),
    token: 'an older one',
  })) as { auth: AuthClient };
  assert.equal((await server.stats()).refreshes, 1);
  assert.equal(auth.state, 'signed-out');
  await assert.rejects(auth.fetchWithAuth('/api/me'), { code: 'closed' });
  const lines = debug.mock.calls.map(({ arguments: [line] }) => String(line));
  for (const type of ['signedin', 'refreshed', 'signedout', 'Call #1']) {
    assert.ok(
      lines.some((line) => line.startsWith(`bearerkit ${type} `)),
      `${type} in ${lines.join('\n')}`,
    );
  }
});

test('D8 README, tokens: what can be told of one', async (t) => {
  const code = exampleWith('inspectJwt(token)');
  const seen = (await runModule(
    t,
    `import { decodeJwt, decodeProtectedHeader, inspectJwt, isExpired } from 'bearerkit';
    ${code}
    export const inspection = inspectJwt(token);`,
    { token: makeJwt({ sub: 'ada' }) },
  )) as { inspection: JwtInspection };
  assert.ok(seen.inspection.ok);
});
