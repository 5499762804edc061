// P1, P2, P4: the package in fresh apps of every bundler, in three engines, on WebAssembly and
// on its JavaScript twin. All of it with BEARERKIT_MATRIX=all (npm run test:matrix), which writes down
// what came of it; else every bundler in Chromium, and the other engines without a bundler.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { type DemoServer, startDemoServer } from '../browser/support/demo_server.ts';
import { type EngineBrowser, ENGINES, openBrowser } from '../browser/support/engines/engine.ts';
import { BUNDLERS } from './support/bundlers.ts';
import { type Core, CORES, policyFor } from './support/cores.ts';
import { makeApp, type Workshop } from './support/fresh_app.ts';
import { type Host, startHost, startOwnServer } from './support/host.ts';
import { note, writeMatrix } from './support/matrix.ts';

/** Something that only the twin has, and that no minifier changes: the longest of its words. */
const twin = (
  readFileSync(new URL('../../dist/twin.js', import.meta.url), 'utf8').match(/\w{24,}/g) ?? ['']
).reduce((longest, word) => (word.length > longest.length ? word : longest));

// The browser knows localhost by itself; Node asks the system, which may not.
const direct = ({ origin }: Host): string => origin.replace('localhost', '127.0.0.1');

const ALL = process.env['BEARERKIT_MATRIX'] === 'all';

interface Result {
  engine: string;
  statuses: number[];
  renewed: boolean;
  decoded: string;
  state: string;
  after: string;
}

declare global {
  var result: Promise<Result> | undefined;
}

export function matrix(workshop: () => Workshop): void {
  let api: DemoServer;
  const browsers = new Map<string, EngineBrowser>();
  before(async () => {
    api = await startDemoServer();
    for (const engine of ENGINES) browsers.set(engine, await openBrowser(engine));
  });
  after(async () => {
    for (const browser of browsers.values()) await browser.close();
    await api.stop();
    if (ALL) writeMatrix();
  });

  for (const bundler of BUNDLERS) {
    describe(bundler.name, () => {
      let host: Host;
      const stops: (() => unknown)[] = [];
      before(async () => {
        const folder = await makeApp(workshop(), bundler);
        let upstream: string | undefined;
        if (bundler.serve !== undefined) {
          const own = await startOwnServer(workshop().folder, folder, bundler.serve);
          stops.push(own.stop);
          upstream = own.origin;
        }
        host = await startHost(api.origin, `${folder}/${bundler.output}`, upstream);
        stops.push(host.stop);
      });
      after(async () => {
        for (const stop of stops) await stop();
      });

      const seen = new Map<string, Set<string>>();
      for (const engine of ENGINES) {
        if (!ALL && engine !== 'Chromium' && bundler.build !== undefined) continue;
        for (const core of CORES) {
          test(`P4 ${bundler.name} in ${engine}, core as ${core}`, async () => {
            host.policy(policyFor(core, bundler.inlineScripts ?? false));
            const browser = browsers.get(engine);
            assert.ok(browser);
            const tab = await browser.newTab();
            try {
              await tab.goto(`${host.origin}/`);
              const result = await tab.evaluate(async () => {
                // The app's own, as soon as its script has run.
                const app = (): Promise<Result> | undefined => globalThis.result;
                while (app() === undefined) {
                  await new Promise((resolve) => setTimeout(resolve, 20));
                }
                return app();
              }, undefined);
              assert.deepEqual(result, {
                engine: core,
                statuses: [200, 200],
                renewed: true,
                decoded: 'string',
                state: 'signed-in',
                after: 'signed-out',
              });
              seen.set(`${engine} ${core}`, new Set(host.scripts));
            } finally {
              await tab.close();
            }
            note(bundler.name, engine, core);
          });
        }
        test(`P2 ${bundler.name} in ${engine}: who has WebAssembly downloads nothing of the twin`, async () => {
          const withTwin = async (core: Core): Promise<number> => {
            const scripts = [...(seen.get(`${engine} ${core}`) ?? [])];
            assert.ok(scripts.length > 0);
            const texts = scripts.map(async (script) =>
              (await fetch(`${direct(host)}${script}`)).text(),
            );
            return (await Promise.all(texts)).filter((text) => text.includes(twin)).length;
          };
          assert.deepEqual([await withTwin('wasm'), await withTwin('js')], [0, 1]);
        });
      }
    });
  }
}
