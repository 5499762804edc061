// E8: timers that are too long, and timers that did not run.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import { type AuthClient, type AuthClientOptions, createAuthClient } from 'bearerkit';

import { Events } from './support/client.ts';
import { installGlobal } from './support/storages.ts';
import { turns } from './support/wait.ts';

const ORIGIN = 'https://api.example.com';
const LONGEST_DELAY = 2 ** 31 - 1;
const HOUR = 3600;
const DAY = 24 * HOUR;

/**
 * The clock and the timers of a device: they go on as told. As in every engine, a delay that is too
 * long is none at all.
 */
class Device {
  time = Date.now();
  /** How often a timer was set. */
  timers = 0;
  #handle = 0;
  readonly #due = new Map<number, { at: number; run: () => void }>();

  constructor(t: TestContext) {
    installGlobal(t, 'setTimeout', {
      writable: true,
      value: (run: () => void, delay = 0) => {
        if (++this.timers > 1000) throw new Error('the timers spin');
        const at = this.time + (delay > LONGEST_DELAY ? 1 : delay);
        this.#due.set(++this.#handle, { at, run });
        return this.#handle;
      },
    });
    installGlobal(t, 'clearTimeout', {
      writable: true,
      value: (handle: number) => this.#due.delete(handle),
    });
  }

  readonly now = (): number => this.time;

  /** Time goes by, and no timer runs. */
  sleep(seconds: number): void {
    this.time += seconds * 1000;
  }

  /** Time goes by, and each timer runs when it is due. */
  async pass(seconds: number): Promise<void> {
    const end = this.time + seconds * 1000;
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#due.delete(next.handle);
      this.time = Math.max(this.time, next.at);
      next.run();
      await turns(2);
    }
    this.time = end;
  }

  #next(end: number): { handle: number; at: number; run: () => void } | undefined {
    const timers = [...this.#due].map(([handle, timer]) => ({ handle, ...timer }));
    return timers.filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0];
  }
}

/** An API and its refresh endpoint, and what they were asked. */
async function signInOn(
  t: TestContext,
  device: Device,
  expiresIn: number,
  options: AuthClientOptions,
): Promise<{ auth: AuthClient; events: Events; asked: string[] }> {
  const asked: string[] = [];
  let generation = 1;
  const auth = createAuthClient({
    origins: [ORIGIN],
    clock: device,
    fetch: async (input, init) => {
      const { url, headers } = new Request(input, init);
      const path = new URL(url).pathname;
      asked.push(path);
      if (path === '/refresh') {
        generation++;
        const tokens = {
          access_token: `a${generation}`,
          refresh_token: 'r',
          expires_in: expiresIn,
        };
        return Response.json(tokens);
      }
      const good = headers.get('authorization') === `Bearer a${generation}`;
      return new Response(null, { status: good ? 200 : 401 });
    },
    ...options,
  });
  t.after(() => auth.close());
  await auth.setTokens({ access_token: 'a1', refresh_token: 'r', expires_in: expiresIn });
  return { auth, events: new Events(auth), asked };
}

test('E8 setTimeout overflow: a session of 100 days ends after 100 days, by a timer that is set anew', async (t) => {
  const device = new Device(t);
  const { auth, events } = await signInOn(t, device, 100 * DAY, {});
  for (let day = 1; day < 100; day++) {
    await device.pass(DAY);
    assert.equal(auth.state, 'signed-in', `day ${day}`);
  }
  await device.pass(DAY - 1);
  assert.equal(auth.state, 'signed-in');
  await device.pass(1);
  assert.deepEqual(events.reasons, ['expired']);
  assert.ok(device.timers <= 10, `${device.timers} timers`);
});

test('E8 setTimeout overflow: keepAlive refreshes a token of 100 days ahead of its end, once', async (t) => {
  const device = new Device(t);
  const options = { refresh: `${ORIGIN}/refresh`, keepAlive: true };
  const { asked } = await signInOn(t, device, 100 * DAY, options);
  await device.pass(100 * DAY - 31);
  assert.deepEqual(asked, []);
  await device.pass(1);
  assert.deepEqual(asked, ['/refresh']);
  await device.pass(90 * DAY);
  assert.deepEqual(asked, ['/refresh']);
  assert.ok(device.timers <= 20, `${device.timers} timers`);
});

test('E8 sleeping laptop: the token has expired meanwhile, which the next calls find out at once', async (t) => {
  const device = new Device(t);
  const { auth, asked } = await signInOn(t, device, 900, { refresh: `${ORIGIN}/refresh` });
  await device.pass(HOUR / 6);
  assert.equal((await auth.fetchWithAuth(`${ORIGIN}/a`)).status, 200);
  device.sleep(8 * HOUR);
  const calls = [1, 2, 3].map((i) => auth.fetchWithAuth(`${ORIGIN}/${i}`));
  for (const call of calls) assert.equal((await call).status, 200);
  assert.deepEqual(asked, ['/a', '/refresh', '/1', '/2', '/3'], 'one refresh, nothing in vain');
});

test('E8 sleeping laptop: a session that cannot refresh is over at its next use, or when timers run again', async (t) => {
  for (const how of ['used', 'timers']) {
    const device = new Device(t);
    const { auth, events, asked } = await signInOn(t, device, 900, {});
    device.sleep(8 * HOUR);
    if (how === 'used') {
      assert.equal((await auth.fetchWithAuth(`${ORIGIN}/a`)).status, 401);
      assert.deepEqual(asked, ['/a']);
    } else {
      await device.pass(0);
    }
    await turns(1);
    assert.deepEqual(events.reasons, ['expired'], how);
  }
});

test('E8 sleeping laptop: keepAlive refreshes when timers run again, once', async (t) => {
  const device = new Device(t);
  const options = { refresh: `${ORIGIN}/refresh`, keepAlive: true };
  const { auth, asked } = await signInOn(t, device, 900, options);
  device.sleep(8 * HOUR);
  await device.pass(1);
  assert.deepEqual(asked, ['/refresh']);
  assert.equal((await auth.fetchWithAuth(`${ORIGIN}/a`)).status, 200);
});

test('E8 R9 sleeping laptop in the middle of a refresh: it is given up and tried again', async (t) => {
  const device = new Device(t);
  let calls = 0;
  const refresh = (): Promise<{ access_token: string }> =>
    ++calls === 1 ? new Promise(() => {}) : Promise.resolve({ access_token: 'a1' });
  const { auth, events } = await signInOn(t, device, 900, { refresh });
  const first = auth.refresh();
  device.sleep(8 * HOUR);
  await Promise.all([
    assert.rejects(first, { code: 'refresh_failed' }),
    device.pass(1), // the timeout, and then the backoff
  ]);
  await events.until('refreshed');
  assert.equal(calls, 2);
  assert.deepEqual(events.reasons, []);
});
