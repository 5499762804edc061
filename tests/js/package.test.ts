// P1, P4: the package as it is published, where it has to run.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

import { build } from 'esbuild';

import { releaseFaults } from '../../scripts/release_check.mjs';
import { RFC_TOKEN } from './support/tokens.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

interface Manifest {
  type: string;
  sideEffects: string[];
  types: string;
  files: string[];
  exports: { '.': { types: string; default: string } };
  dependencies?: object;
}

const manifest = JSON.parse(readFileSync(`${ROOT}/package.json`, 'utf8')) as Manifest;

/** A program of these lines, bundled as apps are. */
async function bundle(lines: string): Promise<string> {
  const { outputFiles, warnings } = await build({
    stdin: { contents: lines, resolveDir: ROOT },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
  });
  assert.deepEqual(warnings, []);
  return outputFiles[0]?.text ?? '';
}

test('P4 ES modules with types, no side effects but that of the devtools, no dependencies, and all of it is packed', () => {
  assert.equal(manifest.type, 'module');
  assert.deepEqual(manifest.sideEffects, ['./dist/devtools.js']);
  assert.equal(manifest.dependencies, undefined);
  const { types, default: code } = manifest.exports['.'];
  assert.equal(types, manifest.types);
  for (const file of [types, code]) {
    assert.ok(existsSync(`${ROOT}/${file}`), file);
    assert.ok(
      manifest.files.some((folder) => file.startsWith(`./${folder}/`)),
      file,
    );
  }
  assert.match(readFileSync(`${ROOT}/${types}`, 'utf8'), /createAuthClient/);
});

test('P4 bundled without configuration it works, and unused nothing of it stays', async () => {
  const code = await bundle(`import { decodeJwt } from 'bearerkit'; export { decodeJwt };`);
  const data = Buffer.from(code).toString('base64');
  const module = (await import(`data:text/javascript;base64,${data}`)) as {
    decodeJwt: (token: string) => { iss?: string };
  };
  assert.equal(module.decodeJwt(RFC_TOKEN).iss, 'joe');

  const unused = await bundle(
    `import { createAuthClient } from 'bearerkit'; export const one = 1;`,
  );
  assert.ok(unused.length < 300, `${unused.length} characters`);
});

test('P4 P1 bundled, the devtools stay for their effect; and where there is no page they have none', async () => {
  const code = await bundle(`import 'bearerkit/devtools';`);
  assert.ok(code.includes('bearerkit-devtools'), `${code.length} characters`);
  assert.deepEqual(Object.keys(await import('bearerkit/devtools')), []);
});

test('P2 a bundle in one file holds no JavaScript build, unless the app asks for it', async () => {
  const client = `import { createAuthClient, useJavaScriptBuild } from 'bearerkit';
    createAuthClient();`;
  const line = `useJavaScriptBuild(() => import('bearerkit/javascript'));`;
  const [without, withBuild] = [await bundle(client), await bundle(client + line)];
  assert.ok(withBuild.length > without.length + 50_000, `${without.length} ${withBuild.length}`);
  assert.ok(without.includes('./javascript.js'));
});

test('P1 in a worker, without a page: it decodes, and a client signs in, calls and refreshes', async () => {
  const code = `
    import { parentPort } from 'node:worker_threads';
    for (const name of ['window', 'document', 'location']) {
      if (name in globalThis) throw new Error(name);
    }
    Object.defineProperty(globalThis, 'window', { get() { throw new Error('window'); } });
    const { createAuthClient, decodeJwt } = await import('bearerkit');
    const origin = 'https://api.example.com';
    let good = 'b';
    const auth = createAuthClient({
      origins: [origin],
      refresh: async () => ({ access_token: 'b' }),
      fetch: async (input, init) => {
        const { headers } = new Request(input, init);
        return new Response(null, { status: headers.get('authorization') === 'Bearer b' ? 200 : 401 });
      },
    });
    await auth.setTokens({ access_token: 'a', refresh_token: 'r' });
    const { status } = await auth.fetchWithAuth(origin + '/a');
    auth.close();
    parentPort.postMessage([decodeJwt(${JSON.stringify(RFC_TOKEN)}).iss, status]);`;
  const worker = new Worker(
    new URL(`data:text/javascript,${encodeURIComponent(inPackage(code))}`),
    {
      // Not the tests' own loaders.
      execArgv: [],
    },
  );
  const message = await new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  await worker.terminate();
  assert.deepEqual(message, ['joe', 200]);
});

// A data: URL has no folder from which the package could be found by its name.
function inPackage(code: string): string {
  return code.replaceAll(`'bearerkit'`, JSON.stringify(import.meta.resolve('bearerkit')));
}

test('P4 a release is refused as long as its addresses are placeholders, or the change log has no section', () => {
  const changelog = '# Changelog\n\n## [1.0.0] - 2030-01-01\n';
  const at = (url: string): object => ({ homepage: url, repository: { url }, bugs: { url } });
  const good = { version: '1.0.0', ...at('https://github.com/some/one') };
  assert.deepEqual(releaseFaults(good, changelog), []);
  assert.equal(releaseFaults({ ...good, ...at('https://example.com/x') }, changelog).length, 3);
  assert.equal(releaseFaults({ version: '1.0.0' }, changelog).length, 3);
  assert.equal(releaseFaults({ ...good, version: '1.0.1' }, changelog).length, 1);
});
