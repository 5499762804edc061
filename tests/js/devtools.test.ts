// L4, bearerkit/devtools: from what a client tells to calls with their steps, to lines, and to places.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { AuthClient, TimelineCause } from 'bearerkit';

import { layOut } from '../../js/devtools/layout.ts';
import { Recorder } from '../../js/devtools/recorder.ts';
import type { Episode } from '../../js/devtools/story.ts';
import { linesOf, sentenceOf, summaryOf } from '../../js/devtools/words.ts';
import { startAuthServer } from './support/auth_server.ts';
import { refusedTogether, signIn } from './support/client.ts';
import { turns } from './support/wait.ts';

type Told = [at: number, cause: TimelineCause, request?: number, status?: number];

/** A recorder that was told these, of requests that are all GET, but for those above 100. */
function told(...moments: Told[]): Recorder {
  const recorder = new Recorder();
  for (const [at, cause, request = 0, status = 0] of moments) {
    const method = request > 0 && request <= 100 ? 'GET' : '';
    recorder.moment({ at, cause, request, status, method, generation: 1 });
  }
  return recorder;
}

function lastOf({ episodes }: Recorder): Episode {
  const episode = episodes.at(-1);
  assert.ok(episode);
  return episode;
}

const sentences = (recorder: Recorder): string[] => linesOf(lastOf(recorder)).map(sentenceOf);

const REFRESH: Told[] = [
  [20, 'lock_wanted'],
  [20, 'lock_held'],
  [20, 'refresh_sent'],
];

test('L4 the log: a call that was refused, waited for a refresh and was sent again', () => {
  const recorder = told(
    [0, 'request_sent', 7],
    [20, 'unauthorized', 7, 401],
    ...REFRESH,
    [30, 'refresh_succeeded'],
    [30, 'request_retried', 7],
    [41, 'request_delivered', 7, 200],
  );
  assert.deepEqual(sentences(recorder), [
    'GET #1 401 → refresh #1 → sent again 200, 41 ms',
    'Refresh #1 succeeded, token set 1, 10 ms',
  ]);
  assert.equal(recorder.busy, false);
  assert.equal(summaryOf(lastOf(recorder), 0, 41), '1 call: 1 × 200 · 1 refresh · 41 ms');
});

test('L4 all calls that a refresh holds hang from the same one, whenever they came', () => {
  const recorder = told(
    [0, 'request_sent', 1],
    [5, 'request_sent', 2],
    [20, 'unauthorized', 1, 401],
    ...REFRESH,
    [22, 'unauthorized', 2, 401],
    [24, 'request_waits', 3],
    [30, 'refresh_succeeded'],
    [30, 'request_retried', 1],
    [30, 'request_retried', 2],
    [30, 'request_sent', 3],
    ...[1, 2, 3].map((id): Told => [40, 'request_delivered', id, 200]),
  );
  const { calls, refreshes } = lastOf(recorder);
  const waits = calls.map(({ steps }) => steps.find(({ doing }) => doing === 'waits')?.refresh);
  assert.deepEqual(waits, [refreshes[0], refreshes[0], refreshes[0]]);
  assert.ok(sentences(recorder).includes('GET #3 refresh #1 → sent 200, 16 ms'));
});

test('L4 a 401 that comes late is sent again at once: it waits for nothing', () => {
  const recorder = told(
    [0, 'request_sent', 1],
    [50, 'unauthorized', 1, 401],
    [50, 'request_retried', 1],
    [60, 'request_delivered', 1, 200],
  );
  assert.deepEqual(sentences(recorder), ['GET #1 401 → sent again 200, 60 ms']);
});

test('L4 a refresh that fails: the 401 is delivered, and the backoff told', () => {
  const recorder = told(
    [0, 'request_sent', 1],
    [20, 'unauthorized', 1, 401],
    ...REFRESH,
    [30, 'refresh_transient'],
    [30, 'request_delivered', 1],
  );
  recorder.failed({ retryAt: 1530, cause: { kind: 'status', status: 503 } });
  const [call, refresh] = sentences(recorder);
  assert.equal(call, 'GET #1 401 → refresh #1 → 401 delivered, 30 ms');
  assert.equal(refresh, 'Refresh #1 failed for the moment, status 503, next one in 1.5 s, 10 ms');
  const { refreshes } = layOut(lastOf(recorder), 800, 30);
  assert.ok((refreshes[0]?.backoff ?? 0) > 0);
});

