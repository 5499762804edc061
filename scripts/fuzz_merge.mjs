// Keeps the corpora of tests/fuzz small: of what is there and what fuzzing has found, those inputs
// stay that show the most. Inputs that somebody has given a name always stay.
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { root, run } from './lib/run.mjs';

const MOST_FILES = 60;
const MOST_BYTES = 1024;

/**
 * What libFuzzer writes to its control file while it merges: the names of the files, and for each
 * the features that it reaches.
 * @param {string} text
 */
function readFeatures(text) {
  const lines = text.split('\n');
  const count = Number(lines[0]);
  const files = lines.slice(2, 2 + count).map((file) => ({ file, features: new Set([0]) }));
  for (const line of lines.slice(2 + count)) {
    const [word, place, ...features] = line.split(' ');
    const file = files[Number(place)];
    if (word === 'FT' && file !== undefined) file.features = new Set(features.map(Number));
  }
  return files;
}

/**
 * Those with a name, then again and again the one that shows the most that none before it did.
 * @param {ReturnType<typeof readFeatures>} inputs
 */
function choose(inputs) {
  const isNamed = (/** @type {string} */ file) => !/^[0-9a-f]{40}$/.test(basename(file));
  const kept = inputs.filter(({ file }) => isNamed(file));
  const left = inputs.filter(({ file }) => !isNamed(file));
  const seen = new Set(kept.flatMap(({ features }) => [...features]));
  while (kept.length < MOST_FILES) {
    for (const { features } of left) for (const feature of seen) features.delete(feature);
    const best = left.toSorted((a, b) => b.features.size - a.features.size)[0];
    if (best === undefined || best.features.size === 0) break;
    kept.push(best);
    for (const feature of [...best.features]) seen.add(feature);
  }
  return { kept: kept.map(({ file }) => file), features: seen.size };
}

/**
 * @param {string} target
 * @param {string} fuzzer
 */
export async function mergeCorpus(target, fuzzer) {
  const corpus = join(root, 'tests/fuzz/corpus', target);
  const grown = join(root, 'build/fuzz/corpus', target);
  const work = join(root, 'build/fuzz/merged', target);
  rmSync(work, { recursive: true, force: true });
  for (const folder of [grown, join(work, 'none')]) mkdirSync(folder, { recursive: true });
  const control = join(work, 'control');
  await run(join(root, fuzzer), [
    ...['-merge=1', `-max_len=${MOST_BYTES}`, `-merge_control_file=${control}`],
    ...[join(work, 'none'), corpus, grown],
  ]);
  const { kept, features } = choose(readFeatures(readFileSync(control, 'utf8')));
  for (const file of kept) copyFileSync(file, join(work, basename(file)));
  for (const file of readdirSync(corpus)) rmSync(join(corpus, file));
  for (const file of kept) copyFileSync(join(work, basename(file)), join(corpus, basename(file)));
  console.log(`fuzz: ${target.padEnd(16)} ${kept.length} files kept, ${features} features`);
}
