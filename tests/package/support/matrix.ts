import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// Rows, columns and cells in the order in which they passed.
const passed = new Map<string, Set<string>>();

/** Writes down that it worked. */
export function note(row: string, ...column: string[]): void {
  const cells = passed.get(row) ?? new Set();
  passed.set(row, cells.add(column.join(', ')));
}

/** docs/MATRIX.md: what has been seen to work, in this run. */
export function writeMatrix(): void {
  const columns = [...new Set([...passed.values()].flatMap((cells) => [...cells]))];
  const line = (cells: string[]): string => `| ${cells.join(' | ')} |`;
  const rows = [...passed].map(([row, cells]) =>
    line([row, ...columns.map((column) => (cells.has(column) ? '✓' : 'FAILED'))]),
  );
  const text = [
    '# What it was seen to run in',
    '',
    'Made by `npm run test:matrix`: every cell is the packed package in a fresh app, which signs in at the',
    'reference server, is refused, refreshes, is answered, and signs out.',
    '',
    line(['', ...columns]),
    line(['---', ...columns.map(() => '---')]),
    ...rows,
    '',
  ].join('\n');
  writeFileSync(fileURLToPath(new URL('../../../docs/MATRIX.md', import.meta.url)), text);
}
