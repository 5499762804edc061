// docs/BENCHMARK.md: the tables of a run.
import { NAMES } from '../rows.ts';
import type { Measured, Results } from '../run/everything.ts';
import type { Outcome } from '../run/pairs.ts';
import type { Spread } from '../run/quartiles.ts';
import type { Size } from '../run/sizes.ts';

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const head = (cells: readonly string[]): string[] => [line(cells), line(cells.map(() => '---'))];

export const digits = (value: number): string => {
  if (!Number.isFinite(value)) return '–';
  if (Math.abs(value) >= 100) return value.toFixed(0);
  return value.toFixed(Math.abs(value) >= 10 ? 1 : 2);
};

/** `0.61 (0.58–0.66)` */
export const spread = ({ median, low, high }: Spread): string =>
  `${digits(median)} (${digits(low)}–${digits(high)})`;

const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`;

/** What bearerkit's row of a table says in an engine. */
export const ours = ({ engines }: Measured, engine: string): Outcome | undefined =>
  engines.get(engine)?.find(({ subject }) => subject === 'bearerkit');

/** What a README shows: bearerkit alone. */
export function summary({ engines, rows, starts, decoders, clients }: Results): string {
  const start = starts.find(({ name }) => name.startsWith('bearerkit'));
  const sizeOf = (sizes: readonly Size[], name: string): string =>
    kilobytes(sizes.find((size) => size.name.startsWith(name))?.bytes ?? NaN);
  return [
    ...head(['', '1 is', ...engines]),
    ...rows.map((measured) =>
      line([
        measured.row.title,
        NAMES[measured.row.base],
        ...engines.map((engine) => digits(ours(measured, engine)?.ratio.median ?? NaN)),
      ]),
    ),
    '',
    'The rows of `fetchWithAuth` and of refused calls measure the wrapper alone, over a `fetch` that answers at once.',
    `The first token after the import is decoded ${digits(start?.over.median ?? NaN)} ms later than by jwt-decode.`,
    `After brotli a client is ${sizeOf(clients, 'bearerkit')} (oidc-client-ts: ${sizeOf(clients, 'oidc-client-ts')}), and ` +
      `\`decodeJwt\` of \`bearerkit/decode\` ${sizeOf(decoders, 'bearerkit/decode')} (jose: ${sizeOf(decoders, 'jose')}).`,
  ].join('\n');
}

/** A heading begins with a capital letter, unless with the name of a function. */
const headingOf = (title: string): string =>
  /^[a-z]+[A-Z]/.test(title) ? title : `${title[0]?.toUpperCase() ?? ''}${title.slice(1)}`;

/** All subjects of a row, with the quartiles. */
export function rowTable({ row, engines }: Measured): string {
  const unit = row.id === 'allocated' ? 'bytes' : 'µs';
  const names = [...engines.keys()];
  const subjects = [...engines.values()][0]?.map(({ subject }) => subject) ?? [];
  const lines = subjects.map((subject) => {
    const outcomes = names.map((name) => engines.get(name)?.find((o) => o.subject === subject));
    const cells = outcomes.flatMap((outcome) =>
      outcome === undefined
        ? ['–', '–']
        : [spread(outcome.ratio), `${digits(outcome.each.median)} ${unit}`],
    );
    return line([NAMES[subject], ...cells]);
  });
  return [
    `### ${headingOf(row.title)}`,
    '',
    ...head(['', ...names.flatMap((name) => [name, 'each time'])]),
    ...lines,
  ].join('\n');
}

function startTable({ starts }: Results): string {
  return [
    ...head(['', 'milliseconds', 'over jwt-decode']),
    ...starts.map(({ name, milliseconds, over }) =>
      line([name, spread(milliseconds), spread(over)]),
    ),
  ].join('\n');
}

const sizeTable = (sizes: readonly Size[]): string =>
  [...head(['', 'brotli']), ...sizes.map(({ name, bytes }) => line([name, kilobytes(bytes)]))].join(
    '\n',
  );

export function benchmarkDocument(results: Results): string {
  const { computer, effort, engines, rows, decoders, clients } = results;
  return `# How fast it is

\`npm run bench\` writes this file and the picture; \`tests/bench/\` is the code. This run: ${engines.join(' and ')} on
${computer}, ${effort.rounds} rounds.

![The ratios of the tables, as dots on a scale](benchmark.svg)

Every subject runs alone, in a process or a page of its own. Blocks of calls are timed in turn. A ratio compares two
blocks of one round: what slows the computer for a while slows both. A cell is the median with both quartiles. Tokens are
fresh strings; only "the same token again" uses one twice.

${Object.entries(REMARKS)
  .map(([name, text]) => `- **${name}**: ${text}`)
  .join('\n')}

${rows.map(rowTable).join('\n\n')}

### From import to the first decoded token

Chromium with nothing cached, the module served by this computer.

${startTable(results)}

### What a page downloads

Bundled and minified by esbuild, after brotli. What they do differs: oidc-client-ts, auth0-spa-js and auth-js also sign in.

${sizeTable(decoders)}

${sizeTable(clients)}
`;
}

const REMARKS = {
  "the lesson's lines":
    'what tutorials teach: attach the token, after a 401 refresh once, send again. It does nothing else.',
  'tuned JavaScript':
    'written by hand for this very benchmark, with shortcuts that a library cannot take. Nobody ships it.',
  'bare steps':
    'what no decoder in WebAssembly can do without: the characters in, one call, the text out, `JSON.parse`.',
  'memo and guard': 'one token remembered, and a look at the dots before anything else.',
  'axios-auth-refresh':
    'with `deduplicateRefresh: false`. As it is by default, one of a hundred calls that are refused together is sent again; the others fail.',
  'not in every row':
    'axios takes no `Request`. auth0-spa-js attaches a token, and does nothing after a 401. oidc-client-ts and auth-js have no `fetch`. ' +
    'These three export no decoder, and have their sizes below. Decoders decode the same token again, as an unseen one.',
  fetchWithAuth:
    'over a `fetch` that answers at once, so only the cost of the wrapper is measured. A real request takes milliseconds.',
};
