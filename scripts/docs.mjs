// npm run docs: writes the API reference (docs/api) from the comments of js/, and the diagrams of
// docs/MACHINE.md from the machine's tables.
//   node scripts/docs.mjs [FOLDER]   only the reference, into another folder
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { npmTool, root, runMain } from './lib/run.mjs';
import { machineWithDiagrams, MACHINE } from './docs/machine.mjs';

/**
 * Comments link to docs/RULES.md. typedoc copies a linked file into the reference: link to the file
 * itself instead.
 * @param {string} folder
 */
async function writeReference(folder) {
  await npmTool('typedoc/bin/typedoc', '--out', folder);
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  for (const file of files.filter((name) => name.endsWith('.md'))) {
    const path = join(root, folder, file);
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replaceAll('_media/RULES.md#', '../RULES.md#'));
  }
  rmSync(join(root, folder, '_media'), { recursive: true, force: true });
}

await runMain(import.meta, async () => {
  const folder = process.argv[2];
  await writeReference(folder ?? 'docs/api');
  if (folder === undefined) writeFileSync(join(root, MACHINE), await machineWithDiagrams());
});
