// The examples of the documents and of the reference compile against the package's types, each as a
// module of its own. (Code of the tests that documents show is compiled where it stands.)
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesOf, groupsOf, read } from '../lib/files.mjs';
import { CommandFailed, npmTool, root, runMain } from '../lib/run.mjs';

const DOCUMENTS = ['README.md', 'docs/RECIPES.md'];
const GIVEN = 'tests/types/given_to_examples.d.ts';

/**
 * The examples of a document, in order.
 * @param {string} document
 */
export const examplesOf = (document) => groupsOf(read(document), /^```js\n([^]*?)^```$/gm);

/**
 * The examples in the comments of a source, in order: the lines of an `@example` up to the next tag.
 * @param {string} file
 */
const examplesInComments = (file) =>
  groupsOf(read(file), /@example((?:(?!\n *\*\/| \*\/|\n *\* @)[^])*)/g).map((text) =>
    text.replaceAll(/^ *\* ?/gm, '').trim(),
  );

/** @throws {CommandFailed} that says what does not compile, and where */
async function checkExamples() {
  const folder = join(root, 'build/examples');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const sources = filesOf('js', /\.ts$/).map((file) => ({
    file,
    examples: examplesInComments(file),
  }));
  const documents = DOCUMENTS.map((file) => ({ file, examples: examplesOf(file) }));
  const bare = documents.find(({ examples }) => examples.length === 0);
  if (bare !== undefined) throw new CommandFailed(`${bare.file} has no example`);
  for (const { file, examples } of [...documents, ...sources]) {
    const name = file.replaceAll(/\W/g, '_');
    for (const [i, code] of examples.entries()) {
      writeFileSync(join(folder, `${name}_${i + 1}.${typeOf(code)}`), `${code}\nexport {};\n`);
    }
  }
  const config = {
    extends: '../../tsconfig.json',
    // They are short, and in JavaScript, where a parameter has no type.
    compilerOptions: {
      noUnusedLocals: false,
      noImplicitAny: false,
      noPropertyAccessFromIndexSignature: false,
      jsx: 'react-jsx',
    },
    include: ['.', `../../${GIVEN}`],
    exclude: [],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  await npmTool('typescript/bin/tsc', '-p', folder);
}

// A component is JSX.
/** @param {string} code */
const typeOf = (code) => (code.includes('/>') ? 'tsx' : 'ts');

await runMain(import.meta, checkExamples);
