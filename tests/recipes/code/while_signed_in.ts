import type { AuthClient } from 'bearerkit';

/**
 * Runs `work` while somebody is signed in: it begins at every sign-in, and its signal is aborted at
 * every sign-out. Gives the function that ends it for good.
 */
export function whileSignedIn(
  auth: AuthClient,
  work: (signal: AbortSignal) => Promise<void>,
): () => void {
  let running = new AbortController();
  const stop = (): void => running.abort();
  const start = (): void => {
    stop(); // another user's, or that of a session that was found again
    running = new AbortController();
    void work(running.signal);
  };
  auth.addEventListener('signedin', start);
  auth.addEventListener('signedout', stop);
  if (auth.state === 'signed-in') start();
  return () => {
    auth.removeEventListener('signedin', start);
    auth.removeEventListener('signedout', stop);
    stop();
  };
}

/** Waits between two attempts; not after an abort. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
