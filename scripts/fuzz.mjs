// npm run fuzz -- [target …] [--seconds N] [--at-once N]: the fuzzers of tests/fuzz.
import { parseArgs } from 'node:util';
import { CommandFailed, runMain } from './lib/run.mjs';
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
  const [seconds, atOnce] = [Number(values.seconds), Number(values['at-once'])];
  if (!(seconds >= 1 && atOnce >= 1)) {
    throw new CommandFailed('--seconds and --at-once take a number from 1 on', '');
  }
  await ensureSetup({ forTests: true });
  const { failed } = await fuzz({
    seconds,
    targets: positionals.length > 0 ? positionals : fuzzTargets(),
    atOnce,
  });
  if (failed > 0) process.exitCode = 1;
});
