import type { AuthClient } from 'bearerkit';

import { pause, whileSignedIn } from './while_signed_in.ts';

const FIRST_DELAY = 500;
const LONGEST_DELAY = 30_000;
/** The server closes a socket with this code when its token is invalid or has expired. */
const UNAUTHORIZED = 4401;

/** A socket while somebody is signed in. Opened again with a fresh token whenever it closes. */
export function keepSocket(
  auth: AuthClient,
  url: string,
  onMessage: (data: string) => void,
): () => void {
  return whileSignedIn(auth, async (signal) => {
    for (let delay = FIRST_DELAY; !signal.aborted; delay = Math.min(2 * delay, LONGEST_DELAY)) {
      try {
        const token = await auth.getAccessToken(); // refreshed if it has expired
        if (token === null) return;
        const code = await connect(url, token, signal, (data) => {
          delay = FIRST_DELAY;
          onMessage(data);
        });
        if (code === UNAUTHORIZED) await auth.refresh();
      } catch {
        // The refresh failed for the moment. After a refused one the sign-out has aborted the signal.
      }
      await pause(delay, signal);
    }
  });
}

/** One connection; resolves with its close code. */
function connect(
  url: string,
  token: string,
  signal: AbortSignal,
  onMessage: (data: string) => void,
): Promise<number> {
  return new Promise((resolve) => {
    signal.throwIfAborted();
    const socket = new WebSocket(url);
    // Not in the URL, which appears in logs. A browser cannot send an Authorization header here.
    socket.onopen = () => socket.send(JSON.stringify({ token }));
    socket.onmessage = ({ data }) => onMessage(String(data));
    socket.onclose = ({ code }) => resolve(code);
    signal.addEventListener('abort', () => socket.close());
  });
}
