/**
 * Does something now and then, one at a time. Returns what ends it.
 * @param when only while the page is visible, or also while nobody sees it
 */
export function every(
  milliseconds: number,
  action: () => Promise<void>,
  when: 'visible' | 'always' = 'visible',
): () => void {
  let ended = false;
  let busy = false;
  const turn = (): void => {
    const unseen = when === 'visible' && document.visibilityState === 'hidden';
    if (ended || busy || unseen) return;
    busy = true;
    // A server that is away for a moment is asked again in the next round.
    void action()
      .catch(() => {})
      .finally(() => {
        busy = false;
      });
  };
  turn();
  const timer = setInterval(turn, milliseconds);
  document.addEventListener('visibilitychange', turn);
  return () => {
    ended = true;
    clearInterval(timer);
    document.removeEventListener('visibilitychange', turn);
  };
}
