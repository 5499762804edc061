// P1, P4: a server component imports the package to decode, and its page goes without.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cell } from './support/matrix.ts';
import { sessionCodeIn } from './support/session_code.ts';

/** {"alg":"none"} and {"sub":"ada"}. */
const TOKEN = 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEifQ.';

const get = async (url: string | URL): Promise<string> => {
  const response = await fetch(url);
  assert.equal(response.status, 200, String(url));
  return response.text();
};

/** `page`: the address of one that shows the `sub` of `?token=…`. */
export function serverComponent(framework: string, page: () => string): void {
  const passed = cell('runtimes', `${framework}, a server component that decodes`, 'wasm');
  test(`P1 P4 ${framework}: a server component decodes, and its page brings no code of sessions`, async () => {
    const html = await get(`${page()}?token=${TOKEN}`);
    // React puts a comment between two texts.
    assert.match(html.replaceAll('<!-- -->', ''), /<p>sub=ada<\/p>/);
    const scripts = new Set(html.match(/\/_next\/static\/[^"\\]+\.js/g));
    assert.ok(scripts.size > 0);
    for (const script of scripts) {
      assert.deepEqual(sessionCodeIn(await get(new URL(script, page()))), [], script);
    }
    passed();
  });
}
