// P1: importing does nothing. The package is loaded where there is no page, and by pages that never
// make a client.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';

import { packageFile } from './support/realm.ts';

const PLATFORM = [
  ...['window', 'document', 'location', 'navigator', 'localStorage', 'sessionStorage', 'indexedDB'],
  ...['caches', 'origin', 'fetch', 'crypto', 'WebAssembly', 'BroadcastChannel', 'setTimeout'],
  ...['addEventListener', 'importScripts', 'TextEncoder', 'TextDecoder', 'EventTarget'],
  ...['CustomEvent', 'AbortController'],
];

/** Imports a file where every look at the platform is written down, and gives what was. */
async function looksAtImport(file: string): Promise<string[]> {
  const source = `
    const looks = [];
    for (const name of ${JSON.stringify(PLATFORM)}) {
      const value = globalThis[name];
      const get = () => (looks.push(name), value);
      Object.defineProperty(globalThis, name, { configurable: true, get });
    }
    looks.length = 0; // Node itself looks, too, while they are put into place
    const kit = await import(${JSON.stringify(file)});
    const atImport = looks.splice(0);
    kit.createAuthClient?.().close();
    console.log(JSON.stringify({ atImport, atUse: looks }));
  `;
  const args = ['--no-warnings', '--input-type=module', '--eval', source];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const { atImport, atUse } = JSON.parse(stdout) as { atImport: string[]; atUse: string[] };
  // Were nothing seen at the use, the traps would not work.
  if (file.endsWith('index.js')) assert.ok(atUse.includes('WebAssembly'), atUse.join());
  return atImport;
}

for (const name of [
  'index.js',
  'external.js',
  'decode.js',
  'devtools.js',
  'svelte.js',
  'testing.js',
  'javascript.js',
]) {
  test(`P1 importing ${name} looks at nothing of the platform`, async () => {
    assert.deepEqual(await looksAtImport(packageFile(name)), []);
  });
}
