// Rules and tests find each other: every rule has a test with its name, every rule that a test names
// is one of docs/RULES.md, and the tests that docs/FAULTS.md names are there.
import { filesOf, groupsOf, read } from '../lib/files.mjs';

const RULES = 'docs/RULES.md';
const FAULTS = 'docs/FAULTS.md';

const RULE = /[A-Z]\d{1,2}/;

/** @returns {string[]} what is missing */
export function checkRules() {
  const rules = groupsOf(read(RULES), new RegExp(`^- (${RULE.source}) `, 'gm'));
  const files = filesOf('tests', /\.test\.ts$|_test\.cpp$/);
  const tests = files.flatMap((file) => namesIn(file).map((name) => ({ file, name })));
  const proven = new Set(tests.flatMap(({ name }) => rulesProvenBy(name)));
  const faults = namesInFaults();
  return [
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
}

/**
 * The names of the tests of a file: `R4_ANewToken` of GoogleTest, `R4 a new token` of node:test,
 * with `${…}` where a loop puts in something.
 * @param {string} file
 */
function namesIn(file) {
  if (file.endsWith('.cpp')) return groupsOf(read(file), /^TEST(?:_F|_P)?\(\s*\w+,\s*(\w+)\)/gm);
  const calls = /(?<![.\w])test\(\s*((['"`])(?:\\.|(?!\2)[^\\])*\2)/g;
  return groupsOf(read(file), calls).map((text) => text.slice(1, -1).replaceAll(/\\(.)/g, '$1'));
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
  const ranges = [...name.matchAll(new RegExp(`(${word})–(${word})`, 'g'))];
  const between = ranges.flatMap(([, from = '', to = '']) => {
    const begin = Number(from.slice(1));
    const count = Math.max(Number(to.slice(1)) - begin, 0);
    return Array.from({ length: count }, (_, i) => `${from[0]}${begin + i}`);
  });
  return [...new Set([...between, ...(name.match(new RegExp(word, 'g')) ?? [])])];
}

/** What stands in the last column of the table of faults: names, each between backticks. */
function namesInFaults() {
  const rows = read(FAULTS).match(/^\|.*\|$/gm) ?? [];
  return rows.flatMap((row) => groupsOf(row.split('|').at(-2) ?? '', /`([^`]+)`/g));
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
