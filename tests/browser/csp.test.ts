// P1, P2, P3: the package under a Content-Security-Policy, in pages and in workers of three engines.
import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { build } from 'esbuild';
import { makeJwt } from '../js/support/tokens.ts';
import { ENGINES, type Tab } from './support/engines/engine.ts';
import {
  openPage,
  useInServiceWorker,
  useInWorker,
  usePackage,
  violationsOf,
  WORKER_SCRIPT,
} from './support/policy_page.ts';
import { useBrowser } from './support/engines/use_browser.ts';
import { type PolicyServer, startPolicyServer } from './support/policy_server.ts';

const POLICIES = {
  wasm: "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'",
  js: "default-src 'self'",
} as const;

// Service workers have no `import()`: one file then, as bundlers make it, with the JavaScript build in it.
const SERVICE_WORKER_SCRIPT = await bundle(`
  import { useJavaScriptBuild } from '/bearerkit/index.js';
  useJavaScriptBuild(() => import('/bearerkit/javascript.js'));
  ${WORKER_SCRIPT}
`);
const MODULE_SERVICE_WORKER_SCRIPT = `
  import javascript from '/bearerkit/javascript.js';
  import { init } from '/bearerkit/external.js';
  init(javascript);
  ${WORKER_SCRIPT.replace('index.js', 'external.js')}
`;

async function bundle(source: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: source.replaceAll('/bearerkit/', './'), resolveDir: 'dist' },
    bundle: true,
    format: 'iife',
    write: false,
    logLevel: 'error',
  });
  return outputFiles[0]?.text ?? '';
}

for (const name of ENGINES) {
  describe(name, () => {
    const browser = useBrowser(name);

    /** A page of a server with that policy, and tokens that have expired there. */
    async function open(
      t: TestContext,
      engine: keyof typeof POLICIES,
    ): Promise<{ server: PolicyServer; tab: Tab; tokens: Record<string, unknown> }> {
      const server = await startPolicyServer(t, POLICIES[engine], {
        '/worker.js': WORKER_SCRIPT,
        '/service_worker.js': SERVICE_WORKER_SCRIPT,
        '/module_service_worker.js': MODULE_SERVICE_WORKER_SCRIPT,
      });
      const tab = await browser().newTab();
      t.after(() => tab.close());
      await openPage(tab, server.url('/page.html'));
      const tokens = server.signIn('json');
      server.expire();
      return { server, tab, tokens };
    }

    for (const engine of ['wasm', 'js'] as const) {
      const expected = { engine, status: 200, state: 'signed-in' };
      const claims = { name: 'Ada' };
      // The probe for WebAssembly is told once; not in WebKit, which tells of none.
      const probe = engine === 'js' && name !== 'WebKit' ? ['script-src wasm-eval'] : [];
      const jwt = makeJwt(claims);

      test(`P2 P3 a page under ${POLICIES[engine]}`, async (t) => {
        const { server, tab, tokens } = await open(t, engine);
        const seen = await usePackage(tab, { entry: '/bearerkit/index.js', tokens, jwt });
        const before = engine === 'wasm' ? claims : 'core_not_ready';
        assert.deepEqual(seen, { ...expected, before, after: claims });
        assert.equal(server.refreshes.length, 1);
        assert.equal(server.to('/bearerkit/javascript.js').length, engine === 'js' ? 1 : 0);
        assert.deepEqual(await violationsOf(tab, probe.length), probe);
      });

      test(`P2 P4 bearerkit/external in a page under ${POLICIES[engine]}`, async (t) => {
        const { server, tab, tokens } = await open(t, engine);
        const seen = await usePackage(tab, { entry: '/bearerkit/external.js', tokens, jwt });
        assert.deepEqual(seen, { ...expected, before: 'core_not_ready', after: claims });
        assert.equal(server.to('/bearerkit/bearerkit.wasm').length, 1);
        assert.equal(server.to('/bearerkit/index.js').length, 0);
        assert.deepEqual(await violationsOf(tab, probe.length), probe);
      });

      test(`P1 P2 a worker under ${POLICIES[engine]}`, async (t) => {
        const { server, tab, tokens } = await open(t, engine);
        assert.deepEqual(await useInWorker(tab, '/worker.js', tokens), expected);
        assert.equal(server.refreshes.length, 1);
      });

      test(`P1 P2 a service worker under ${POLICIES[engine]}`, async (t) => {
        const { server, tab, tokens } = await open(t, engine);
        const seen = await useInServiceWorker(tab, '/service_worker.js', 'classic', tokens);
        assert.deepEqual(seen, expected);
        assert.equal(server.refreshes.length, 1);
      });
    }

    test('P2 P3 the JavaScript build handed to bearerkit/external violates nothing', async (t) => {
      const { tab, tokens } = await open(t, 'js');
      const claims = { name: 'Ada' };
      const seen = await usePackage(tab, {
        entry: '/bearerkit/external.js',
        javascript: '/bearerkit/javascript.js',
        tokens,
        jwt: makeJwt(claims),
      });
      const expected = { engine: 'js', status: 200, state: 'signed-in' };
      assert.deepEqual(seen, { ...expected, before: claims, after: claims });
      assert.deepEqual(await violationsOf(tab, 0), []);
    });

    test('P1 P2 the JavaScript build handed to bearerkit/external in a service worker of modules', async (t) => {
      const { tab, tokens } = await open(t, 'js');
      const seen = await useInServiceWorker(tab, '/module_service_worker.js', 'module', tokens);
      assert.deepEqual(seen, { engine: 'js', status: 200, state: 'signed-in' });
    });
  });
}
