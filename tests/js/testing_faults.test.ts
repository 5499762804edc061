// bearerkit/testing (P7): what goes wrong goes wrong again with the same seed, in no real time, and
// beside whatever else a test does to the globals.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test, type TestContext } from 'node:test';

import { createTestAuth, type TestAuth, type TestAuthOptions } from 'bearerkit/testing';

import { Events } from './support/client.ts';
import { installGlobal } from './support/storages.ts';

const DAY = 24 * 3600_000;

function start(t: TestContext, options?: TestAuthOptions): TestAuth {
  const world = createTestAuth(options);
  t.after(() => world.close());
  for (const path of ['/a', '/b']) world.server.on(`GET ${path}`, { json: { path } });
  return world;
}

/** A day in the life of an app: calls of two tabs, some at once. Gives what was seen. */
async function live(t: TestContext, seed: number): Promise<{ world: TestAuth; seen: string[] }> {
  const world = start(t, { seed });
  const tabs = [world.auth, world.openTab()];
  const events = tabs.map((tab) => new Events(tab, true));
  await world.signedIn();
  world.faults({ seed, rate: 0.3 });
  const seen: string[] = [];
  for (let round = 0; round < 20; round++) {
    const calls = tabs.flatMap((tab) => ['/a', '/b'].map((path) => tab.fetchWithAuth(path)));
    for (const call of await Promise.allSettled(calls)) {
      seen.push(call.status === 'fulfilled' ? String(call.value.status) : 'lost');
    }
    await world.clock.advance(100_000);
  }
  seen.push(...world.met.map(({ fault, message, at }) => `${fault} ${message} ${at}`));
  seen.push(...events.flatMap(({ all }) => all.map((event) => JSON.stringify(event))));
  return { world, seen };
}

test('P7 a seed repeats all that happens: faults, timeline, times', async (t) => {
  const first = await live(t, 7);
  const again = await live(t, 7);
  assert.deepEqual(again.seen, first.seen);
  assert.ok(first.world.met.length > 10);
  const other = await live(t, 8);
  assert.notDeepEqual(other.seen, first.seen);
});

test('P7 R8 the session survives the faults of many seeds', async (t) => {
  const met = new Set<string>();
  for (let seed = 1; seed <= 25; seed++) {
    const { world } = await live(t, seed);
    for (const { fault } of world.met) met.add(fault);
    world.faults(false);
    await world.clock.advance(60_000);
    assert.equal(world.auth.state, 'signed-in', `seed ${seed}`);
    const response = await world.auth.fetchWithAuth('/a');
    assert.equal(response.status, 200, `seed ${seed}`);
    world.close();
  }
  assert.equal(met.size, 12, [...met].join());
});

test('P7 its faults are the simulator’s', () => {
  const settings = readFileSync(new URL('../sim/settings.h', import.meta.url), 'utf8');
  const known = [...settings.matchAll(/^ {2}X\((\w+)\)/gm)].map(([, name]) => name);
  const world = createTestAuth();
  let names: string[] = [];
  try {
    world.failNext('none' as never);
  } catch (error) {
    names = /There are (.*)\./.exec(String(error))?.[1]?.split(', ') ?? [];
  }
  world.close();
  assert.equal(names.length, 16);
  assert.deepEqual(
    names.filter((name) => !known.includes(name)),
    [],
  );
});

test('P7 a call meets the same faults, whatever other calls there are', async (t) => {
  const faultsOf = async (paths: string[]): Promise<string[]> => {
    const world = start(t);
    await world.signedIn();
    world.faults({ seed: 3, rate: 0.5, only: ['request_lost', 'unavailable', 'bad_gateway'] });
    for (const path of paths) await world.auth.fetchWithAuth(path).catch(() => undefined);
    return world.met.flatMap(({ fault, message }) => (message === 'GET /a' ? [fault] : []));
  };
  const alone = await faultsOf(Array<string>(12).fill('/a'));
  assert.ok(alone.length > 2);
  assert.deepEqual(await faultsOf(Array(12).fill(['/b', '/a', '/b']).flat() as string[]), alone);
});

test('P7 one fault: what the app gets, and what becomes of the session', async (t) => {
  const outcomes = {
    ...{ request_lost: 'lost', answer_lost: 'lost', outage: 'lost' },
    ...{ slow: 200, unavailable: 503, bad_gateway: 502, too_many: 429 },
    ...{ captive_portal: 200, broken_answer: 200, clock_jump: 200 },
    // One retry with a new token: the app sees nothing of it.
    ...{
      false_401: 200,
      banned: 401,
      storage_failed: 200,
      storage_cleared: 200,
      storage_corrupt: 200,
    },
  } as const;
  for (const [fault, outcome] of Object.entries(outcomes)) {
    const world = start(t);
    await world.signedIn();
    world.failNext(fault as keyof typeof outcomes, 'api');
    const answer = world.auth.fetchWithAuth('/a').then((r) => r.status);
    assert.equal(await answer.catch(() => 'lost'), outcome, fault);
    assert.deepEqual(
      world.met.map((met) => met.fault),
      [fault],
    );
    assert.equal(world.auth.state, fault === 'banned' ? 'signed-out' : 'signed-in', fault);
    world.close();
  }
});

test('P7 R17 a refresh that is refused in unclear words is tried again', async (t) => {
  const world = start(t);
  await world.signedIn();
  world.failNext('unclear');
  await world.expire();
  assert.equal((await world.auth.fetchWithAuth('/a')).status, 401);
  assert.equal(world.auth.state, 'signed-in');
  await world.clock.advance(60_000);
  assert.equal((await world.auth.fetchWithAuth('/a')).status, 200);
});

test('P7 beside fake timers, without MessageChannel, and touching no global', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'setImmediate', 'Date'] });
  installGlobal(t, 'MessageChannel', { value: undefined, writable: true });
  const look = (): [string, unknown][] =>
    Object.entries(Object.getOwnPropertyDescriptors(globalThis)).map(([name, descriptor]) => [
      name,
      descriptor.value,
    ]);
  const before = new Map(look());
  const world = start(t);
  const other = world.openTab();
  await world.signedIn();
  await world.expire();
  const calls = [world.auth, other].map((tab) => tab.fetchWithAuth('/a'));
  const statuses = (await Promise.all(calls)).map(({ status }) => status);
  assert.deepEqual(statuses, [200, 200]);
  await world.clock.advance(DAY);
  await other.signOut();
  await world.clock.settle();
  assert.equal(world.auth.state, 'signed-out');
  const changed = look().filter(([name, value]) => !Object.is(value, before.get(name)));
  assert.deepEqual(changed, []);
});
