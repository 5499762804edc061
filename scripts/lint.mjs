// npm run lint: layout, types and mistakes, in all languages. A check that passed is not run again
// until one of its files changes.
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { build } from './build.mjs';
import { configure } from './build/wasm.mjs';
import { allDocuments, checkLinks, checkReference } from './docs.mjs';
import { checkEmbeddedCode, documents, embeddedFiles } from './embed_code.mjs';
import { filesOf, hashOf } from './lib/files.mjs';
import { elapsed, messageOf, runLimited, withHeartbeat } from './lib/progress.mjs';
import { isMain, root, run, runMain } from './lib/run.mjs';
import { isDone, markDone } from './lib/stamps.mjs';
import { checkErrors, errorsInputs } from './lint/errors.mjs';
import { checkExamples, examplesInputs } from './lint/examples.mjs';
import { checkRules, rulesInputs } from './lint/rules.mjs';
import { ensureSetup } from './setup.mjs';

/**
 * @typedef {object} Check
 * @property {string} name
 * @property {string[]} inputs
 * @property {() => unknown} run
 */

const cpp = () => ['src', 'bindings', 'tests'].flatMap((folder) => filesOf(folder, /\.(cpp|h)$/));
const web = () => [
  ...['js', 'cli', 'demo', 'tests', 'scripts'].flatMap((folder) =>
    filesOf(folder, /\.(ts|mjs|js|json)$/),
  ),
  ...filesOf('build/generated'),
  ...filesOf('dist', /\.d\.ts$/),
  ...['tsconfig.base.json', 'tsconfig.json', 'eslint.config.js', 'package.json'],
];

/**
 * A program of node_modules, by Node itself: their start files are no programs on every system.
 * @param {string} file
 * @param {string[]} args
 */
const npmTool = (file, ...args) => run(process.execPath, [`node_modules/${file}`, ...args]);

/** @returns {Check[]} */
function checks() {
  const laidOut = ['docs', 'README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'].flatMap(
    (file) => filesOf(file),
  );
  const projects = ['.', 'js', 'cli', 'demo/server', 'demo/page', 'tests/recipes'].filter(
    (folder) => existsSync(join(root, folder, 'tsconfig.json')),
  );
  return [
    {
      name: 'prettier',
      inputs: [...web(), ...laidOut, ...filesOf('demo'), '.prettierrc.json', '.prettierignore'],
      run: () => npmTool('prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'),
    },
    {
      name: 'clang-format',
      inputs: [...cpp(), '.clang-format'],
      run: () => run('clang-format', ['--dry-run', '-Werror', ...cpp()]),
    },
    {
      name: 'code in documents',
      inputs: [...documents(), ...embeddedFiles(), 'scripts/embed_code.mjs'],
      run: checkEmbeddedCode,
    },
    {
      name: 'API reference',
      inputs: [...web(), ...filesOf('docs/api'), 'typedoc.json', 'scripts/docs.mjs'],
      run: checkReference,
    },
    {
      name: 'links in documents',
      inputs: [...allDocuments(), 'scripts/docs.mjs'],
      run: checkLinks,
    },
    { name: 'examples in documents', inputs: examplesInputs(), run: checkExamples },
    { name: 'docs/ERRORS.md', inputs: errorsInputs(), run: checkErrors },
    { name: 'rules and their tests', inputs: rulesInputs(), run: checkRules },
    { name: 'eslint', inputs: web(), run: () => npmTool('eslint/bin/eslint.js', '.') },
    ...projects.map((folder) => ({
      name: `tsc ${folder}`,
      inputs: web(),
      run: () => npmTool('typescript/bin/tsc', '-p', folder),
    })),
    ...filesOf('src', /\.cpp$/)
      .concat(filesOf('bindings', /\/(?!print_abi|wasm_)\w+\.cpp$/))
      .map((file) => ({
        name: `clang-tidy ${file}`,
        inputs: [file, ...cpp().filter((path) => path.endsWith('.h')), '.clang-tidy'],
        run: () => run('clang-tidy', ['--quiet', '-p', 'build/native', file]),
      })),
  ];
}

/** @returns {Promise<{ passed: number, failed: number }>} */
export async function lint() {
  await configure('native'); // clang-tidy reads its list of commands
  const begin = performance.now();
  const all = checks().map((check) => ({ ...check, key: hashOf(check.inputs) }));
  const due = all.filter((check) => !isDone(`lint ${check.name}`, check.key));
  const running = new Set();
  let failed = 0;
  const tasks = due.map((check) => async () => {
    running.add(check.name);
    try {
      await check.run();
      markDone(`lint ${check.name}`, check.key);
    } catch (error) {
      failed++;
      console.log(`lint: ${check.name} FAILED\n${messageOf(error)}\n`);
    }
    running.delete(check.name);
  });
  await withHeartbeat(
    () => `lint: ${[...running].join(', ')}`,
    () => runLimited(tasks, availableParallelism()),
  );
  const unchanged = all.length - due.length;
  console.log(
    `lint: ${all.length - failed} checks in order, ${failed} not` +
      ` (${unchanged} unchanged since they last were; ${elapsed(begin)})`,
  );
  return { passed: all.length - failed, failed };
}

if (isMain(import.meta)) {
  await runMain(async () => {
    await ensureSetup({ forTests: true });
    await build();
    if ((await lint()).failed > 0) process.exitCode = 1;
  });
}
