// build/demo/: the reference server as one file, and the page with its scripts.
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { filesOf } from '../lib/files.mjs';
import { root } from '../lib/run.mjs';

/** @type {import('./step.mjs').Step} */
export const demoServer = {
  name: 'demo server',
  inputs: () => [...filesOf('demo/server'), 'scripts/build/demo.mjs'],
  outputs: ['build/demo/server.mjs'],
  async run() {
    const esbuild = await import('esbuild');
    await esbuild.build({
      absWorkingDir: root,
      entryPoints: ['demo/server/main.ts'],
      outfile: 'build/demo/server.mjs',
      bundle: true,
      format: 'esm',
      target: 'node20',
      platform: 'node',
      packages: 'external',
      sourcemap: 'inline',
      logLevel: 'warning',
    });
  },
};

const pageFiles = () => filesOf('demo/page', /(?<!\/tsconfig\.json)$/);

/** @type {import('./step.mjs').Step} */
export const demoPage = {
  name: 'demo page',
  inputs: () => [...pageFiles(), 'scripts/build/demo.mjs'],
  outputs: ['build/demo/page/index.html'],
  async run() {
    const esbuild = await import('esbuild');
    rmSync(join(root, 'build/demo/page'), { recursive: true, force: true });
    for (const file of pageFiles().filter((path) => !path.endsWith('.ts'))) {
      const copy = join(root, 'build', file);
      mkdirSync(dirname(copy), { recursive: true });
      cpSync(join(root, file), copy);
    }
    await esbuild.build({
      absWorkingDir: root,
      // Scripts at the top; what they share stands in folders.
      entryPoints: filesOf('demo/page', /^demo\/page\/[^/]+(?<!\.d)\.ts$/),
      outdir: 'build/demo/page',
      bundle: true,
      format: 'esm',
      target: 'es2022',
      sourcemap: 'linked',
      // The package as it is published: the server hands dist/ out there.
      external: ['/bearerkit/*'],
      logLevel: 'warning',
    });
  },
};
