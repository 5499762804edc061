// npm run test:matrix: the packed package with every bundler in every engine and in every runtime, on
// WebAssembly and on the twin. Writes what came of it into docs/MATRIX.md.
import { build } from './build.mjs';
import { runMain } from './lib/run.mjs';
import { ensureSetup } from './setup.mjs';
import { nodeSuite } from './test/node.mjs';

await runMain(async () => {
  await ensureSetup({ forTests: true });
  await build();
  const { failed } = await nodeSuite('package', { atOnce: 1, env: { BEARERKIT_MATRIX: 'all' } });
  if (failed > 0) process.exitCode = 1;
});
