import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';

const FILE = fileURLToPath(new URL('../../../docs/MATRIX.md', import.meta.url));

export type Table = 'browsers' | 'runtimes' | 'frameworks';

interface Row {
  /** Whether it passed. */
  readonly cells: Map<string, boolean>;
  readonly remark: string;
  /** What the page downloads of the package at first. */
  download?: string;
}

const tables: Record<Table, Map<string, Row>> = {
  browsers: new Map(),
  runtimes: new Map(),
  frameworks: new Map(),
};
const engines: string[] = [];

/** A cell, which has failed until the function that this gives is called. */
export function cell(table: Table, name: string, column: string, remark = ''): () => void {
  const row = tables[table].get(name) ?? { cells: new Map<string, boolean>(), remark };
  tables[table].set(name, row);
  row.cells.set(column, false);
  return () => void row.cells.set(column, true);
}

/** What a page has downloaded of the package before it was used. */
export function noteDownload(name: string, bytes: number): void {
  const row = tables.browsers.get(name);
  if (row !== undefined) row.download = `${(bytes / 1000).toFixed(1)} kB`;
}

/** In which version an engine is there: as much of it as its makers count releases by. */
export function noteEngine(engine: string, version: string): void {
  const parts = engine === 'WebKit' ? 2 : 1;
  engines.push(`${engine} ${version.split('.').slice(0, parts).join('.')}`);
}

/** docs/MATRIX.md: what has been seen to work, in this run. */
export async function writeMatrix(): Promise<void> {
  const text = `# Where it runs

\`npm run test:matrix\` writes this file. Every cell is the packed package in a fresh app. The app signs in at the
reference server, is refused, refreshes once, gets its answer, decodes a token, and signs out. A server
component only decodes. ✓ means passed; – means not tried.
\`wasm\` is the WebAssembly build of the core, \`js\` the JavaScript build, as in \`client.engine\`.

## Browsers

${engines.join(', ')}. The JavaScript build runs where the page's Content-Security-Policy allows no WebAssembly.

The last column is what a page downloads of the package at first, with the app's few lines, after brotli. The JavaScript build is
not in it: nobody who has WebAssembly downloads that. Only a service worker, which has no \`import()\`, takes it along.

${linesOf('browsers', 'download')}

## Runtimes

${linesOf('runtimes', 'WebAssembly in the column `js` is')}

## Frameworks

The apps of [the recipes](RECIPES.md#server-rendered-apps), built for production, each served by its own server, in Chromium: what the
server renders shows nobody and no form; nothing is shown while it is not known who is there; no error and no warning is in the console.

${linesOf('frameworks')}
`;
  writeFileSync(FILE, await format(text, { ...(await resolveConfig(FILE)), parser: 'markdown' }));
}

function linesOf(table: Table, remarks?: string): string {
  const rows = [...tables[table]];
  const columns = [...new Set(rows.flatMap(([, { cells }]) => [...cells.keys()]))];
  const line = (cells: string[], remark: string): string =>
    `| ${[...cells, ...(remarks === undefined ? [] : [remark])].join(' | ')} |`;
  const mark = (passed: boolean | undefined): string =>
    passed === undefined ? '–' : passed ? '✓' : 'FAILED';
  return [
    line(['', ...columns], remarks ?? ''),
    line(['---', ...columns.map(() => '---')], '---'),
    ...rows.map(([name, { cells, remark, download }]) =>
      line([name, ...columns.map((column) => mark(cells.get(column)))], download ?? remark),
    ),
  ].join('\n');
}
