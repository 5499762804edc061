// npm run build: the core as WebAssembly, the package in dist/, the demo in build/demo/.
// Each step is skipped when its inputs are as they were.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { abi } from './build/abi.mjs';
import { demoPage, demoServer } from './build/demo.mjs';
import { inline } from './build/inline.mjs';
import { declarations, library } from './build/library.mjs';
import { runStep } from './build/step.mjs';
import { wasm } from './build/wasm.mjs';
import { withBuildLock } from './lib/lock.mjs';
import { isMain, root, runMain } from './lib/run.mjs';
import { ensureSetup } from './setup.mjs';

/** @returns {Promise<boolean>} whether anything was done */
export function build() {
  return withBuildLock(async () => {
    /** @param {string} path */
    const has = (path) => existsSync(join(root, path));
    let done = false;
    done = (await runStep(abi)) || done;
    done = (await runStep(wasm)) || done;
    done = (await runStep(inline)) || done;
    // TODO: these conditions go once the parts are all there.
    if (has('js/index.ts')) {
      const results = await Promise.all([runStep(library), runStep(declarations)]);
      done = results.includes(true) || done;
    }
    if (has('demo/server/main.ts')) done = (await runStep(demoServer)) || done;
    if (has('demo/page/index.html')) done = (await runStep(demoPage)) || done;
    return done;
  });
}

if (isMain(import.meta)) {
  await runMain(async () => {
    await ensureSetup({ forTests: false });
    if (!(await build())) console.log('build: everything is up to date');
  });
}
