// docs/benchmark.svg: bearerkit's ratios on a logarithmic scale, with their quartiles.
import { NAMES } from '../rows.ts';
import type { Results } from '../run/everything.ts';
import { digits, ours } from './table.ts';

const WIDTH = 860;
const LEFT = 420;
const RIGHT = WIDTH - 60;
const TOP = 64;
const STEP = 30;
const COLORS = ['#2563eb', '#d97706'];
const MARKS = [0.01, 0.1, 1, 10, 100, 1000];

export function plot({ engines, rows }: Results): string {
  const outcomes = rows.flatMap((measured) => engines.map((engine) => ours(measured, engine)));
  const values = outcomes.flatMap((o) => (o === undefined ? [] : [o.ratio.low, o.ratio.high]));
  const [from, to] = [Math.min(0.1, ...values) / 1.3, Math.max(10, ...values) * 1.3];
  const x = (value: number): number =>
    LEFT + ((RIGHT - LEFT) * Math.log(Math.max(value, from) / from)) / Math.log(to / from);
  const height = TOP + rows.length * STEP + 16;
  const marks = MARKS.filter((mark) => mark >= from && mark <= to).map(
    (mark) =>
      `<line x1="${x(mark).toFixed(1)}" x2="${x(mark).toFixed(1)}" y1="${TOP - 14}" y2="${height - 10}" stroke="${mark === 1 ? '#111' : '#ddd'}"/>` +
      text(x(mark), TOP - 20, String(mark), 'middle'),
  );
  const lines = rows.map((measured, i) => {
    const y = TOP + i * STEP + 8;
    const label = `${measured.row.title}, over ${NAMES[measured.row.base]}`;
    const dots = engines.map((engine, e) =>
      dot(ours(measured, engine)?.ratio, x, y - 4 + e * 9, e),
    );
    return text(12, y + 4, label, 'start') + dots.join('');
  });
  const legend = engines.map(
    (engine, e) =>
      `<circle cx="${LEFT + e * 130}" cy="18" r="5" fill="${COLORS[e] ?? '#111'}"/>` +
      text(LEFT + e * 130 + 12, 22, engine, 'start'),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, sans-serif" font-size="13" fill="#111">
<rect width="${WIDTH}" height="${height}" fill="#fff"/>
${text(12, 22, 'Time of bearerkit; left of 1 it is quicker', 'start')}
${[...legend, ...marks, ...lines].join('\n')}
</svg>
`;
}

function dot(
  ratio: { median: number; low: number; high: number } | undefined,
  x: (value: number) => number,
  y: number,
  engine: number,
): string {
  if (ratio === undefined) return '';
  const color = COLORS[engine] ?? '#111';
  const [low, middle, high] = [ratio.low, ratio.median, ratio.high].map((v) => x(v).toFixed(1));
  return (
    `<line x1="${low}" x2="${high}" y1="${y}" y2="${y}" stroke="${color}" stroke-width="3" stroke-opacity="0.4"/>` +
    `<circle cx="${middle}" cy="${y}" r="4" fill="${color}"><title>${digits(ratio.median)}</title></circle>`
  );
}

const text = (x: number, y: number, content: string, anchor: string): string =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}">${content}</text>`;
