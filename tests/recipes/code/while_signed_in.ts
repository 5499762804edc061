import type { AuthClient } from 'bearerkit';

/**
 * Runs `work` while somebody is signed in: starts it at every sign-in, and aborts its signal at every
 * sign-out. Returns a function that ends this for good.
 */
export function whileSignedIn(
  auth: AuthClient,
  work: (signal: AbortSignal) => Promise<void>,
): () => void {
  let running = new AbortController();
  const stop = (): void => running.abort();
  const start = (): void => {
    stop(); // the work of another user or session
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

/** Waits between two attempts. Ends at once at an abort. */
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
