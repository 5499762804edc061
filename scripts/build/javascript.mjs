// dist/javascript.js: the core as JavaScript, made by Binaryen's wasm2js from the very module that ships.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { minify } from 'terser';
import { root } from '../lib/run.mjs';
import { banner } from './banner.mjs';
import { binaryen } from './binaryen.mjs';

const [module, written] = ['build/wasm/bearerkit.wasm', join(root, 'build/wasm/javascript.js')];
await binaryen('wasm2js', '-Oz', module, '-o', written);
const code = mended(readFileSync(written, 'utf8'));
// Names and white space only: rearranged, a look at HEAP32 might come before a call again.
const minified = await minify(code, { module: true, ecma: 2020, compress: false });
mkdirSync(join(root, 'dist'), { recursive: true });
writeFileSync(join(root, 'dist/javascript.js'), `${banner()}${minified.code ?? ''}\n`);

/** @param {string} code of wasm2js */
function mended(code) {
  let text = code;
  /** @type {(what: RegExp, by: string) => void} */
  const replace = (what, by) => {
    if (!what.test(text)) throw new Error(`wasm2js has not written ${String(what)}`);
    text = text.replace(what, by);
  };
  // All exports as one object, which js/core.ts takes as it does those of WebAssembly.
  replace(/^var retasmFunc = (asmFunc\(.*?\);)$.*/ms, 'export default $1');
  // Memory that is left for a larger one is wiped, as what the core frees is.
  replace(/^( *)newHEAP8\.set\(HEAP8\);$/m, '$&\n$1HEAP8.fill(0);');
  return looksAfterCalls(text);
}

/**
 * `HEAP32[f()]` looks at HEAP32 first and calls f after that: had f made memory grow, this would
 * read of what was left. wasm2js (version 132, too) sees to it where it writes, but not where it
 * reads. The arguments of a function come before its body: `readHEAP32(f())`.
 * @param {string} code
 */
function looksAfterCalls(code) {
  const views = new Set();
  let text = code;
  // From the end, so that what is inside of another is done first.
  for (const { 0: opening, 1: view, index } of [...code.matchAll(/\b(HEAP\w+)\[/g)].reverse()) {
    const begin = index + opening.length;
    const end = closing(text, begin);
    const inside = text.slice(begin, end);
    if (!/[\w$]\(/.test(inside)) continue;
    if (/^\s*=(?!=)/.test(text.slice(end + 1))) {
      throw new Error(`wasm2js writes to where a call says: ${opening}${inside}]`);
    }
    views.add(view);
    text = `${text.slice(0, index)}read${view}(${inside})${text.slice(end + 1)}`;
  }
  const readers = [...views].map((view) => `function read${view}(at) { return ${view}[at]; }\n`);
  return text.replace(/^(function asmFunc\(.*\{\n)/m, (begin) => begin + readers.join(''));
}

/**
 * Where the bracket before `begin` is closed.
 * @param {string} text
 * @param {number} begin
 */
function closing(text, begin) {
  let depth = 1;
  for (let at = begin; ; at++) {
    if (text[at] === '[') depth++;
    else if (text[at] === ']') depth--;
    if (depth === 0) return at;
  }
}
