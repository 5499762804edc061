// P1, P2: the package without a page, on servers and at the edge, as WebAssembly and as JavaScript.
import assert from 'node:assert/strict';
import { cpSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { before, test } from 'node:test';
import type { DemoServer } from '../browser/support/demo_server.ts';
import { CORES } from './support/cores.ts';
import { directly, installTools, makeEmptyApp, run, type Workshop } from './support/fresh_app.ts';
import { cell } from './support/matrix.ts';
import { success } from './support/result.ts';
import { checkInDeno, chosenRuntimes, NEW_NODE } from './support/runtimes.ts';

const APP = fileURLToPath(new URL('app', import.meta.url));

/** `matrix` says which, see chosenRuntimes. */
export function runtimes(workshop: () => Workshop, api: () => DemoServer, matrix: string): void {
  const chosen = chosenRuntimes(matrix);
  let folder = '';
  before(async () => {
    folder = await makeEmptyApp(workshop(), 'runtimes');
    cpSync(APP, folder, { recursive: true });
    for (const name of new Set(chosen.flatMap(({ tools = [] }) => tools))) {
      await installTools(workshop(), name);
    }
  });

  for (const runtime of chosen) {
    for (const core of runtime.cores ?? CORES) {
      const passed = cell('runtimes', runtime.name, core, runtime.remark);
      test(`P1 P2 ${runtime.name}, core as ${core}`, async () => {
        await api().resetStats();
        const place = { workshop: workshop(), folder, api: directly(api().origin) };
        const said = await runtime.run(place, core);
        assert.deepEqual(parsed(said), success(core));
        assert.equal((await api().stats()).refreshRequests, 1);
        passed();
      });
    }
  }

  const isChosen = (word: string): boolean => chosen.some(({ name }) => name.includes(word));
  if (isChosen('Deno')) {
    test('P4 F18 the types compile in those of Deno', async () => {
      await checkInDeno({ workshop: workshop(), folder }, 'own_fetch.ts');
    });
  }
  if (!isChosen(NEW_NODE.version)) return;
  test(`P4 Node ${NEW_NODE.version} has it by require()`, async () => {
    writeFileSync(
      path.join(folder, 'require.cjs'),
      "console.log(typeof require('bearerkit').createAuthClient);",
    );
    const said = await run(NEW_NODE.program(workshop()), ['require.cjs'], folder);
    assert.equal(said, 'function\n');
  });
}

/** Where it is no JSON it says what went wrong. */
function parsed(said: string): unknown {
  try {
    return JSON.parse(said);
  } catch {
    return said;
  }
}
