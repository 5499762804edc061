// Elements in one line, without a framework.

type Child = Node | string;
type Value = string | number | boolean | null | ((event: Event) => void);

/** Attributes by name; `true` sets an empty one, `false` and `null` none; `onclick` and the like listen. */
export type Attributes = Readonly<Record<string, Value>>;

export function el<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  apply(element, attributes);
  element.append(...children);
  return element;
}

/** The same for SVG. Sizes and places are attributes: the page's policy allows no inline style. */
export function svg<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElementTagNameMap[Tag] {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  apply(element, attributes);
  element.append(...children);
  return element;
}

function apply(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== false && value !== null) element.setAttribute(name, String(value));
  }
}

/** The element with that id. Throws where the page has none of that kind: a mistake in the page. */
export function byId<E extends Element>(id: string, kind: abstract new () => E): E {
  const element = document.getElementById(id);
  if (!(element instanceof kind)) throw new Error(`The page has no ${kind.name} #${id}`);
  return element;
}

/** Sets a text. A live region that is set to what it says already would be read out once more. */
export function setText(element: Element, text: string | number): void {
  if (element.textContent !== String(text)) element.textContent = String(text);
}

/** A button that cannot be pressed again while what it started is under way. */
export function button(
  text: string,
  action: () => void | Promise<void>,
  attributes: Attributes = {},
): HTMLButtonElement {
  const element = el('button', { type: 'button', ...attributes }, text);
  element.addEventListener('click', () => {
    void whileBusy(element, action);
  });
  return element;
}

/** Not `disabled`: that would take the focus from who pressed it by keyboard. */
export async function whileBusy(
  element: HTMLElement,
  action: () => void | Promise<void>,
): Promise<void> {
  if (element.getAttribute('aria-disabled') === 'true') return;
  element.setAttribute('aria-disabled', 'true');
  try {
    await action();
  } finally {
    element.removeAttribute('aria-disabled');
  }
}
