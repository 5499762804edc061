// The code that documents show, between the lines <!-- code path --> and <!-- end -->, is a file that
// the tests run. `npm run format` puts it there, by this script; `npm run lint` tells when it is another.
import { writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { filesOf, read } from '../lib/files.mjs';
import { root, runMain } from '../lib/run.mjs';

const EMBEDDED = /^(<!-- code (\S+) -->)\n[^]*?^<!-- end -->$/gm;

/** The documents that show other code than the files hold, with what they ought to be. */
const staleDocuments = () =>
  [...filesOf('README.md'), ...filesOf('docs', /\.md$/)]
    .map((file) => {
      const text = read(file).replaceAll(
        EMBEDDED,
        (_, /** @type {string} */ begin, /** @type {string} */ source) =>
          `${begin}\n\n\`\`\`${extname(source).slice(1)}\n${read(source).trimEnd()}\n\`\`\`\n\n<!-- end -->`,
      );
      return { file, text };
    })
    .filter(({ file, text }) => text !== read(file));

/** @returns {string[]} complaints */
export const checkEmbeddedCode = () =>
  staleDocuments().map(({ file }) => `${file}: other code than the files; npm run format mends it`);

await runMain(import.meta, () => {
  for (const { file, text } of staleDocuments()) writeFileSync(join(root, file), text);
});
