import type { AuthClient } from 'bearerkit';
import { type EventSourceMessage, EventSourceParserStream } from 'eventsource-parser/stream';

import { pause, whileSignedIn } from './while_signed_in.ts';

const FIRST_DELAY = 500;
const LONGEST_DELAY = 30_000;

/**
 * Server-Sent Events while somebody is signed in. By fetch, since an EventSource cannot send the
 * Authorization header. Connects again, with a fresh token and the last event's id, whenever the
 * stream ends.
 */
export function keepListening(
  auth: AuthClient,
  url: string,
  onEvent: (event: EventSourceMessage) => void,
): () => void {
  return whileSignedIn(auth, async (signal) => {
    let lastEventId = '';
    for (let delay = FIRST_DELAY; !signal.aborted; delay = Math.min(2 * delay, LONGEST_DELAY)) {
      try {
        const response = await auth.fetchWithAuth(url, {
          headers: {
            Accept: 'text/event-stream',
            ...(lastEventId !== '' && { 'Last-Event-ID': lastEventId }),
          },
          cache: 'no-store',
          signal,
        });
        if (response.status === 204) return; // the server wants no more connections
        if (!response.ok) {
          await response.body?.cancel();
        } else {
          await response.body
            ?.pipeThrough(new TextDecoderStream())
            .pipeThrough(new EventSourceParserStream())
            .pipeTo(
              new WritableStream({
                write(event) {
                  delay = FIRST_DELAY;
                  lastEventId = event.id ?? lastEventId;
                  onEvent(event);
                },
              }),
            );
        }
      } catch {
        // The connection broke, or was aborted.
      }
      await pause(delay, signal);
    }
  });
}
