// The page in the other engines: it opens, signs in, and calls twenty times; and once without WebAssembly.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type DemoServer, startDemoServer } from './support/demo_server.ts';
import { ENGINES } from './support/engines/engine.ts';
import { useBrowser } from './support/engines/use_browser.ts';

let server: DemoServer;
before(async () => {
  server = await startDemoServer();
});
after(() => server.stop());

for (const name of ENGINES) {
  describe(name, () => {
    const browser = useBrowser(name);

    for (const path of ['/', '/without-wasm/']) {
      test(`opens ${path}, signs in, reads the token and runs 20 calls`, async (t) => {
        const tab = await browser().newTab();
        t.after(() => tab.close());
        await tab.goto(`${server.origin}${path}#/jwt`);
        const seen = await tab.evaluate(async () => {
          const until = async <T>(look: () => T | null | undefined | false): Promise<T> => {
            for (;;) {
              const found = look();
              if (found !== null && found !== undefined && found !== false) return found;
              await new Promise((resolve) => setTimeout(resolve, 20));
            }
          };
          const press = async (text: string): Promise<void> => {
            const button = await until(() =>
              [...document.querySelectorAll('button')].find(
                (one) => one.textContent.trim() === text && one.offsetParent !== null,
              ),
            );
            button.click();
          };
          await press('Ada, user');
          const exp = await until(() => document.querySelector('[data-words="exp"]'));
          const words = await until(() => exp.textContent);
          location.hash = '#/bench';
          await until(() => document.querySelector('#calls-status'));
          for (let calls = 0; calls < 20; calls += 1) {
            await press('Call once');
            await until(
              () => document.querySelector('#count-calls')?.textContent === String(calls + 1),
            );
            await until(() =>
              /answered/.test(document.querySelector('#calls-status')?.textContent ?? ''),
            );
          }
          return {
            words,
            status: document.querySelector('#status')?.textContent,
            answers: document.querySelector('#count-answers')?.textContent,
          };
        }, undefined);
        assert.match(seen.words, /^Expires in 1[45] min/);
        assert.match(seen.status ?? '', /^Signed in as Ada/);
        assert.equal(seen.answers, '20 × 200');
      });
    }
  });
}
