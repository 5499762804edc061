// A new embedded database, by copy: PGlite takes seconds to make one, and every suite wants its own.
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const { devDependencies } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
  devDependencies: Record<string, string>;
};
const BUILD = path.join(ROOT, 'build/tests');
const BLANK = path.join(BUILD, `pglite-${devDependencies['@electric-sql/pglite'] ?? ''}`);

/** Puts a database without tables into `folder`, which must not be there yet. */
export async function copyBlankDatabase(folder: string): Promise<void> {
  if (!existsSync(BLANK)) await makeBlank();
  cpSync(BLANK, folder, { recursive: true });
}

// Under a name of its own until it is whole; another process may do the same, and be first.
async function makeBlank(): Promise<void> {
  mkdirSync(BUILD, { recursive: true });
  const draft = mkdtempSync(path.join(BUILD, 'draft-'));
  const data = path.join(draft, 'pglite');
  await (await PGlite.create(data)).close();
  try {
    renameSync(data, BLANK);
  } catch (error) {
    if (!existsSync(BLANK)) throw error;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}
