// build/site: the documents as a site, by VitePress. It fails for a link that leads nowhere.
//   node scripts/docs/site.mjs
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { filesOf, read } from '../lib/files.mjs';
import { root, run, runMain } from '../lib/run.mjs';

const SITE = 'scripts/docs/site';
const STAGE = 'build/site_pages';
const OUTPUT = 'build/site';

// How it is made is for those who have the repository.
const FOR_CONTRIBUTORS = ['docs/MACHINE.md', 'docs/FAULTS.md'];
const PAGES = ['README.md', 'CHANGELOG.md', 'SECURITY.md', ...filesOf('docs', /\.md$/)].filter(
  (file) => !FOR_CONTRIBUTORS.includes(file),
);
const PICTURES = [...filesOf('docs', /\.(?:svg|png)$/)];

/** Builds the site. */
export async function buildSite() {
  rmSync(join(root, STAGE), { recursive: true, force: true });
  for (const file of PAGES) write(file, linked(read(file), file));
  for (const file of PICTURES) write(file, readFileSync(join(root, file)));
  cpSync(join(root, SITE, 'config.mjs'), join(root, STAGE, '.vitepress/config.mjs'));
  write('.vitepress/chapters.json', JSON.stringify(chaptersOfDemo()));
  symlinkSync(join(root, SITE, 'node_modules'), join(root, STAGE, 'node_modules'), 'dir');
  const tool = join(root, SITE, 'node_modules/vitepress/bin/vitepress.js');
  await run(process.execPath, [tool, 'build', STAGE, '--outDir', join(root, OUTPUT)]);
  console.log(`docs: the site is in ${OUTPUT}`);
}

/** Of each its deep link and its title, in their order. */
function chaptersOfDemo() {
  return filesOf('demo/page/chapters', /chapter\.ts$/).map((file) => {
    const [, id, title] = /^ {2}id: '(.+)',\n {2}title: '(.+)',$/m.exec(read(file)) ?? [];
    if (title === undefined) throw new Error(`docs: ${file} has no id and title`);
    return { id, title };
  });
}

/**
 * @param {string} file
 * @param {string | Buffer} content
 */
function write(file, content) {
  const path = join(root, STAGE, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

/**
 * A page with its links to what is no page leading to the repository.
 * @param {string} text
 * @param {string} file
 */
function linked(text, file) {
  return text.replaceAll(/\]\(([^()\s#:]+)(#[^()\s]*)?\)/g, (all, /** @type {string} */ path) => {
    const target = join(dirname(file), path);
    if (PAGES.includes(target) || PICTURES.includes(target)) return all;
    return `](${repository()}/blob/main/${target})`;
  });
}

function repository() {
  /** @type {unknown} */
  const manifest = JSON.parse(read('package.json'));
  return /** @type {{ homepage: string }} */ (manifest).homepage;
}

await runMain(import.meta, buildSite);
