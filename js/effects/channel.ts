// Messages between the tabs of an origin (X3). The core writes and reads them; they hold no token.
import { attempt } from '../values.ts';

/** A channel that cannot fail: where there is none, nobody is told. */
export interface Channel {
  post(message: string): void;
  close(): void;
}

export function openChannel(
  name: string,
  enabled: boolean,
  onMessage: (message: string) => void,
): Channel {
  // Not in an opaque origin, nor in an engine without.
  const channel = enabled ? attempt(() => new BroadcastChannel(name)) : undefined;
  if (channel !== undefined) {
    channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (typeof data === 'string') onMessage(data);
    };
    // In Node a channel keeps the process alive, unless told otherwise.
    (channel as { unref?: () => void }).unref?.();
  }
  return {
    // Closed by the page's end, there is nobody left to tell it.
    post: (message) => attempt(() => channel?.postMessage(message)),
    close: () => channel?.close(),
  };
}
