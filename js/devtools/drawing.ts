// The diagram as SVG. What can be pointed at is an option of the list box around it: calls,
// refreshes and notes, each with its sentence.
import { svg } from './dom.ts';
import type { Layout, RefreshBar, Row, StepBar } from './layout.ts';
import type { Note } from './story.ts';
import { lineOfCall, lineOfRefresh, nameOf, sentenceOf, statusOf, tookOf } from './words.ts';

const BAR_TOP = 40;
const BAR = 12;
const LABEL = 108;
const SHORT_LABEL = 22;

export function draw(layout: Layout, notes: readonly Note[]): Element {
  const { width, height, refreshes, rows, from, to } = layout;
  const shown = notes.filter(({ at }) => at >= from && at <= to);
  return svg(
    'svg',
    { role: 'none', width, height, viewBox: `0 0 ${width} ${height}` },
    hatching(),
    ...ticks(layout),
    ...refreshes.flatMap((bar) => bands(bar, layout)),
    ...labelled(refreshes, layout).map(([bar, label]) => refreshBar(bar, label)),
    ...rows.map((row) => rowOf(row, layout)),
    ...shown.map((note, index) => noteLine(note, index, layout)),
  );
}

function hatching(): Element {
  const line = svg('path', { d: 'M0 6 6 0', class: 'hatch' });
  const units = 'userSpaceOnUse';
  const pattern = { id: 'hatching', width: 6, height: 6, patternUnits: units };
  return svg('defs', {}, svg('pattern', pattern, line));
}

function ticks({ ticks: all, height }: Layout): Element[] {
  return all.map(({ x, text }) =>
    svg(
      'g',
      { class: 'tick', 'aria-hidden': 'true' },
      svg('path', { d: `M${x} 18V${height}` }),
      svg('text', { x, y: 12, 'text-anchor': 'middle' }, text),
    ),
  );
}

// What hangs from a refresh, and the time after it in which none is allowed.
function bands({ x, width, refresh, backoff }: RefreshBar, { height }: Layout): Element[] {
  const tall = height - BAR_TOP;
  const failed = isBad(refresh.end) ? ' bad' : '';
  const band = svg('rect', { class: `band${failed}`, x, y: BAR_TOP, width, height: tall });
  if (backoff === 0) return [band];
  const after = { x: x + width, y: BAR_TOP, width: Math.max(backoff - x - width, 0) };
  return [band, svg('rect', { ...after, height: tall, fill: 'url(#hatching)' })];
}

interface Label {
  readonly text: string;
  readonly x: number;
  /** Whether it ends at x. */
  readonly turned: boolean;
}

// From the last one back: each has the longest label for which there is room before the next one's.
function labelled(bars: readonly RefreshBar[], { width }: Layout): [RefreshBar, Label][] {
  let free = width;
  return [...bars]
    .reverse()
    .map((bar, index): [RefreshBar, Label] => {
      const { number } = bar.refresh;
      const { took } = lineOfRefresh(bar.refresh);
      const long = `refresh #${number}${took && ` · ${took}`}`;
      const end = bar.x + bar.width;
      // At the right edge there is room on the left only.
      const turned = index === 0 && bar.x + LABEL > width;
      const short = bar.x + SHORT_LABEL <= free ? `#${number}` : '';
      const text = turned || bar.x + LABEL <= free ? long : short;
      if (text !== '') free = turned ? end - LABEL : bar.x;
      return [bar, { text, x: turned ? end : bar.x, turned }];
    })
    .reverse();
}

function refreshBar({ x, width, refresh }: RefreshBar, label: Label): Element {
  const anchor = label.turned ? 'end' : 'start';
  const place = { x: label.x, y: BAR_TOP - 6, 'text-anchor': anchor };
  return option(
    `refresh-${refresh.number}`,
    sentenceOf(lineOfRefresh(refresh)),
    svg('rect', { class: 'hit', x: x - 4, y: BAR_TOP - 18, width: width + 8, height: BAR + 22 }),
    svg('text', { class: 'refresh', ...place }, label.text),
    svg('rect', {
      class: isBad(refresh.end) ? 'refresh bad' : 'refresh',
      ...{ x, y: BAR_TOP, width, height: BAR, rx: 2 },
    }),
  );
}

function rowOf({ call, y, labelled, steps }: Row, layout: Layout): Element {
  const { left, width, rowHeight } = layout;
  const labels = labelled
    ? [
        svg('text', { x: left - 8, y: y + 4, 'text-anchor': 'end' }, nameOf(call)),
        svg('text', { class: endClass(call), x: width - 36, y: y + 4 }, endWord(call)),
      ]
    : [];
  return option(
    `call-${call.number}`,
    sentenceOf(lineOfCall(call)),
    svg('rect', { class: 'hit', x: 0, y: y - rowHeight / 2, width, height: rowHeight }),
    ...labels,
    ...steps.flatMap((bar) => stepOf(bar, y, rowHeight)),
  );
}

function stepOf({ step, x, width }: StepBar, y: number, rowHeight: number): Element[] {
  if (step.doing === 'waits') {
    return [svg('path', { class: 'waits', d: `M${x} ${y}H${x + width}` })];
  }
  const thick = Math.round(rowHeight / 2);
  const bar = { class: step.doing, x, y: y - thick / 2, width, height: thick };
  if (step.status !== 401) return [svg('rect', bar)];
  // The refusal is seen as a stop at the end, and where there is room by its number.
  const end = x + width;
  const stop = svg('path', { class: 'stop', d: `M${end} ${y - thick}V${y + thick}` });
  const number = svg('text', { class: 'bad halo', x: end + 5, y: y + 4 }, '401');
  return rowHeight > 10 ? [svg('rect', bar), stop, number] : [svg('rect', bar), stop];
}

function noteLine({ at, text }: Note, index: number, layout: Layout): Element {
  const { from, to, left, width, height } = layout;
  const x = left + ((width - left - 44) * (at - from)) / (to - from);
  return option(
    `note-${index}`,
    `Session ${text}, after ${tookOf(from, at)}`,
    svg('rect', { class: 'hit', x: x - 4, y: 18, width: 8, height: height - 18 }),
    svg('path', { class: 'note', d: `M${x} 18V${height}` }),
  );
}

// Its label is a sentence. The words of the drawing stand beside it, for the eye alone: within it they
// would have to be a part of the label (WCAG 2.5.3).
function option(id: string, label: string, ...children: Element[]): Element {
  const isWord = (child: Element): boolean => child.localName === 'text';
  const shapes = children.filter((child) => !isWord(child));
  return svg(
    'g',
    { role: 'none' },
    svg('g', { id, role: 'option', 'aria-label': label, 'aria-selected': 'false' }, ...shapes),
    svg('g', { class: 'words', 'aria-hidden': 'true' }, ...children.filter(isWord)),
  );
}

const isBad = (end: string | undefined): boolean => end === 'failed' || end === 'refused';

function endWord(call: Row['call']): string {
  if (call.end === undefined) return '…';
  if (call.end === 'delivered') return String(statusOf(call));
  return { failed: '✕', aborted: '–', settled: '✓', plain: '○' }[call.end];
}

function endClass(call: Row['call']): string {
  return call.end === 'failed' || (call.end === 'delivered' && statusOf(call) >= 400) ? 'bad' : '';
}
