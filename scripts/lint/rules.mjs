// Rules and tests find each other: every rule has a test with its name, every rule that a test names
// is one of docs/RULES.md, and the tests that docs/FAULTS.md names are there.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesOf } from '../lib/files.mjs';
import { CommandFailed, root } from '../lib/run.mjs';

const RULES = 'docs/RULES.md';
const FAULTS = 'docs/FAULTS.md';

const RULE = /[A-Z]\d{1,2}/;

const testFiles = () => filesOf('tests', /\.test\.ts$|_test\.cpp$/);

/** What the check reads. */
export const rulesInputs = () => [
  ...[RULES, FAULTS, 'scripts/lint/rules.mjs'].flatMap((file) => filesOf(file)),
  ...testFiles(),
];

/** @throws {CommandFailed} that lists what is missing */
export async function checkRules() {
  const rules = [...read(RULES).matchAll(new RegExp(`^- (${RULE.source}) `, 'gm'))].map(first);
  const tests = testFiles().flatMap((file) => namesIn(file).map((name) => ({ file, name })));
  const proven = new Set(tests.flatMap(({ name }) => rulesProvenBy(name)));
  const faults = namesInFaults();
  const complaints = [
    ...rules
      .filter((rule) => !proven.has(rule))
      .map((rule) => `${rule} of ${RULES}: no test has a name that begins with it`),
    ...tests.flatMap(({ file, name }) =>
      rulesNamedIn(name)
        .filter((rule) => !rules.includes(rule))
        .map((rule) => `${file}: "${name}" names ${rule}, which is no rule of ${RULES}`),
    ),
    ...(faults.length === 0 ? [`${FAULTS} names no test`] : []),
    ...faults
      .filter((fault) => !tests.some(({ name }) => covers(name, fault)))
      .map((fault) => `${FAULTS}: there is no test "${fault}"`),
  ];
  if (complaints.length > 0) throw new CommandFailed(complaints.join('\n'), '');
}

/** @param {string} file */
const read = (file) => readFileSync(join(root, file), 'utf8');

/** @param {RegExpMatchArray} match */
const first = (match) => match[1] ?? '';

/**
 * The names of the tests of a file: `R4_ANewToken` of GoogleTest, `R4 a new token` of node:test,
 * with `${…}` where a loop puts in something.
 * @param {string} file
 */
function namesIn(file) {
  const text = read(file);
  return file.endsWith('.cpp')
    ? [...text.matchAll(/^TEST(?:_F|_P)?\(\s*\w+,\s*(\w+)\)/gm)].map(first)
    : [...text.matchAll(/(?<![.\w])test\(\s*(['"`])((?:\\.|(?!\1)[^\\])*)\1/g)].map((match) =>
        (match[2] ?? '').replaceAll(/\\(.)/g, '$1'),
      );
}

/**
 * The rules that a name begins with: `E5_R10_AClock…`, `D4 E5 a clock …`, `D1–D7 it agrees …`.
 * @param {string} name
 */
function rulesProvenBy(name) {
  const words = new RegExp(`^(?:${RULE.source}(?:–${RULE.source})?[ _])+`).exec(name)?.[0] ?? '';
  return rulesNamedIn(words);
}

/**
 * All rules that a name speaks of; of a range each.
 * @param {string} name
 */
function rulesNamedIn(name) {
  const word = `(?<![A-Za-z0-9])${RULE.source}(?![A-Za-z0-9])`;
  const ranges = [...name.matchAll(new RegExp(`(${word})–(${word})`, 'g'))].flatMap((range) => {
    const [letter, from, to] = [first(range)[0], number(first(range)), number(range[2] ?? '')];
    return Array.from({ length: Math.max(to - from, 0) }, (_, i) => `${letter}${from + i}`);
  });
  return [...new Set([...ranges, ...(name.match(new RegExp(word, 'g')) ?? [])])];
}

/** @param {string} rule */
const number = (rule) => Number(rule.slice(1));

/** What stands in the last column of the table of faults: names, each between backticks. */
function namesInFaults() {
  const rows = filesOf(FAULTS).flatMap((file) => read(file).match(/^\|.*\|$/gm) ?? []);
  return rows.flatMap((row) =>
    [...(row.split('|').at(-2) ?? '').matchAll(/`([^`]+)`/g)].map(first),
  );
}

/**
 * Whether `name`, as it stands in the code, is that of the test `wanted`.
 * @param {string} name
 * @param {string} wanted
 */
function covers(name, wanted) {
  const fixed = name.split(/\$\{[^}]*\}/);
  const escaped = fixed.map((text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${escaped.join('.*')}$`).test(wanted);
}
