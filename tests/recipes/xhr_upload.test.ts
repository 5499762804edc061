// The recipe for uploads with progress, by the XMLHttpRequest of jsdom: Node has none.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import { JSDOM } from 'jsdom';

import { type AuthServer, startAuthServer } from '../js/support/auth_server.ts';
import { signIn, type TestClient } from '../js/support/client.ts';
import { installGlobal } from '../js/support/storages.ts';
import { until } from '../js/support/wait.ts';
import { upload } from './code/xhr_upload.ts';

interface Page extends TestClient {
  readonly server: AuthServer;
  readonly url: string;
  readonly file: FormData;
}

/** A page of the API's own origin, with a file of a megabyte to upload. */
async function openPage(t: TestContext): Promise<Page> {
  const server = await startAuthServer(t);
  const { window } = new JSDOM('', { url: server.origin });
  t.after(() => window.close());
  installGlobal(t, 'XMLHttpRequest', { value: window.XMLHttpRequest });
  const file = new window.FormData();
  file.append('file', new window.Blob(['José '.repeat(200_000)]), 'names.txt');
  return { ...(await signIn(t, server)), server, url: server.url('/api/files'), file };
}

test('E6 XMLHttpRequest: a refused upload is sent again, whole and with progress', async (t) => {
  const { server, auth, url, file } = await openPage(t);
  const sent: number[] = [];
  let size = 0;
  server.expire();
  const answer = await upload(auth, url, file, {
    onProgress(done, total) {
      sent.push(done);
      size = total;
    },
  });
  assert.equal(answer.status, 200);
  assert.equal(server.refreshes.length, 1);
  const [refused, taken] = server.to('/api/files');
  assert.ok(refused !== undefined && taken !== undefined && taken.body.length > 1_000_000);
  assert.equal(taken.body.length, refused.body.length);
  assert.equal(taken.headers.authorization, `Bearer ${server.accessToken}`);
  assert.equal(size, taken.body.length);
  assert.equal(sent.at(-1), size, 'told up to the end');
});

test('E6 XMLHttpRequest: uploads refused together make one refresh', async (t) => {
  const { server, auth, url, file } = await openPage(t);
  server.expire();
  const answers = await Promise.all([1, 2, 3].map(() => upload(auth, url, file)));
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200, 200],
  );
  assert.equal(server.refreshes.length, 1);
});

test('F7 XMLHttpRequest: without another token the 401 is the answer', async (t) => {
  const { server, auth, events, url, file } = await openPage(t);
  server.expire();
  server.refreshAnswers.push(() => ({ status: 503 }));
  assert.equal((await upload(auth, url, file)).status, 401);
  assert.equal(auth.state, 'signed-in');
  server.refreshAnswers.push(() => ({ status: 400, json: { error: 'invalid_grant' } }));
  await assert.rejects(auth.refresh(), { code: 'refresh_rejected' });
  await events.until('signedout');
  assert.equal((await upload(auth, url, file)).status, 401, 'without a token');
});

test('F4 XMLHttpRequest: an abort ends an upload with its own reason', async (t) => {
  const { server, auth, url, file } = await openPage(t);
  const gate = server.hold('/api/files');
  const controller = new AbortController();
  const uploading = upload(auth, url, file, { signal: controller.signal });
  await until(() => server.to('/api/files').length === 1, 'it came in');
  controller.abort(new Error('never mind'));
  await assert.rejects(uploading, { message: 'never mind' });
  gate.open();
  await assert.rejects(upload(auth, url, file, { signal: controller.signal }), {
    message: 'never mind',
  });
  assert.equal(server.to('/api/files').length, 1);
});
