// dist/cli/: the command `bearerkit`, one file beside the package, which it uses as an app would.
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { filesOf } from '../lib/files.mjs';
import { root } from '../lib/run.mjs';

const output = 'dist/cli/bearerkit.js';

/** @type {import('./step.mjs').Step} */
export const cli = {
  name: 'command',
  inputs: () => [...filesOf('cli'), 'scripts/build/cli.mjs'],
  outputs: [output],
  async run() {
    const esbuild = await import('esbuild');
    await esbuild.build({
      absWorkingDir: root,
      entryPoints: ['cli/main.ts'],
      outfile: output,
      bundle: true,
      format: 'esm',
      target: 'node20',
      platform: 'node',
      // Of this very package, by its own name.
      external: ['bearerkit'],
      charset: 'utf8',
      logLevel: 'warning',
    });
    chmodSync(join(root, output), 0o755);
  },
};
