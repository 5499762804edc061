/** The element with that id. Throws where the page has none of that kind: a mistake in the page. */
export function byId<E extends Element>(id: string, kind: abstract new () => E): E {
  const element = document.getElementById(id);
  if (!(element instanceof kind)) throw new Error(`The page has no ${kind.name} #${id}`);
  return element;
}

export function show(id: string, text: string | number): void {
  const element = byId(id, HTMLElement);
  // A live region that is set to what it says already would be read out once more.
  if (element.textContent !== String(text)) element.textContent = String(text);
}

/** Keeps a button from being pressed again while what it started is under way. */
export function onPress(id: string, action: () => Promise<void>): void {
  const button = byId(id, HTMLButtonElement);
  button.addEventListener('click', () => {
    // Not `disabled`: that would take the focus from who pressed it by keyboard.
    if (button.getAttribute('aria-disabled') === 'true') return;
    button.setAttribute('aria-disabled', 'true');
    void action().finally(() => {
      button.removeAttribute('aria-disabled');
    });
  });
}
