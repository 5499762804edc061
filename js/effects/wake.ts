// When the page may have missed something: it was hidden, frozen, asleep, offline or in the
// back/forward cache, or another tab wrote to the storage (E8, X3).

/**
 * Calls `onWake(visible)` at each such moment. Gives the function that ends it. Does nothing where
 * there is no page.
 */
export function listenForWake(key: string, onWake: (visible: boolean) => void): () => void {
  const page = globalThis.document as Document | undefined;
  const target = globalThis as Partial<Pick<Window, 'addEventListener' | 'removeEventListener'>>;
  if (target.addEventListener === undefined || target.removeEventListener === undefined) {
    return () => {};
  }
  const wake = (): void => onWake(isVisible());
  // A key of null says that all was cleared.
  const stored = (event: StorageEvent): void => {
    if (event.key === key || event.key === null) wake();
  };
  const { signal, abort } = listenerScope();
  page?.addEventListener('visibilitychange', wake, { signal });
  page?.addEventListener('resume', wake, { signal });
  target.addEventListener('pageshow', wake, { signal });
  target.addEventListener('online', wake, { signal });
  target.addEventListener('storage', stored, { signal });
  return abort;
}

/** Whether a person can see the page; true in a worker and on a server. */
export function isVisible(): boolean {
  return (globalThis.document as Document | undefined)?.visibilityState !== 'hidden';
}

function listenerScope(): { signal: AbortSignal; abort: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}
