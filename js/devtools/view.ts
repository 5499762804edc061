// What the element shows: one episode as a diagram, and the same as a table.
import { draw } from './drawing.ts';
import { html, svg } from './dom.ts';
import { layOut } from './layout.ts';
import type { Recorder } from './recorder.ts';
import type { Episode } from './story.ts';
import { STYLE } from './style.ts';
import { linesOf, summaryOf } from './words.ts';

const HINT = 'Point at a line, or focus the diagram and use the arrow keys.';
const GROWS_EVERY_MS = 100;

export class View {
  readonly #recorder: Recorder;
  readonly #summary = html('p', { class: 'summary', role: 'status' });
  readonly #place = html('span', {});
  readonly #earlier = this.#button('‹', 'Earlier', -1);
  readonly #later = this.#button('›', 'Later', 1);
  readonly #chart = html('div', {
    ...{ class: 'chart', role: 'listbox', tabindex: 0 },
    'aria-label': 'Sequence diagram: calls and refreshes',
  });
  readonly #said = html('p', { class: 'said hint' }, HINT);
  readonly #rows = html('tbody', {});
  readonly #body = html('div', {});
  readonly #empty = html('p', { class: 'empty' }, 'No calls yet. They appear here as they happen.');
  readonly #resize: ResizeObserver;
  // The episode that is shown; undefined: always the last one.
  #chosen: Episode | undefined;
  // The id of the option that was pointed at.
  #active = '';
  // The table has not all there is.
  #stale = true;
  #frame = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(recorder: Recorder, root: ShadowRoot, clear: () => void) {
    this.#recorder = recorder;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    const clearing = html('button', { type: 'button' }, 'Clear');
    clearing.addEventListener('click', clear);
    const tools = html(
      'div',
      { class: 'tools' },
      this.#earlier,
      this.#place,
      this.#later,
      clearing,
    );
    this.#body.append(
      html('div', { class: 'head' }, this.#summary, tools),
      this.#chart,
      this.#said,
      legend(),
      this.#log(),
    );
    root.append(this.#empty, this.#body);
    this.#listen();
    this.#resize = new ResizeObserver(() => this.#soon());
  }

  open(): void {
    this.#resize.observe(this.#body);
    this.changed();
  }

  close(): void {
    this.#resize.disconnect();
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
    this.#frame = 0;
  }

  /** There is something new to show. */
  changed(): void {
    this.#stale = true;
    this.#soon();
  }

  #soon(): void {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#show();
    });
  }

  #show(): void {
    const { episodes, busy } = this.#recorder;
    const chosen = this.#chosen && episodes.includes(this.#chosen) ? this.#chosen : undefined;
    const episode = chosen ?? episodes.at(-1);
    this.#empty.hidden = episode !== undefined;
    this.#body.hidden = episode === undefined;
    if (episode === undefined) return;
    this.#showTools(episodes.indexOf(episode), episodes.length);
    const layout = layOut(episode, this.#chart.clientWidth, Date.now());
    this.#chart.replaceChildren(draw(layout, episode.notes));
    this.#point(this.#active);
    if (this.#stale) {
      this.#stale = false;
      this.#showLines(episode);
      // Not a word of it before the end: it would be read out at every step.
      if (!busy) setText(this.#summary, summaryOf(episode, layout.from, layout.to));
    }
    clearTimeout(this.#timer);
    if (busy && !matchMedia('(prefers-reduced-motion: reduce)').matches) {
      this.#timer = setTimeout(() => this.#soon(), GROWS_EVERY_MS);
    }
  }

  #showTools(index: number, count: number): void {
    setText(this.#place, `${index + 1} of ${count}`);
    // Not `disabled`, which would take the focus away.
    this.#earlier.setAttribute('aria-disabled', String(index === 0));
    this.#later.setAttribute('aria-disabled', String(index === count - 1));
    for (const part of [this.#earlier, this.#place, this.#later]) part.hidden = count < 2;
  }

  #showLines(episode: Episode): void {
    const cells = ({ name, text, took }: ReturnType<typeof linesOf>[number]): HTMLElement =>
      html(
        'tr',
        {},
        html('th', { scope: 'row' }, name),
        html('td', {}, text),
        html('td', {}, took),
      );
    this.#rows.replaceChildren(...linesOf(episode).map(cells));
  }

  // ---- to point at something ----

  #listen(): void {
    this.#chart.addEventListener('pointermove', ({ target }) => {
      const option = target instanceof Element ? target.closest('[role=option]') : null;
      if (option !== null && option.id !== this.#active) this.#point(option.id);
    });
    this.#chart.addEventListener('focus', () => {
      if (this.#active === '') this.#move(0);
    });
    this.#chart.addEventListener('keydown', (event) => {
      const all = this.#options().length;
      const now = this.#options().findIndex(({ id }) => id === this.#active);
      const to = { ArrowDown: now + 1, ArrowUp: now - 1, Home: 0, End: all - 1 }[event.key];
      if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      this.#move(Math.min(Math.max(to, 0), all - 1));
    });
  }

  #options(): Element[] {
    return [...this.#chart.querySelectorAll('[role=option]')];
  }

  #move(index: number): void {
    this.#point(this.#options()[index]?.id ?? '');
  }

  #point(id: string): void {
    const before = this.#chart.querySelector('[aria-selected=true]');
    before?.setAttribute('aria-selected', 'false');
    const option = id === '' ? null : this.#chart.querySelector(`#${id}`);
    this.#active = option?.id ?? '';
    option?.setAttribute('aria-selected', 'true');
    if (option) this.#chart.setAttribute('aria-activedescendant', id);
    else this.#chart.removeAttribute('aria-activedescendant');
    this.#said.classList.toggle('hint', option === null);
    setText(this.#said, option?.getAttribute('aria-label') ?? HINT);
  }

  // ---- its parts ----

  #button(sign: string, label: string, by: number): HTMLButtonElement {
    const button = html('button', { type: 'button', 'aria-label': label }, sign);
    button.addEventListener('click', () => this.#leaf(by));
    return button;
  }

  // To an earlier or a later episode; at the last one, what comes is followed again.
  #leaf(by: number): void {
    const { episodes } = this.#recorder;
    const last = episodes.length - 1;
    const now = this.#chosen ? episodes.indexOf(this.#chosen) : last;
    const to = Math.min(Math.max((now < 0 ? last : now) + by, 0), last);
    this.#chosen = to === last ? undefined : episodes[to];
    this.#active = '';
    this.changed();
  }

  #log(): HTMLElement {
    const heads = ['Call', 'What happened', 'Took'].map((text) =>
      html('th', { scope: 'col' }, text),
    );
    const table = html('table', {}, html('thead', {}, html('tr', {}, ...heads)), this.#rows);
    const region = { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Log' };
    const details = html('details', {}, html('summary', {}, 'Log'), html('div', region, table));
    details.open = true;
    return details;
  }
}

function legend(): HTMLElement {
  const bar = (name: string): Element => svg('rect', { class: name, y: 1, width: 18, height: 8 });
  const line = (name: string): Element => svg('path', { class: name, d: 'M0 5H18' });
  const parts: [Element, string][] = [
    [bar('sent'), 'sent'],
    [svg('path', { class: 'stop', d: 'M9 0V10' }), 'refused'],
    [line('waits'), 'waits'],
    [bar('refresh'), 'refresh'],
    [bar('again'), 'sent again'],
  ];
  const items = parts.map(([sign, text]) =>
    html('li', {}, svg('svg', { width: 18, height: 10, 'aria-hidden': 'true' }, sign), text),
  );
  return html('ul', { class: 'legend' }, ...items);
}

function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
