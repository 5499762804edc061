// A family of refresh tokens: a tree with a branch for each generation, along the time, and the
// grace windows; and the same in words.
import { el, svg } from '../../parts/dom.ts';
import { type GridCell, makeGrid } from '../../parts/grid.ts';
import { clockTime } from '../../parts/time.ts';
import type { Family, Generation } from '../../session/demo_api.ts';

const MOST = 8;
const ROW = 34;
const LEFT = 44;
const RIGHT = 12;
const TOP = 22;

export interface FamilyView {
  readonly element: HTMLElement;
  show(family: Family): void;
}

export function familyView(): FamilyView {
  const drawing = el('div', { class: 'family', role: 'img', 'aria-label': 'No refresh token yet' });
  const heads = ['Token', 'Given', 'Used', 'Forgiven until', 'Came again'];
  const words = makeGrid('Its refresh tokens', heads);
  const legend = 'Striped: it was used, and is still forgiven. A dot: it came again.';
  words.element.id = 'family';
  return {
    element: el(
      'div',
      { class: 'family-view' },
      drawing,
      el('p', { class: 'hint' }, legend),
      words.element,
    ),
    show: (family) => {
      const shown = family.generations.slice(-MOST);
      words.clear();
      for (const one of shown) words.set(`#${one.generation + 1}`, cellsOf(one));
      drawing.replaceChildren(draw(family, shown, Math.max(drawing.clientWidth, 240)));
      drawing.setAttribute('aria-label', sentenceOf(family));
    },
  };
}

function draw(family: Family, shown: readonly Generation[], width: number): SVGElement {
  const now = Date.now();
  const from = shown[0]?.issuedAt ?? family.createdAt;
  const endedAt = family.ended?.at ?? null;
  const latest = [now, ...shown.map(({ graceEndsAt }) => graceEndsAt ?? 0)];
  const to = endedAt === null ? Math.max(...latest) : Math.max(endedAt + 2000, ...latest.slice(1));
  const xOf = (time: number): number =>
    LEFT + ((width - LEFT - RIGHT) * (Math.min(Math.max(time, from), to) - from)) / (to - from + 1);
  const height = TOP + shown.length * ROW;
  const rows = shown.map((generation, index) => {
    const y = TOP + index * ROW + ROW / 2;
    return branch(generation, { y, xOf, until: endedAt ?? now, last: index === shown.length - 1 });
  });
  const end =
    endedAt === null
      ? []
      : [
          svg('path', { class: 'family-end', d: `M${xOf(endedAt)} ${TOP - 4}V${height}` }),
          svg(
            'text',
            { class: 'bad', x: xOf(endedAt), y: 12, 'text-anchor': 'end' },
            `ended: ${words(family)}`,
          ),
        ];
  return svg('svg', { width, height, viewBox: `0 0 ${width} ${height}` }, grid(), ...rows, ...end);
}

interface Place {
  readonly y: number;
  readonly xOf: (time: number) => number;
  /** How long the one that is in use has lived. */
  readonly until: number;
  readonly last: boolean;
}

function branch(
  { generation, issuedAt, usedAt, graceEndsAt, reusedAt }: Generation,
  place: Place,
): SVGElement {
  const { y, xOf, until, last } = place;
  const begin = xOf(issuedAt ?? until);
  const used = xOf(usedAt ?? until);
  const parts: SVGElement[] = [
    svg('text', { x: LEFT - 8, y: y + 4, 'text-anchor': 'end' }, `#${generation + 1}`),
    svg('rect', {
      class: usedAt === null ? 'alive' : 'used',
      x: begin,
      y: y - 6,
      width: Math.max(used - begin, 3),
      height: 12,
      rx: 3,
    }),
  ];
  if (usedAt !== null && graceEndsAt !== null && graceEndsAt > usedAt) {
    parts.push(
      svg('rect', {
        class: 'grace',
        x: used,
        y: y - 6,
        width: Math.max(xOf(graceEndsAt) - used, 2),
        height: 12,
        fill: 'url(#grace)',
      }),
    );
  }
  // The child hangs from the moment at which this one was used.
  if (!last) parts.push(svg('path', { class: 'twig', d: `M${used} ${y + 6}V${y + ROW - 6}` }));
  for (const again of reusedAt) {
    const forgiven = graceEndsAt !== null && again <= graceEndsAt;
    parts.push(
      svg('circle', { class: forgiven ? 'again forgiven' : 'again', cx: xOf(again), cy: y, r: 6 }),
    );
  }
  return svg('g', {}, ...parts);
}

function grid(): SVGElement {
  const line = svg('path', { class: 'grace-line', d: 'M0 6 6 0' });
  return svg(
    'defs',
    {},
    svg('pattern', { id: 'grace', width: 6, height: 6, patternUnits: 'userSpaceOnUse' }, line),
  );
}

const timeOf = (time: number | null): string => (time === null ? '–' : clockTime(new Date(time)));

function cellsOf({ issuedAt, usedAt, graceEndsAt, reusedAt }: Generation): GridCell[] {
  const again = reusedAt.map((time) => {
    const forgiven = graceEndsAt !== null && time <= graceEndsAt;
    return `${timeOf(time)}, ${forgiven ? 'forgiven' : 'too late'}`;
  });
  return [timeOf(issuedAt), timeOf(usedAt), timeOf(graceEndsAt), again.join('; ') || '–'].map(
    (text) => ({ text }),
  );
}

function sentenceOf(family: Family): string {
  const count = family.generations.length;
  const end = family.ended === null ? '' : `, ended: ${words(family)}`;
  return `A family of ${count} refresh ${count === 1 ? 'token' : 'tokens'}${end}`;
}

const words = ({ ended }: Family): string => (ended?.reason ?? '').replaceAll('_', ' ');
