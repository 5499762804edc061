// The examples of the documents compile against the package's types, each as a module of its own.
// (Code of the tests that documents show is compiled where it stands.)
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { groupsOf, read } from '../lib/files.mjs';
import { CommandFailed, npmTool, root, runMain } from '../lib/run.mjs';

const DOCUMENTS = ['README.md', 'docs/RECIPES.md'];
const GIVEN = 'tests/types/given_to_examples.d.ts';

/**
 * The examples of a document, in order.
 * @param {string} document
 */
export const examplesOf = (document) => groupsOf(read(document), /^```js\n([^]*?)^```$/gm);

/** @throws {CommandFailed} that says what does not compile, and where */
async function checkExamples() {
  const folder = join(root, 'build/examples');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const document of DOCUMENTS) {
    const examples = examplesOf(document);
    if (examples.length === 0) throw new CommandFailed(`${document} has no example`);
    const name = document.replaceAll(/\W/g, '_');
    for (const [i, code] of examples.entries()) {
      writeFileSync(join(folder, `${name}_${i + 1}.ts`), `${code}export {};\n`);
    }
  }
  const config = {
    extends: '../../tsconfig.json',
    // They are JavaScript: a parameter has no type there.
    compilerOptions: { noUnusedLocals: false, noImplicitAny: false },
    include: ['.', `../../${GIVEN}`],
    exclude: [],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  await npmTool('typescript/bin/tsc', '-p', folder);
}

await runMain(import.meta, checkExamples);
