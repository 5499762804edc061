// The diagrams of docs/MACHINE.md are made from the machine's tables.
import { read } from '../lib/files.mjs';
import { cmakeBuild } from '../lib/cmake.mjs';
import { run } from '../lib/run.mjs';

export const MACHINE = 'docs/MACHINE.md';

/** The document as it should be. */
export async function machineWithDiagrams() {
  await cmakeBuild('lint', { targets: ['print_tables'] });
  const { stdout } = await run('build/lint/print_tables', []);
  let text = read(MACHINE);
  for (const printed of stdout.split(/^## /m).slice(1)) {
    const [name = '', ...lines] = printed.trimEnd().split('\n');
    const place = new RegExp(`(<!-- table: ${name} -->\n).*?(<!-- end -->)`, 's');
    const diagram = ['', '```mermaid', ...lines, '```', '', ''].join('\n');
    if (!place.test(text)) throw new Error(`${MACHINE} has no place for the table ${name}`);
    text = text.replace(place, (_, begin, end) => `${begin}${diagram}${end}`);
  }
  return text;
}

/** @returns {Promise<string[]>} complaints */
export async function checkMachine() {
  const current = (await machineWithDiagrams()) === read(MACHINE);
  return current ? [] : [`${MACHINE} does not show the tables as they are: run npm run docs`];
}
