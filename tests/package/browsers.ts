// P1, P2, P4: the package in fresh apps of every bundler, in three engines, on WebAssembly and
// on its JavaScript build. All of it, or every bundler in Chromium and the other
// engines without a bundler.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { DemoServer } from '../browser/support/demo_server.ts';
import { type EngineBrowser, ENGINES, openBrowser } from '../browser/support/engines/engine.ts';
import { serverComponent } from './server_component.ts';
import { type Bundler, BUNDLERS } from './support/bundlers.ts';
import { type Core, CORES, policyFor } from './support/cores.ts';
import { type Download, downloadOf } from './support/download.ts';
import { directly, makeApp, toolOf, type Workshop } from './support/fresh_app.ts';
import { type Host, startHost, startOwnServer } from './support/host.ts';
import { cell, noteDownload, noteEngine } from './support/matrix.ts';
import { type Result, success } from './support/result.ts';
import { versionOf } from './support/versions.ts';

/** A page that has WebAssembly may download so much of the package at first, whatever the bundler. */
const MOST = 39_500;
/** A service worker takes the JavaScript build along. */
const MOST_WITH_JAVASCRIPT_BUILD = 67_500;

declare global {
  var result: Promise<Result> | undefined;
}

/** With its version, where the tests install it. */
const rowOf = ({ name, build }: Bundler): string => {
  const [tool] = build ?? [];
  return tool === undefined ? name : `${name} ${versionOf(tool)}`;
};

export function browsers(workshop: () => Workshop, api: () => DemoServer, all: boolean): void {
  const opened = new Map<string, EngineBrowser>();
  before(async () => {
    for (const engine of ENGINES) {
      const browser = await openBrowser(engine);
      opened.set(engine, browser);
      noteEngine(engine, browser.version);
    }
  });
  after(async () => {
    for (const browser of opened.values()) await browser.close();
  });

  for (const bundler of BUNDLERS) {
    describe(bundler.name, () => {
      let host: Host;
      const stops: (() => unknown)[] = [];
      before(async () => {
        const folder = await makeApp(workshop(), bundler);
        let upstream: string | undefined;
        if (bundler.serve !== undefined) {
          const [program = '', ...args] = bundler.serve;
          const own = await startOwnServer(toolOf(workshop(), program), folder, (port) => [
            ...args,
            String(port),
          ]);
          stops.push(own.stop);
          upstream = own.origin;
        }
        host = await startHost(api().origin, `${folder}/${bundler.output}`, upstream);
        stops.push(host.stop);
      });
      after(async () => {
        for (const stop of stops) await stop();
      });

      const seen = new Map<string, Set<string>>();
      for (const engine of ENGINES) {
        if (!all && engine !== 'Chromium' && bundler.build !== undefined) continue;
        for (const core of CORES) {
          const passed = cell('browsers', rowOf(bundler), `${engine}, ${core}`);
          test(`P4 ${bundler.name} in ${engine}, core as ${core}`, async () => {
            host.policy(policyFor(core, bundler.inlineScripts ?? false));
            await api().resetStats();
            const browser = opened.get(engine);
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
              assert.deepEqual(result, success(core));
              assert.equal((await api().stats()).refreshRequests, 1);
              seen.set(`${engine} ${core}`, new Set(host.scripts));
            } finally {
              await tab.close();
            }
            passed();
          });
        }
        const downloaded = (core: Core): Promise<Download> => {
          const scripts = seen.get(`${engine} ${core}`) ?? new Set();
          assert.ok(scripts.size > 0);
          return downloadOf(host, scripts);
        };
        if (engine === 'Chromium') {
          test(`P2 P4 ${bundler.name}: what a page downloads at first keeps to its budget`, async () => {
            const { bytes } = await downloaded('wasm');
            const most = bundler.oneFile === true ? MOST_WITH_JAVASCRIPT_BUILD : MOST;
            console.log(`${rowOf(bundler)}: ${bytes} bytes after brotli, at most ${most}`);
            noteDownload(rowOf(bundler), bytes);
            assert.ok(bytes > 30_000 && bytes <= most, `${bytes} bytes, ${most} are the most`);
          });
        }
        if (bundler.oneFile === true) continue;
        test(`P2 ${bundler.name} in ${engine}: who has WebAssembly downloads nothing of the JavaScript build`, async () => {
          const downloads = await Promise.all(CORES.map(downloaded));
          const builds = downloads.map(({ javascriptBuilds }) => javascriptBuilds);
          assert.deepEqual(builds, [0, 1]);
        });
      }
      const { serverPage } = bundler;
      if (serverPage !== undefined) {
        serverComponent(rowOf(bundler), () => directly(host.origin) + serverPage);
      }
    });
  }
}
