// L4: nothing is queued for a timeline that nobody listens to.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import { type AuthClient, createAuthClient } from 'bearerkit';

import { installGlobal } from './support/storages.ts';
import { turns } from './support/wait.ts';

const ORIGIN = 'https://api.example.com';

// Each event that a client has for its listeners waits in a microtask of its own. (A fetch of Node's
// has some, too, also when it is over: there is none in this process.)
function countMicrotasks(t: TestContext): { taken: () => number } {
  let count = 0;
  const real = globalThis.queueMicrotask;
  installGlobal(t, 'queueMicrotask', {
    writable: true,
    value: (task: () => void) => {
      count++;
      real(task);
    },
  });
  return {
    taken: () => {
      const taken = count;
      count = 0;
      return taken;
    },
  };
}

const WAYS_TO_STOP: Record<string, (auth: AuthClient) => () => void> = {
  removed: (auth) => {
    const listener = (): void => {};
    auth.addEventListener('timeline', listener);
    return () => auth.removeEventListener('timeline', listener);
  },
  'an object, removed': (auth) => {
    const listener = { handleEvent: (): void => {} };
    auth.addEventListener('timeline', listener, { capture: true });
    return () => auth.removeEventListener('timeline', listener, { capture: true });
  },
  'heard once': (auth) => {
    auth.addEventListener('timeline', () => {}, { once: true });
    return () => {};
  },
  'its signal aborted': (auth) => {
    const controller = new AbortController();
    auth.addEventListener('timeline', () => {}, { signal: controller.signal });
    return () => controller.abort();
  },
  'its signal aborted before': (auth) => {
    auth.addEventListener('timeline', () => {}, { signal: AbortSignal.abort() });
    return () => {};
  },
};

for (const [way, listenFor] of Object.entries(WAYS_TO_STOP)) {
  test(`L4 nobody listens, and no event is queued: before the first listener, and after the last one (${way})`, async (t) => {
    const auth = createAuthClient({
      origins: [ORIGIN],
      fetch: () => Promise.resolve(new Response()),
    });
    t.after(() => auth.close());
    await auth.setTokens({ access_token: 'a' });
    await turns(1);
    const queued = countMicrotasks(t);
    const call = async (): Promise<number> => {
      await auth.fetchWithAuth(`${ORIGIN}/a`);
      await auth.fetchWithAuth(`${ORIGIN}/b`, { method: 'POST', body: 'x' });
      await turns(1);
      return queued.taken();
    };
    assert.equal(await call(), 0);
    const stop = listenFor(auth);
    const listening = await call();
    if (way !== 'its signal aborted before') assert.ok(listening > 0, 'somebody listens');
    stop();
    await call(); // may find out
    assert.equal(await call(), 0);
    let moments = 0;
    auth.addEventListener('timeline', () => moments++);
    assert.equal(await call(), 4, 'two sent, two delivered');
    assert.equal(moments, 4);
  });
}
