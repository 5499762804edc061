// F2, F4, F8, F11–F13: calls that are made before the core is there do what fetch would.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { inRealm, startWithoutWasm } from './support/realm.ts';

test('F2 F8 a call that waits for the core is sent as it was made', async (t) => {
  const { server, realm } = await startWithoutWasm(t);
  const seen = await inRealm(
    t,
    realm,
    async (kit, url) => {
      const auth = kit.createAuthClient();
      const form = new URLSearchParams({ a: '1' });
      const init = { method: 'POST', body: form };
      const request = new Request(url, { method: 'PUT', body: 'of a Request' });
      const answers = [auth.fetchWithAuth(url, init), auth.fetchWithAuth(request)];
      form.set('a', '2');
      init.method = 'DELETE';
      const echoes = (await Promise.all(answers)).map((response) => response.json());
      auth.close();
      return (await Promise.all(echoes)) as unknown;
    },
    server.url('/echo'),
  );
  assert.deepEqual(seen, [
    { method: 'POST', type: 'application/x-www-form-urlencoded;charset=UTF-8', body: 'a=1' },
    { method: 'PUT', type: 'text/plain;charset=UTF-8', body: 'of a Request' },
  ]);
});

test('F4 F8 an abort ends the wait for the core, with its own reason', async (t) => {
  const { server, realm } = await startWithoutWasm(t);
  const seen = await inRealm(
    t,
    realm,
    async (kit, url) => {
      const auth = kit.createAuthClient();
      const controller = new AbortController();
      const reasons: unknown[] = [];
      let settled = false;
      const other = auth.fetchWithAuth(url).then((response) => response.status);
      const call = auth
        .fetchWithAuth(url, { signal: controller.signal })
        .catch((error: unknown) => {
          reasons.push(error);
          settled = true;
        });
      controller.abort('enough');
      await Promise.resolve()
        .then(() => {})
        .then(() => {});
      const atOnce = settled;
      await call;
      await auth
        .fetchWithAuth(url, { signal: AbortSignal.abort('never') })
        .catch((error: unknown) => reasons.push(error));
      const result = { reasons, atOnce, other: await other };
      auth.close();
      return result;
    },
    server.url('/echo'),
  );
  assert.deepEqual(seen, { reasons: ['enough', 'never'], atOnce: true, other: 200 });
  assert.equal(server.to('/echo').length, 1);
});

test('F13 F4 F8 no listener stays on a signal; what is no signal is a TypeError', async (t) => {
  const { realm } = await startWithoutWasm(t);
  const seen = await inRealm(
    t,
    realm,
    async (kit, url) => {
      const { default: events } = await import('node:events');
      const auth = kit.createAuthClient({
        // That of Node leaves listeners of its own behind.
        fetch: (input, init) =>
          init?.signal instanceof AbortSignal
            ? Promise.resolve(new Response(`${input as string} ${init.method ?? ''}`))
            : fetch(input, init),
      });
      const { signal } = new AbortController();
      const listeners = (): number => events.getEventListeners(signal, 'abort').length;
      const bad = auth.fetchWithAuth(url, { signal: {} as AbortSignal }).then(
        () => 'sent',
        (error: unknown) => (error as Error).name,
      );
      const calls = [1, 2, 3, 4, 5].map(() => auth.fetchWithAuth(url, { signal, method: 'PUT' }));
      const during = listeners();
      const texts = await Promise.all(calls.map(async (call) => (await call).text()));
      const left = listeners();
      const result = { during, left, texts: new Set(texts).size, bad: await bad };
      auth.close();
      return result;
    },
    'https://api.example.com/a',
  );
  assert.deepEqual(seen, { during: 5, left: 0, texts: 1, bad: 'TypeError' });
});

test('F11 F12 F8 streams, Requests and aborted signals before the core is there: as with fetch', async (t) => {
  const { server, realm } = await startWithoutWasm(t);
  const seen = await inRealm(
    t,
    realm,
    async (kit, url) => {
      const auth = kit.createAuthClient();
      const later = kit.createAuthClient();
      const outcome = (call: Promise<Response>): Promise<unknown> =>
        call.then(
          ({ status }) => status,
          (error: unknown) => (error instanceof Error ? error.name : error),
        );
      const play = (send: typeof auth.fetchWithAuth): Promise<unknown[]> => {
        const reasons: unknown[] = [];
        const stream = (): RequestInit =>
          ({
            method: 'POST',
            body: new ReadableStream({ cancel: (why) => void reasons.push(why) }),
            duplex: 'half',
          }) as RequestInit;
        const signal = AbortSignal.abort('never');
        const used = new Request(url, { method: 'POST', body: 'x' });
        const aborted = new Request(url, { method: 'POST', body: 'x', signal });
        const calls = [
          send(used),
          send(used),
          send(aborted),
          send(url, { ...stream(), signal }),
          send(url, { body: 'x', signal }),
        ].map(outcome);
        const states = [used.bodyUsed, aborted.bodyUsed];
        return Promise.all(calls).then((outcomes) => [...states, ...outcomes, reasons]);
      };
      const both = [play(auth.fetchWithAuth), play((...call) => fetch(...call))];
      const cancelled: unknown[] = [];
      const controller = new AbortController();
      const waits = outcome(
        later.fetchWithAuth(url, {
          method: 'POST',
          body: new ReadableStream({ cancel: (why) => void cancelled.push(why) }),
          duplex: 'half',
          signal: controller.signal,
        } as RequestInit),
      );
      controller.abort('enough');
      const result = { both: await Promise.all(both), waits: await waits, cancelled };
      auth.close();
      later.close();
      return result;
    },
    server.url('/echo'),
  );
  const [mine, native] = seen.both;
  assert.deepEqual(mine, native);
  assert.deepEqual(native, [
    true,
    true,
    200,
    'TypeError',
    'never',
    'never',
    'TypeError',
    ['never'],
  ]);
  assert.deepEqual([seen.waits, seen.cancelled], ['enough', ['enough']]);
});
