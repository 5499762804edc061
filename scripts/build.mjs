// npm run build [-- --tests]: the core as WebAssembly, the package in dist/, the demo in build/demo/.
// What is made of what, and how, stands in scripts/cmake/package.cmake; Ninja does what is due.
// With --tests it sees to it that what the tests need is there, too.
import { cmakeBuild } from './lib/cmake.mjs';
import { runMain } from './lib/run.mjs';
import { ensureSetup } from './setup.mjs';

/** @param {{ forTests: boolean }} what */
export async function build(what) {
  await ensureSetup(what);
  await cmakeBuild('wasm', { targets: ['dist'] });
}

await runMain(import.meta, () => build({ forTests: process.argv.includes('--tests') }));