test('L4 each end of a call and of a refresh has its words', () => {
  const ofCall = (cause: TimelineCause): string | undefined =>
    sentences(told([0, 'request_sent', 1], [9, cause, 1]))[0];
  assert.equal(ofCall('request_failed'), 'GET #1 no answer, 9 ms');
  assert.equal(ofCall('request_aborted'), 'GET #1 aborted, 9 ms');
  const plain = told([0, 'request_plain', 1]);
  assert.deepEqual(sentences(plain), ['GET #1 sent without a token, 0 ms']);
  const waited = told([0, 'request_waits', 101], ...REFRESH, [30, 'request_settled', 101]);
  assert.equal(sentences(waited)[0], 'Call #1 refresh #1 → done, 30 ms');

  const ofRefresh = (...causes: TimelineCause[]): string | undefined =>
    sentences(told(...REFRESH, ...causes.map((cause): Told => [30, cause])))[0];
  assert.equal(ofRefresh('refresh_terminal'), 'Refresh #1 refused for good, 10 ms');
  assert.match(ofRefresh('result_dropped', 'record_adopted') ?? '', /another tab had new tokens/);
  assert.match(ofRefresh('session_ended') ?? '', /overtaken/);
  assert.equal(ofRefresh(), 'Refresh #1 under way');
});

test('L4 a token that was at hand is nothing to tell of', () => {
  assert.equal(told([0, 'request_settled', 101]).episodes.length, 0);
});

test('L4 a silence ends an episode, a backoff does not', () => {
  const begin: Told[] = [
    [0, 'request_sent', 1],
    [10, 'request_delivered', 1, 200],
  ];
  assert.equal(told(...begin, [900, 'request_sent', 2]).episodes.length, 1);
  assert.equal(told(...begin, [1100, 'request_sent', 2]).episodes.length, 2);
  const recorder = told(...REFRESH, [30, 'refresh_transient']);
  recorder.failed({ retryAt: 5000 });
  recorder.moment({
    ...{ at: 5001, cause: 'lock_wanted', request: 0 },
    ...{ status: 0, method: '', generation: 1 },
  });
  assert.equal(recorder.episodes.length, 1);
});

test('L4 the diagram: rows below each other, in the room that there is, thin when they are many', () => {
  const calls = (count: number): Recorder =>
    told(
      ...Array.from({ length: count }, (_, i): Told => [i, 'request_sent', i + 1]),
      ...Array.from({ length: count }, (_, i): Told => [200, 'request_delivered', i + 1, 200]),
    );
  for (const [count, width] of [
    [1, 1200],
    [20, 320],
    [100, 320],
  ] as const) {
    const { rows, ...layout } = layOut(lastOf(calls(count)), width, 200);
    assert.equal(rows.length, count);
    assert.ok(layout.width <= width, `${layout.width}`);
    for (const { steps, y } of rows) {
      assert.ok(y > layout.top && y < layout.height);
      for (const { x, width: wide } of steps) {
        assert.ok(x >= layout.left && x + wide <= layout.width && wide >= 2);
      }
    }
    assert.equal(rows.filter(({ labelled }) => labelled).length, count === 100 ? 11 : count);
    assert.ok(layout.height <= 900, 'a hundred calls fit on a screen');
    assert.ok(layout.ticks.length >= 2 && layout.ticks.length <= 8);
  }
});

test('L4 of a real client: twenty calls, one refresh, and nothing of their addresses', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  const recorder = record(auth);
  server.expire();
  const url = server.url('/api/secret?secret=1');
  await refusedTogether(server, auth, () =>
    Array.from({ length: 20 }, () => auth.fetchWithAuth(url)),
  );
  await turns(1);
  const { calls, refreshes } = lastOf(recorder);
  assert.equal(calls.length, 20);
  assert.equal(refreshes.length, 1);
  const lines = sentences(recorder);
  assert.match(lines[0] ?? '', /^GET #1 401 → refresh #1 → sent again 200, [\d.]+ m?s$/);
  assert.doesNotMatch(lines.join(), /secret|http|access-|refresh-/);
});

function record(auth: AuthClient): Recorder {
  const recorder = new Recorder();
  auth.addEventListener('timeline', ({ detail }) => recorder.moment(detail));
  auth.addEventListener('refreshfailed', ({ detail }) => recorder.failed(detail));
  return recorder;
}
