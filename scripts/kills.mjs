// npm run test:kills -- [--seed N] [--kills N]: the long form of tests/browser/kill.test.ts.
import { parseArgs } from 'node:util';
import { build } from './build.mjs';
import { CommandFailed, runMain } from './lib/run.mjs';
import { nodeSuite } from './test/node.mjs';

await runMain(import.meta, async () => {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: String(Date.now() % 2 ** 32) },
      kills: { type: 'string', default: '50' },
    },
  });
  const { seed, kills } = values;
  if (!/^\d+$/.test(seed) || !/^[1-9]\d*$/.test(kills)) {
    throw new CommandFailed('--seed and --kills take a whole number');
  }
  await build({ forTests: true });
  console.log(`kills: again with npm run test:kills -- --seed ${seed} --kills ${kills}`);
  const { failed } = await nodeSuite('browser', {
    files: /\/kill\.test\.ts$/,
    env: { BEARERKIT_SEED: seed, BEARERKIT_KILLS: kills },
  });
  if (failed > 0) process.exitCode = 1;
});
