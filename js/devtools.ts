/**
 * `<bearerkit-devtools>`, an element for development. It draws what happens to the calls of a
 * client, as a sequence diagram, and writes it as a log. It tells neither a token nor a URL nor a
 * body ([L4](../docs/RULES.md#l4)). Leave it out of what your users get: it is loaded by import
 * only, and the import defines the element. Where there are no elements, as on a server, the import
 * does nothing.
 *
 * It needs no more of a policy than `default-src 'self'` ([P3](../docs/RULES.md#p3)). Its colours
 * are custom properties that your page may set on it: `--bearerkit-text`, `--bearerkit-surface`,
 * `--bearerkit-line`, `--bearerkit-muted`, `--bearerkit-sent`, `--bearerkit-again`,
 * `--bearerkit-refresh` and `--bearerkit-failed`.
 *
 * @example
 * await import('bearerkit/devtools');
 * const devtools = document.createElement('bearerkit-devtools');
 * devtools.client = auth;
 * document.body.append(devtools);
 * @module
 */
import { defineElement } from './devtools/element.ts';
import type { Devtools } from './types/devtools.ts';

export type { Devtools } from './types/devtools.ts';

/** The element `<bearerkit-devtools>`. */
export type DevtoolsElement = HTMLElement & Devtools;

declare global {
  /** So that createElement and querySelector know it. */
  interface HTMLElementTagNameMap {
    /** See {@link DevtoolsElement}. */
    'bearerkit-devtools': DevtoolsElement;
  }
}

defineElement('bearerkit-devtools');
