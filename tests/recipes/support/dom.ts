// A document for the frameworks, by happy-dom, for all of a test file: import it first, for they
// look for it when they are imported. The rest of the global object stays Node's; a file that does
// not import this is a server.
import { Window } from 'happy-dom';

const window = new Window({ url: 'http://localhost/' });
const names = [
  ...['window', 'document', 'navigator', 'Node', 'Text', 'Comment', 'Element', 'HTMLElement'],
  ...['HTMLIFrameElement', 'SVGElement'],
];
for (const name of names) {
  const value: unknown = Reflect.get(window, name);
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
}

/** A new element of the document that holds `html`. */
export function makeElement(html = ''): HTMLElement {
  const element = document.createElement('div');
  element.innerHTML = html;
  document.body.append(element);
  return element;
}
