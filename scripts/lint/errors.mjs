// docs/ERRORS.md holds what the code holds: every error code with its class and its two sentences,
// every reason of a sign-out, every warning, every finding of inspectJwt.
import { tsImport } from 'tsx/esm/api';
import { read } from '../lib/files.mjs';
import { root } from '../lib/run.mjs';

const DOCUMENT = 'docs/ERRORS.md';

/**
 * What js/errors.ts, js/jwt_error.ts and the boundary's constants say, both as they are built into the package.
 * @typedef {object} Codes
 * @property {readonly string[]} ERROR_CODES
 * @property {readonly string[]} SIGN_OUT_REASONS
 * @property {readonly string[]} WARNINGS
 * @property {Record<string, number>} FINDINGS
 * @property {readonly string[]} REFRESH_CAUSES
 * @property {(error: number) => string | undefined} jwtErrorCode
 * @property {new (code: string) => Error} JwtError
 * @property {new (code: string, details?: { failure: { kind: string } }) => Error} AuthError
 */

/** @returns {Promise<string[]>} what the document lacks, and what it has too many */
export async function checkErrors() {
  const { ERROR_CODES, SIGN_OUT_REASONS, WARNINGS, FINDINGS, REFRESH_CAUSES, ...codes } =
    await loadCodes();
  const errors = ERROR_CODES.flatMap((code, number) => {
    if (code === 'none') return [];
    const Class = codes.jwtErrorCode(number) === undefined ? codes.AuthError : codes.JwtError;
    const { name, message } = new Class(code);
    return [[code, name, ...message.split(/(?<=\.) (?=[A-Z])/)]];
  });
  const causes = REFRESH_CAUSES.filter((kind) => kind !== 'none').map((kind) => {
    const { message } = new codes.AuthError('signed_out', { failure: { kind } });
    const sentences = message.split(/(?<=\.) (?=[A-Z])/);
    return [kind, ...sentences.slice(-2)];
  });
  /** @param {readonly string[]} names */
  const rowsOf = (names) => names.filter((name) => name !== 'none').map((name) => [name]);
  return [
    ...errors
      .filter((row) => row.length !== 4)
      .map(([code]) => `js/: the message of ${code} has to be two sentences`),
    ...compare('Errors', errors),
    ...compare('Reasons of a sign-out', rowsOf(SIGN_OUT_REASONS)),
    ...compare('Why a refresh failed', causes),
    ...compare('Warnings', rowsOf(WARNINGS)),
    ...compare('Findings', rowsOf(Object.keys(FINDINGS))),
  ];
}

async function loadCodes() {
  const options = { parentURL: import.meta.url, tsconfig: `${root}/js/tsconfig.json` };
  const paths = ['../../js/errors.ts', '../../js/jwt_error.ts', '../../build/generated/abi.ts'];
  /** @type {unknown[]} */
  const modules = await Promise.all(paths.map((path) => tsImport(path, options)));
  /** @type {unknown} */
  const all = Object.assign({}, ...modules);
  return /** @type {Codes} */ (all);
}

/**
 * @param {string} heading of a table in the document
 * @param {readonly (readonly string[])[]} wanted its first column, and what the columns behind it begin with
 */
function compare(heading, wanted) {
  const sections = read(DOCUMENT).split(/^## /m);
  const section = sections.find((part) => part.startsWith(`${heading}\n`)) ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('|'));
  // Without the two lines of the table's head.
  const found = lines.slice(2).map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((x) => x.trim()),
  );
  const names = wanted.map(([code]) => `\`${code}\``);
  const complaints = [
    ...wanted.flatMap(([code = '', ...cells]) => {
      const row = found.find(([name]) => name === `\`${code}\``);
      if (row === undefined) return [`${code} is missing`];
      return cells
        .filter((cell, i) => row[i + 1]?.replaceAll('`', '').startsWith(cell) !== true)
        .map((cell) => `${code}: a cell has to begin with "${cell}"`);
    }),
    ...found.flatMap((row) => [
      ...(names.includes(row[0] ?? '') ? [] : [`${row[0]} is nothing that the code has`]),
      ...(row.length < 3 || row.includes('') ? [`${row[0]} has an empty cell`] : []),
    ]),
  ];
  return complaints.map((complaint) => `${DOCUMENT}, "${heading}": ${complaint}`);
}
