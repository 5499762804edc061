// Listeners of the page: off again without an AbortSignal, since one of another realm is refused (jsdom
// with Node's own globals).
import { attempt } from '../values.ts';

/** Gives the function that takes it off all of them. Does nothing where there is no such target. */
export function listen(
  target: Partial<Pick<EventTarget, 'addEventListener' | 'removeEventListener'>> | undefined,
  types: readonly string[],
  listener: (event: Event) => void,
): () => void {
  for (const type of types) attempt(() => target?.addEventListener?.(type, listener));
  return () => {
    for (const type of types) attempt(() => target?.removeEventListener?.(type, listener));
  };
}
