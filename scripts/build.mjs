// npm run build: the core as WebAssembly, the package in dist/, the demo in build/demo/.
// Each step is skipped when its inputs are as they were.
import { abi } from './build/abi.mjs';
import { cli } from './build/cli.mjs';
import { demoPage, demoServer } from './build/demo.mjs';
import { inline } from './build/inline.mjs';
import { declarations, library } from './build/library.mjs';
import { runStep } from './build/step.mjs';
import { twin } from './build/twin.mjs';
import { wasm } from './build/wasm.mjs';
import { withBuildLock } from './lib/lock.mjs';
import { isMain, runMain } from './lib/run.mjs';
import { ensureSetup } from './setup.mjs';

/** @returns {Promise<boolean>} whether anything was done */
export function build() {
  return withBuildLock(async () => {
    // In this order, as each reads what those before it made.
    let done = false;
    for (const step of [abi, wasm, inline]) done = (await runStep(step)) || done;
    const rest = [library, twin, declarations, cli, demoServer, demoPage];
    const results = await Promise.all(rest.map((step) => runStep(step)));
    return results.includes(true) || done;
  });
}

if (isMain(import.meta)) {
  await runMain(async () => {
    await ensureSetup({ forTests: false });
    if (!(await build())) console.log('build: everything is up to date');
  });
}
