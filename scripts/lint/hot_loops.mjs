// The loops over a token's bytes are made fast (CMakeLists.txt): none of their functions may be barred
// from inlining, or be made small instead. emcc bars by an option that it adds without a word
// (-fno-inline-functions, at -Oz), so what counts is what the compiler has made of it.
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { root, run } from '../lib/run.mjs';

const HOT = ['base64url.cpp', 'json_scanner.cpp', 'utf8.cpp'];

const FOLDER = join(root, 'build/wasm');
const BARRED = /\b(?:noinline|minsize|optsize)\b/;

/** @returns {Promise<string[]>} complaints */
export async function checkHotLoops() {
  /** @type {unknown} */
  const all = JSON.parse(readFileSync(join(FOLDER, 'compile_commands.json'), 'utf8'));
  const commands = /** @type {{ command: string, file: string }[]} */ (all);
  const checks = HOT.map(async (name) => {
    const found = commands.find(({ file }) => file === join(root, 'src/formats', name));
    return found === undefined ? [`${name} is not compiled`] : await complaintsAbout(found);
  });
  return (await Promise.all(checks)).flat();
}

/** @param {{ command: string, file: string }} compilation */
async function complaintsAbout({ command, file }) {
  const [compiler = '', ...args] = command
    .replace(/ -o \S+ -c /, ' -S -emit-llvm -o - ')
    .split(' ');
  const { stdout } = await run(compiler, args, { cwd: FOLDER });
  const attributes = new Map(
    [...stdout.matchAll(/^attributes (#\d+) = \{(.*)\}$/gm)].map(([, id, words]) => [id, words]),
  );
  const functions = [...stdout.matchAll(/^define .*?@(\w+)\(.* (#\d+)[^#\n]*\{$/gm)];
  if (functions.length === 0) return [`${basename(file)}: the compiler names no function`];
  return functions.flatMap(([, name, id]) => {
    const word = BARRED.exec(attributes.get(id) ?? '')?.[0];
    return word === undefined ? [] : [`${basename(file)}: ${name} is ${word}`];
  });
}
