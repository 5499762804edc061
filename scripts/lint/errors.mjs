// docs/ERRORS.md holds what the code holds: every error code with its class and its two sentences,
// every reason of a sign-out, every warning, every finding of inspectJwt.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesOf } from '../lib/files.mjs';
import { CommandFailed, root } from '../lib/run.mjs';

const DOCUMENT = 'docs/ERRORS.md';

/**
 * What js/errors.ts and the boundary's constants say, both as they are built into the package.
 * @typedef {object} Codes
 * @property {readonly string[]} ERROR_CODES
 * @property {readonly string[]} SIGN_OUT_REASONS
 * @property {readonly string[]} WARNINGS
 * @property {Record<string, number>} FINDINGS
 * @property {(error: number) => string | undefined} jwtErrorCode
 * @property {new (code: string) => Error} JwtError
 * @property {new (code: string) => Error} AuthError
 */

/** What the check reads. */
export const errorsInputs = () =>
  [DOCUMENT, 'js/errors.ts', 'build/generated/abi.ts', 'scripts/lint/errors.mjs'].flatMap((file) =>
    filesOf(file),
  );

/** @throws {CommandFailed} that lists what the document lacks, and what it has too many */
export async function checkErrors() {
  const codes = await loadCodes();
  const text = readFileSync(join(root, DOCUMENT), 'utf8');
  const complaints = [
    ...errorRows(codes)
      .filter(({ cells }) => cells.length !== 3)
      .map(({ code }) => `js/errors.ts: the message of ${code} has to be two sentences`),
    ...compare(text, 'Errors', errorRows(codes)),
    ...compare(text, 'Reasons of a sign-out', rowsOf(codes.SIGN_OUT_REASONS)),
    ...compare(text, 'Warnings', rowsOf(codes.WARNINGS)),
    ...compare(text, 'Findings', rowsOf(Object.keys(codes.FINDINGS))),
  ];
  if (complaints.length > 0) throw new CommandFailed(complaints.join('\n'), '');
}

/** @returns {Promise<Codes>} */
async function loadCodes() {
  const esbuild = await import('esbuild');
  const { outputFiles } = await esbuild.build({
    absWorkingDir: root,
    stdin: {
      contents: "export * from './js/errors.ts'; export * from './build/generated/abi.ts';",
      resolveDir: root,
    },
    tsconfig: 'js/tsconfig.json',
    bundle: true,
    format: 'esm',
    write: false,
    logLevel: 'warning',
  });
  const source = outputFiles[0]?.text ?? '';
  /** @type {unknown} */
  const module = await import(`data:text/javascript,${encodeURIComponent(source)}`);
  return /** @type {Codes} */ (module);
}

/** @typedef {{ code: string, cells: string[] }} Row what the first cell is, and what others begin with */

/**
 * @param {Codes} codes
 * @returns {Row[]}
 */
function errorRows({ ERROR_CODES, jwtErrorCode, JwtError, AuthError }) {
  return ERROR_CODES.flatMap((code, number) => {
    if (code === 'none') return [];
    const Class = jwtErrorCode(number) === undefined ? AuthError : JwtError;
    const error = new Class(code);
    return [{ code, cells: [error.name, ...sentences(error.message)] }];
  });
}

/** @param {string} message */
const sentences = (message) => message.split(/(?<=\.) (?=[A-Z])/);

/**
 * @param {readonly string[]} codes
 * @returns {Row[]}
 */
const rowsOf = (codes) => codes.map((code) => ({ code, cells: [] }));

/**
 * @param {string} text
 * @param {string} heading
 * @param {Row[]} wanted
 * @returns {string[]}
 */
function compare(text, heading, wanted) {
  const found = tableBelow(text, heading);
  const about = `${DOCUMENT}, "${heading}"`;
  return [
    ...wanted.flatMap(({ code, cells }) => {
      const row = found.find(([name]) => name === `\`${code}\``);
      if (row === undefined) return [`${about}: ${code} is missing`];
      return cells
        .filter((cell, i) => !plain(row[i + 1]).startsWith(cell))
        .map((cell) => `${about}: ${code}: a cell has to begin with "${cell}"`);
    }),
    ...found
      .filter(([name]) => !wanted.some(({ code }) => name === `\`${code}\``))
      .map(([name]) => `${about}: ${name ?? ''} is nothing that the code has`),
    ...found
      .filter((row) => row.length < 3 || row.includes(''))
      .map(([name]) => `${about}: ${name ?? ''} has an empty cell`),
  ];
}

/**
 * The rows of the table below a heading, without the two of its head.
 * @param {string} text
 * @param {string} heading
 */
function tableBelow(text, heading) {
  const section = text.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
}

/**
 * Without the marks of code.
 * @param {string | undefined} cell
 */
const plain = (cell = '') => cell.replaceAll('`', '');
