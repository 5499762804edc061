// npm run fuzz -- [target …] [--seconds N] [--at-once N] [--merge]: the fuzzers of tests/fuzz. With
// --merge none is run, but what earlier runs have found goes into the committed corpora.
import { parseArgs } from 'node:util';
import { CommandFailed, runMain } from './lib/run.mjs';
import { ensureSetup } from './setup.mjs';
import { buildFuzzers, fuzz, fuzzTargets } from './test/fuzz.mjs';
import { mergeCorpus } from './test/fuzz_merge.mjs';

await runMain(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seconds: { type: 'string', default: '60' },
      'at-once': { type: 'string', default: '2' },
      merge: { type: 'boolean', default: false },
    },
  });
  const [seconds, atOnce] = [Number(values.seconds), Number(values['at-once'])];
  if (!(seconds >= 1 && atOnce >= 1)) {
    throw new CommandFailed('--seconds and --at-once take a number from 1 on', '');
  }
  await ensureSetup({ forTests: true });
  const targets = positionals.length > 0 ? positionals : fuzzTargets();
  if (values.merge) {
    await buildFuzzers();
    for (const target of targets) await mergeCorpus(target);
    return;
  }
  const { failed } = await fuzz({ seconds, targets, atOnce });
  if (failed > 0) process.exitCode = 1;
});
