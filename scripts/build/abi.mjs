// build/generated/abi.ts: the numbers of the boundary, printed by the C++ that defines them.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesOf } from '../lib/files.mjs';
import { root, run } from '../lib/run.mjs';

/** @type {import('./step.mjs').Step} */
export const abi = {
  name: 'constants of the boundary',
  inputs: () => [...filesOf('bindings', /\.h$|print_abi\.cpp$/), ...filesOf('src', /\.h$/)],
  outputs: ['build/generated/abi.ts'],
  async run() {
    mkdirSync(join(root, 'build/generated'), { recursive: true });
    await run('c++', [
      '-std=c++20',
      '-Wall',
      '-Wextra',
      '-Werror',
      '-iquote',
      'src',
      'bindings/print_abi.cpp',
      '-o',
      'build/print_abi',
    ]);
    const { stdout } = await run(join(root, 'build/print_abi'), []);
    writeFileSync(join(root, 'build/generated/abi.ts'), stdout);
  },
};
