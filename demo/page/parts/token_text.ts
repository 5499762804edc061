// A token in its three colours, with one place in it marked.
import { el } from './dom.ts';

export interface Place {
  readonly from: number;
  readonly to: number;
}

const PARTS = ['header', 'payload', 'signature'] as const;

/** The pieces of a token as elements; what is more than three parts stays without a colour. */
export function tokenPieces(token: string, mark?: Place, markClass = 'broken'): Node[] {
  const nodes: Node[] = [];
  let start = 0;
  token.split('.').forEach((text, index) => {
    if (index > 0) {
      nodes.push(...cut('.', start - 1, mark, markClass));
    }
    const kind = PARTS[index];
    const attributes = kind === undefined ? {} : { class: `part-${kind}` };
    nodes.push(el('span', attributes, ...cut(text, start, mark, markClass)));
    start += text.length + 1;
  });
  // The end of the text is a place, too.
  if (mark !== undefined && mark.from >= token.length)
    nodes.push(el('mark', { class: markClass }, ' '));
  return nodes;
}

function cut(text: string, start: number, mark: Place | undefined, markClass: string): Node[] {
  const from = Math.max(0, (mark?.from ?? Infinity) - start);
  const to = Math.min(text.length, (mark?.to ?? 0) - start);
  if (from >= to) return [document.createTextNode(text)];
  return [
    document.createTextNode(text.slice(0, from)),
    el('mark', { class: markClass }, text.slice(from, to)),
    document.createTextNode(text.slice(to)),
  ];
}
