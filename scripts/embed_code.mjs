// The code that documents show, between the lines <!-- code path --> and <!-- end -->, is a file that
// the tests run. `npm run format` puts it there; `npm run lint` tells when it is another.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesOf } from './lib/files.mjs';
import { CommandFailed, root } from './lib/run.mjs';

const EMBEDDED = /^(<!-- code (\S+) -->)\n[^]*?^<!-- end -->$/gm;

/** @param {string} file */
const read = (file) => readFileSync(join(root, file), 'utf8');

export const documents = () => [...filesOf('README.md'), ...filesOf('docs', /\.md$/)];

/** The files whose code stands in the documents. */
export const embeddedFiles = () =>
  documents().flatMap((file) => [...read(file).matchAll(EMBEDDED)].map((match) => match[2] ?? ''));

/**
 * A document with the code as it is now.
 * @param {string} document
 */
function withCode(document) {
  return read(document).replaceAll(
    EMBEDDED,
    (_, /** @type {string} */ begin, /** @type {string} */ file) =>
      `${begin}\n\n\`\`\`ts\n${read(file).trimEnd()}\n\`\`\`\n\n<!-- end -->`,
  );
}

export function embedCode() {
  for (const document of documents()) {
    const text = withCode(document);
    if (text !== read(document)) writeFileSync(join(root, document), text);
  }
}

/** @throws {CommandFailed} when a document shows other code than the files hold */
export async function checkEmbeddedCode() {
  const stale = documents().filter((document) => withCode(document) !== read(document));
  if (stale.length > 0) {
    throw new CommandFailed('Run `npm run format`: it puts the code there.', stale.join('\n'));
  }
}
