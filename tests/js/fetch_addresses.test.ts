// F14: a relative URL means what it meant at the call, and fetch gets the caller's own text where
// that is the same. `fetch` is the app's here: Node's has no base.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import { type AuthClient, createAuthClient } from 'bearerkit';

import { Clock } from './support/client.ts';
import { installGlobal } from './support/storages.ts';
import { Gate } from './support/wait.ts';

const ORIGIN = 'https://app.example';

interface Page {
  auth: AuthClient;
  /** What `<base href>` says. */
  base: { href: string };
  /** What fetch got, and what that means at the time. */
  sent: { text: string; meant: string; token: string | null }[];
  refreshed: Gate;
  clock: Clock;
  answers: { good: string };
}

async function start(t: TestContext): Promise<Page> {
  const base = { href: `${ORIGIN}/one/` };
  const page = Object.assign(new EventTarget(), { visibilityState: 'visible', cookie: '' });
  Object.defineProperty(page, 'baseURI', { get: () => base.href });
  installGlobal(t, 'document', { value: page });
  installGlobal(t, 'location', { value: new URL(`${ORIGIN}/`) });
  const sent: Page['sent'] = [];
  const refreshed = new Gate();
  const clock = new Clock();
  const answers = { good: 'first' };
  const auth = createAuthClient({
    tabs: false,
    clock,
    fetch: (input, init) => {
      const text = input as string;
      const token = new Headers(init?.headers).get('authorization');
      sent.push({ text, meant: new URL(text, base.href).href, token });
      const status = token === `Bearer ${answers.good}` ? 200 : 401;
      return Promise.resolve(new Response(null, { status }));
    },
    refresh: async () => {
      await refreshed.pass();
      answers.good = 'second';
      return { access_token: 'second', refresh_token: 'r', expires_in: 900 };
    },
  });
  t.after(() => auth.close());
  await auth.setTokens({ access_token: 'first', refresh_token: 'r', expires_in: 900 });
  return { auth, base, sent, refreshed, clock, answers };
}

const URLS = ['x', '/x', './x?q', '../x', '?q', '', '#f', '//app.example/x', `${ORIGIN}/x`, 'x\ny'];
const INITS: (RequestInit | undefined)[] = [undefined, { method: 'POST', body: 'b' }];

for (const wait of ['a retry', 'a refresh'] as const) {
  test(`F14 a URL means after ${wait} what it meant at the call`, async (t) => {
    for (const url of URLS) {
      for (const init of INITS) {
        const { auth, base, sent, refreshed, clock, answers } = await start(t);
        if (wait === 'a retry') answers.good = 'none';
        else clock.advance(901);
        const meant = new URL(url, base.href).href;
        const call = auth.fetchWithAuth(url, init);
        await refreshed.until(1);
        base.href = 'https://other.example/two/';
        refreshed.open();
        assert.equal((await call).status, 200, url);
        assert.deepEqual(
          [...new Set(sent.map((one) => one.meant))],
          [meant],
          `${JSON.stringify(url)} ${init?.method ?? 'GET'}`,
        );
        assert.equal(sent.at(-1)?.token, 'Bearer second');
        auth.close();
      }
    }
  });

  test(`F14 where the page's base stays, fetch gets the caller's own text after ${wait}`, async (t) => {
    for (const url of [...URLS, '/a?\n<b', `${ORIGIN}/a?\n<b`, ' /x\t']) {
      for (const init of INITS) {
        const { auth, sent, refreshed, clock, answers } = await start(t);
        if (wait === 'a retry') answers.good = 'none';
        else clock.advance(901);
        refreshed.open();
        assert.equal((await auth.fetchWithAuth(url, init)).status, 200, url);
        assert.deepEqual([...new Set(sent.map(({ text }) => text))], [url]);
        auth.close();
      }
    }
  });
}

test('F14 what does not depend on the base keeps its text when the base changes', async (t) => {
  for (const url of [`${ORIGIN}/a?\n<b`, 'HTTPS://app.example/x']) {
    const { auth, base, sent, refreshed, answers } = await start(t);
    answers.good = 'none';
    const call = auth.fetchWithAuth(url);
    await refreshed.until(1);
    base.href = 'https://other.example/two/';
    refreshed.open();
    assert.equal((await call).status, 200);
    assert.deepEqual(new Set(sent.map(({ text }) => text)), new Set([url]));
    auth.close();
  }
});

test('F14 B1 a base that changes between two calls: each goes where it says then', async (t) => {
  const { auth, base, sent } = await start(t);
  await auth.fetchWithAuth('x');
  base.href = 'https://other.example/two/';
  for (const url of ['x', '/x', '//app.example/x']) await auth.fetchWithAuth(url);
  base.href = `${ORIGIN}/three/`;
  await auth.fetchWithAuth('x');
  assert.deepEqual(
    sent.map(({ meant, token }) => [meant, token]),
    [
      [`${ORIGIN}/one/x`, 'Bearer first'],
      ['https://other.example/two/x', null],
      ['https://other.example/x', null],
      [`${ORIGIN}/x`, 'Bearer first'],
      [`${ORIGIN}/three/x`, 'Bearer first'],
    ],
  );
});
