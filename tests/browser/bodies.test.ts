import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test, type TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import { openSignedIn } from './support/page_client.ts';
import { useProxy, useSuite } from './support/suite.ts';
import { until } from './support/until.ts';

/** What /api/echo says of a body. */
interface Echo {
  readonly method: string;
  readonly contentType: string | null;
  readonly length: number;
  readonly sha256: string;
  readonly text: string | null;
}

const TEXT = 'Ada Łovelace 🦊 李\r\n';
const FORM = [
  ['a', '1 & 2'],
  ['b', 'ł 🦊'],
] as const;

/** The same in the page and here: 300,000 bytes, no two stretches alike. */
const bytesOf = (length: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length }, (_, i) => (i * i + (i >> 8)) & 0xff);
const BINARY_LENGTH = 300_000;

const sha256 = (data: string | Uint8Array): string =>
  createHash('sha256').update(data).digest('hex');

/** The kinds of body, and the bytes that each has to arrive as. */
const KINDS: Readonly<Record<string, { sha256: string; contentType: string | null }>> = {
  string: { sha256: sha256(TEXT), contentType: 'text/plain;charset=UTF-8' },
  Blob: { sha256: sha256(bytesOf(BINARY_LENGTH)), contentType: 'application/x-test' },
  ArrayBuffer: { sha256: sha256(bytesOf(BINARY_LENGTH)), contentType: null },
  'a view': { sha256: sha256(bytesOf(BINARY_LENGTH).subarray(1000, 2000)), contentType: null },
  URLSearchParams: {
    sha256: sha256(new URLSearchParams(FORM.map(([...pair]) => pair)).toString()),
    contentType: 'application/x-www-form-urlencoded;charset=UTF-8',
  },
  Request: { sha256: sha256(TEXT), contentType: 'text/plain;charset=UTF-8' },
  'a Request with a Blob': {
    sha256: sha256(bytesOf(BINARY_LENGTH)),
    contentType: 'application/x-test',
  },
};

/** Sends a body of that kind with `fetchWithAuth`, and gives what the server says of it. */
function send(page: Page, kind: string): Promise<{ status: number; echo: Echo }> {
  return page.evaluate(
    async ({ kind, text, form, length }) => {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * i + (i >> 8)) & 0xff);
      const blob = new Blob([bytes], { type: 'application/x-test' });
      const body = (): BodyInit => {
        switch (kind) {
          case 'string':
          case 'Request':
            return text;
          case 'Blob':
          case 'a Request with a Blob':
            return blob;
          case 'ArrayBuffer':
            return bytes.buffer;
          case 'a view':
            return bytes.subarray(1000, 2000);
          case 'URLSearchParams':
            return new URLSearchParams(form);
          default: {
            const data = new FormData();
            for (const [name, value] of form) data.set(name, value);
            data.set('file', new File([text], 'name łł.txt', { type: 'text/x-test' }));
            return data;
          }
        }
      };
      const init = { method: 'POST', body: body() };
      const { fetchWithAuth } = globalThis.probe.auth;
      const response = await (kind.includes('Request')
        ? fetchWithAuth(new Request('/api/echo', init))
        : fetchWithAuth('/api/echo', init));
      return { status: response.status, echo: (await response.json()) as Echo };
    },
    { kind, text: TEXT, form: FORM.map(([...pair]) => pair), length: BINARY_LENGTH },
  );
}

describe('a body meets a 401', () => {
  const suite = useSuite();
  const proxy = useProxy(suite);

  /** A page whose token the server refuses. */
  async function openRefused(t: TestContext): Promise<Page> {
    const { server, newPage } = suite();
    const page = await newPage(t);
    await server.revoke(await openSignedIn(page, server.origin));
    return page;
  }

  /** Notes what is answered to the posts of a page; the function waits for that very list. */
  function watchPosts(page: Page): (expected: number[]) => Promise<void> {
    const statuses: number[] = [];
    page.on('response', (response) => {
      if (response.url().endsWith('/api/echo')) statuses.push(response.status());
    });
    return async (expected) => {
      // The browser reports what it did on another way than the page gets its answer.
      await until('all answers are noted', () => statuses.length >= expected.length);
      assert.deepEqual(statuses, expected);
    };
  }

  for (const [kind, expected] of Object.entries(KINDS)) {
    test(`F2 ${kind}`, async (t) => {
      const page = await openRefused(t);
      const assertAnswers = watchPosts(page);
      const { status, echo } = await send(page, kind);
      assert.equal(status, 200);
      assert.equal(echo.sha256, expected.sha256);
      assert.equal(echo.contentType, expected.contentType);
      await assertAnswers([401, 200]);
      assert.equal((await suite().server.stats()).refreshRequests, 1);
    });
  }

  test('F2 FormData with a file', async (t) => {
    const page = await openRefused(t);
    const assertAnswers = watchPosts(page);
    const { status, echo } = await send(page, 'FormData');
    assert.equal(status, 200);
    await assertAnswers([401, 200]);
    const headers = { 'Content-Type': echo.contentType ?? '' };
    const arrived = await new Response(echo.text, { headers }).formData();
    assert.deepEqual([...arrived.keys()], ['a', 'b', 'file']);
    for (const [name, value] of FORM) assert.equal(arrived.get(name), value);
    const file = arrived.get('file');
    assert.ok(file instanceof File);
    assert.equal(file.name, 'name łł.txt');
    assert.equal(file.type, 'text/x-test');
    assert.equal(await file.text(), TEXT);
  });

  test('F3 a ReadableStream is sent once: its 401 is delivered, the session kept', async (t) => {
    const page = await suite().newPage(t);
    const assertAnswers = watchPosts(page);
    // Chromium sends streams over HTTP/2 only.
    const token = await openSignedIn(page, proxy().origin);
    const post = () =>
      page.evaluate(async (text) => {
        const body = new Blob([text]).stream();
        const init = { method: 'POST', body, duplex: 'half' };
        const response = await globalThis.probe.auth.fetchWithAuth('/api/echo', init);
        const echo = (await response.json()) as { text?: string };
        return { status: response.status, text: echo.text };
      }, TEXT);
    assert.deepEqual(await post(), { status: 200, text: TEXT });
    await suite().server.revoke(token);
    assert.equal((await post()).status, 401);
    await assertAnswers([200, 401]);
    assert.deepEqual(await post(), { status: 200, text: TEXT }, 'the next one has a fresh token');
    assert.deepEqual(await page.evaluate(() => globalThis.probe.signedOut), []);
  });
});
