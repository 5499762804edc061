// npm run fuzz -- [target …] [--seconds N] [--at-once N]: the fuzzers of tests/fuzz.
import { parseArgs } from 'node:util';
import { runMain } from './lib/run.mjs';
import { ensureSetup } from './setup.mjs';
import { fuzz, fuzzTargets } from './test/fuzz.mjs';

await runMain(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seconds: { type: 'string', default: '60' },
      'at-once': { type: 'string', default: '2' },
    },
  });
  await ensureSetup({ forTests: true });
  const { failed } = await fuzz({
    seconds: Number(values.seconds),
    targets: positionals.length > 0 ? positionals : fuzzTargets(),
    atOnce: Number(values['at-once']),
  });
  if (failed > 0) process.exitCode = 1;
});
