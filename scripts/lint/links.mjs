// Links in the documents lead to files and headings that are there. Other sites are not asked.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { filesOf, groupsOf, read } from '../lib/files.mjs';
import { root } from '../lib/run.mjs';

const DOCUMENTS = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', 'docs', 'demo'];

/** @returns {string[]} the dead links */
export const checkLinks = () =>
  DOCUMENTS.flatMap((path) => filesOf(path, /\.md$/)).flatMap((file) =>
    linksOf(file)
      .filter((link) => !leadsSomewhere(file, link))
      .map((link) => `${file}: ${link} leads nowhere`),
  );

/**
 * A document without its blocks of code.
 * @param {string} file
 */
const proseOf = (file) => read(file).replaceAll(/^```[^]*?^```/gm, '');

/** @param {string} file */
const linksOf = (file) =>
  groupsOf(proseOf(file).replaceAll(/`[^`\n]*`/g, ''), /\]\(([^()\s]+)\)/g).filter(
    (link) => !/^[a-z]+:/.test(link),
  );

/**
 * @param {string} from
 * @param {string} link
 */
function leadsSomewhere(from, link) {
  const [path = '', heading] = link.split('#');
  const target = path === '' ? from : join(dirname(from), path);
  if (!existsSync(join(root, target))) return false;
  return heading === undefined || headingsOf(target).has(heading);
}

/**
 * The anchors that headings have, as GitHub makes them.
 * @param {string} file
 */
function headingsOf(file) {
  const anchors = new Set(groupsOf(read(file), /<a id="([^"]+)">/g));
  for (const title of groupsOf(proseOf(file), /^#+ +(.+)$/gm)) {
    const words = title.trim().toLowerCase();
    const anchor = words.replaceAll(/[^\p{L}\p{N}_ -]/gu, '').replaceAll(' ', '-');
    let unique = anchor;
    for (let count = 1; anchors.has(unique); count++) unique = `${anchor}-${count}`;
    anchors.add(unique);
  }
  return anchors;
}
