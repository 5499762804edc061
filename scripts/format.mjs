// npm run format: lays out all files as `npm run lint` wants them.
import { embedCode } from './embed_code.mjs';
import { filesOf } from './lib/files.mjs';
import { run, runMain } from './lib/run.mjs';
import { ensureSetup } from './setup.mjs';

await runMain(async () => {
  await ensureSetup({ forTests: true });
  const cpp = ['src', 'bindings', 'tests'].flatMap((folder) => filesOf(folder, /\.(cpp|h)$/));
  await run('clang-format', ['-i', ...cpp]);
  await run(process.execPath, [
    'node_modules/prettier/bin/prettier.cjs',
    '--write',
    '--log-level',
    'warn',
    '.',
  ]);
  embedCode(); // last: code that is laid out well
});
