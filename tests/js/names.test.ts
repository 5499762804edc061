// S5: clients of different names, or of different versions, side by side in one page.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

import type * as Kit from 'bearerkit';
import { type AuthClient, createAuthClient } from 'bearerkit';

import { startAuthServer } from './support/auth_server.ts';
import { Events, signIn, startClient, type TestClient } from './support/client.ts';
import { MapStorage } from './support/storages.ts';
import { turns } from './support/wait.ts';

test('S5 two clients with different names do not touch each other', async (t) => {
  const server = await startAuthServer(t);
  const storage = new MapStorage();
  const first = startClient(t, server, { storage, name: 'one' });
  const second = startClient(t, server, { storage, name: 'two' });
  await first.auth.setTokens({ access_token: 'a', refresh_token: 'ra' });
  await second.auth.setTokens({ access_token: 'b', refresh_token: 'rb' });
  assert.equal(storage.map.size, 2);
  assert.equal(await startClient(t, server, { storage, name: 'one' }).auth.getAccessToken(), 'a');
  await first.auth.signOut();
  assert.equal(storage.map.size, 1);
  assert.equal(second.auth.state, 'signed-in');
  assert.equal(await second.auth.getAccessToken(), 'b');
  assert.ok([...storage.map.keys()].every((key) => key.includes('two')));
});

test('S5 the key carries the version of the record', async (t) => {
  const server = await startAuthServer(t);
  const storage = new MapStorage();
  await signIn(t, server, { storage, name: 'mine' });
  const { version } = JSON.parse(storage.record ?? '{}') as { version: number };
  assert.equal(storage.key, `mine.v${version}`);
});

/** The package as a version with another form of the record would be: the name says so. */
async function anotherVersion(t: TestContext): Promise<typeof Kit.createAuthClient> {
  const dist = fileURLToPath(new URL('.', import.meta.resolve('bearerkit')));
  const copy = mkdtempSync(path.join(os.tmpdir(), 'bearerkit-version-'));
  t.after(() => rmSync(copy, { recursive: true }));
  writeFileSync(path.join(copy, 'package.json'), '{"type":"module"}');
  let found = 0;
  for (const file of readdirSync(dist).filter((name) => name.endsWith('.js'))) {
    const parts = readFileSync(path.join(dist, file), 'utf8').split('.v1`');
    found += parts.length - 1;
    writeFileSync(path.join(copy, file), parts.join('.v2`'));
  }
  assert.equal(found, 1, 'the name is made in one place');
  const entry = pathToFileURL(path.join(copy, 'index.js')).href;
  return ((await import(entry)) as typeof Kit).createAuthClient;
}

function client(t: TestContext, auth: AuthClient): TestClient {
  t.after(() => auth.close());
  return { auth, events: new Events(auth) };
}

test('S5 two versions side by side: each has its record, its messages, and a session of its own', async (t) => {
  const server = await startAuthServer(t);
  const other = await startAuthServer(t);
  const storage = new MapStorage();
  const name = `versions-${process.pid}`;
  const options = { storage, name, tabs: true };
  const create = await anotherVersion(t);
  const old = [1, 2].map(() =>
    client(t, createAuthClient({ ...options, refresh: server.url('/refresh') })),
  );
  const young = [1, 2].map(() => client(t, create({ ...options, refresh: other.url('/refresh') })));
  const [oldTab, youngTab] = [old[0], young[0]] as [TestClient, TestClient];

  await oldTab.auth.setTokens(server.signIn());
  await youngTab.auth.setTokens(other.signIn());
  await Promise.all([...old, ...young].map(({ events }) => events.until('signedin')));
  assert.deepEqual([...storage.map.keys()].toSorted(), [`${name}.v1`, `${name}.v2`]);

  await youngTab.auth.refresh();
  await young[1]?.events.until('refreshed');
  assert.deepEqual(
    old.map(({ events }) => events.count('refreshed')),
    [0, 0],
  );
  assert.equal(await old[1]?.auth.getAccessToken(), server.accessToken);
  assert.equal(await young[1]?.auth.getAccessToken(), other.accessToken);

  await youngTab.auth.signOut();
  await young[1]?.events.until('signedout');
  // What reached a tab of its own version would have reached these by now.
  await turns();
  assert.deepEqual(
    old.map(({ auth }) => auth.state),
    ['signed-in', 'signed-in'],
  );
  assert.deepEqual([...storage.map.keys()], [`${name}.v1`]);
  await oldTab.auth.refresh();
  await old[1]?.events.until('refreshed');
  assert.deepEqual([...old, ...young].flatMap(({ events }) => events.reasons).toSorted(), [
    'signed_out',
    'signed_out_elsewhere',
  ]);
});
