// The element of bearerkit/devtools.
import type { AuthClient } from './client.ts';

/** What the element `<bearerkit-devtools>` has besides what every HTMLElement has. */
export interface Devtools {
  /**
   * The client that is watched, while the element is in a document. Null: none. What was drawn of
   * another client stays until {@link Devtools.clear}.
   */
  client: AuthClient | null;
  /** Forgets all that was drawn. */
  clear(): void;
}
