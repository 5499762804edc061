// F16: what is no part of the platform: other implementations of fetch, with bodies and answers of
// their own.
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';

import { fetch as crossFetch } from 'cross-fetch';
import LegacyForm from 'form-data';
import fetch3, { FormData as Form3 } from 'node-fetch';
import fetch2, { Request as Request2 } from 'node-fetch2';

import { createAuthClient, type Fetch } from 'bearerkit';

import { startAuthServer } from '../js/support/auth_server.ts';

// Their types are not those of the platform, which is why people hand them over like this.
const FETCHES: Record<string, Fetch> = {
  'node-fetch 2': fetch2 as unknown as Fetch,
  'node-fetch 3': fetch3 as unknown as Fetch,
  'cross-fetch': crossFetch,
};

async function start(t: Parameters<typeof startAuthServer>[0], fetch: Fetch) {
  const server = await startAuthServer(t);
  const auth = createAuthClient({
    fetch,
    origins: [server.origin],
    refresh: server.url('/refresh'),
  });
  t.after(() => auth.close());
  await auth.setTokens(server.signIn());
  return { server, auth };
}

for (const [name, fetch] of Object.entries(FETCHES)) {
  test(`F16 ${name}: refused calls are sent again with their bodies, and the answer is its own`, async (t) => {
    const { server, auth } = await start(t, fetch);
    server.expire();
    const answers = await Promise.all(
      [1, 2, 3].map((i) =>
        auth.fetchWithAuth(server.url(`/api/${i}`), { method: 'POST', body: `text ${i}` }),
      ),
    );
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200, 200],
    );
    assert.equal(typeof (await answers[0]?.text()), 'string');
    assert.equal(server.refreshes.length, 1);
    const bodies = server.requests.filter(({ path }) => path === '/api/1');
    assert.deepEqual(
      bodies.map(({ body }) => body.toString()),
      ['text 1', 'text 1'],
    );
  });

  test(`F16 ${name}: the body of a 401 that nobody reads is let go`, async (t) => {
    const answers: Response[] = [];
    const { server, auth } = await start(t, async (input, init) => {
      const answer = await fetch(input, init);
      answers.push(answer);
      return answer;
    });
    server.expire();
    assert.equal((await auth.fetchWithAuth(server.url('/api/a'))).status, 200);
    const [refused] = answers;
    assert.equal(refused?.status, 401);
    assert.equal((refused.body as unknown as Readable).destroyed, true);
  });
}

test('F16 form-data with node-fetch 2 is a stream: sent once, and a 401 is delivered', async (t) => {
  const { server, auth } = await start(t, fetch2 as unknown as Fetch);
  const send = () => {
    const form = new LegacyForm();
    form.append('file', Buffer.from('content'), 'a.txt');
    return auth.fetchWithAuth(server.url('/api/form'), {
      method: 'POST',
      body: form as unknown as BodyInit,
      headers: form.getHeaders(),
    });
  };
  assert.equal((await send()).status, 200);
  assert.match(String(server.requests.at(-1)?.body), /filename="a.txt"[^]*content/);
  server.expire();
  const sent = server.requests.length;
  assert.equal((await send()).status, 401);
  assert.equal(
    server.requests.slice(sent).filter(({ path }) => path === '/api/form').length,
    1,
    'sent once',
  );
});

test("F16 node-fetch 3's own FormData, and a stream of Node, arrive as with node-fetch", async (t) => {
  const { server, auth } = await start(t, fetch3 as unknown as Fetch);
  const form = new Form3();
  form.set('name', 'Ada');
  server.expire();
  const init = { method: 'POST', body: form };
  assert.equal((await auth.fetchWithAuth(server.url('/api/form'), init)).status, 200);
  assert.match(String(server.requests.at(-1)?.body), /name="name"[^]*Ada/);
  const body = Readable.from(['one ', 'two']) as unknown as BodyInit;
  const answer = await auth.fetchWithAuth(server.url('/api/stream'), { method: 'POST', body });
  assert.equal(answer.status, 200);
  assert.equal(String(server.requests.at(-1)?.body), 'one two');
});

test('F16 a Request of node-fetch 2 is signed, and sent again with its body', async (t) => {
  const { server, auth } = await start(t, fetch2 as unknown as Fetch);
  server.expire();
  const request = new Request2(server.url('/api/r'), { method: 'POST', body: 'mine' });
  const answer = await auth.fetchWithAuth(request as unknown as Request);
  assert.equal(answer.status, 200);
  assert.equal(String(server.requests.at(-1)?.body), 'mine');
});
