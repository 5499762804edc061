// npm run docs: writes the API reference (docs/api) from the comments of js/. `npm run lint` checks that
// it is up to date, and that links in the documents lead somewhere.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { build } from './build.mjs';
import { filesOf } from './lib/files.mjs';
import { CommandFailed, isMain, root, run, runMain } from './lib/run.mjs';
import { ensureSetup } from './setup.mjs';

const REFERENCE = 'docs/api';

/** The documents that people read. */
export const allDocuments = () =>
  ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', 'docs', 'demo'].flatMap((path) =>
    filesOf(path, /\.md$/),
  );

/**
 * Comments link to docs/RULES.md. typedoc copies a linked file into the reference: link to the file
 * itself instead.
 * @param {string} folder
 */
async function makeReference(folder) {
  await run(process.execPath, ['node_modules/typedoc/bin/typedoc', '--out', folder]);
  for (const file of filesOf(folder, /\.md$/)) {
    writeFileSync(join(root, file), read(file).replaceAll('_media/RULES.md#', '../RULES.md#'));
  }
  rmSync(join(root, folder, '_media'), { recursive: true, force: true });
}

/** Fails where the reference is not what the comments say. */
export async function checkReference() {
  const fresh = 'build/docs/api';
  await makeReference(fresh);
  const names = new Set(
    [fresh, REFERENCE].flatMap((folder) => filesOf(folder).map((file) => relative(folder, file))),
  );
  for (const name of names) {
    if (read(join(fresh, name)) !== read(join(REFERENCE, name))) {
      throw new CommandFailed(`${REFERENCE}/${name} is out of date: npm run docs writes it`, '');
    }
  }
}

/** @param {string} file */
const read = (file) => (existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8') : '');

/** Fails for a link to a file or a heading that is not there. Other sites are not asked. */
export function checkLinks() {
  const dead = allDocuments().flatMap((file) =>
    linksOf(read(file))
      .filter((link) => !leadsSomewhere(file, link))
      .map((link) => `${file}: ${link}`),
  );
  if (dead.length > 0) throw new CommandFailed(`Links that lead nowhere:\n${dead.join('\n')}`, '');
}

/** @param {string} text */
function linksOf(text) {
  const prose = text.replaceAll(/^```[^]*?^```/gm, '').replaceAll(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^()\s]+)\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => !/^[a-z]+:/.test(link));
}

/**
 * @param {string} from
 * @param {string} link
 */
function leadsSomewhere(from, link) {
  const [path = '', heading] = link.split('#');
  const target = path === '' ? from : normalize(join(dirname(from), path));
  if (!existsSync(join(root, target))) return false;
  return heading === undefined || headingsOf(read(target)).has(heading);
}

/**
 * The anchors that headings have, as GitHub makes them.
 * @param {string} text
 */
function headingsOf(text) {
  /** @type {Set<string>} */
  const anchors = new Set([...text.matchAll(/<a id="([^"]+)">/g)].map(([, id = '']) => id));
  for (const [, title = ''] of text.replaceAll(/^```[^]*?^```/gm, '').matchAll(/^#+ +(.+)$/gm)) {
    const anchor = title
      .trim()
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-');
    let unique = anchor;
    for (let count = 1; anchors.has(unique); count++) unique = `${anchor}-${count}`;
    anchors.add(unique);
  }
  return anchors;
}

if (isMain(import.meta)) {
  await runMain(async () => {
    await ensureSetup({ forTests: true });
    await build();
    await makeReference(REFERENCE);
  });
}
