// Messages between the tabs of an origin (X3). The core writes and reads them; they hold no token.
import { attempt } from '../values.ts';

export interface Channel {
  /** Throws where the platform does. */
  post(message: string): void;
  close(): void;
}

/** Posts nowhere where there is no channel: in an opaque origin, or in an engine without. */
export function openChannel(
  name: string,
  enabled: boolean,
  onMessage: (message: string) => void,
): Channel {
  const channel = enabled ? attempt(() => new BroadcastChannel(name)) : undefined;
  if (channel !== undefined) {
    channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (typeof data === 'string') onMessage(data);
    };
    // In Node a channel keeps the process alive, unless it is detached.
    attempt(() => (channel as { unref?: () => void }).unref?.());
  }
  return {
    post: (message) => channel?.postMessage(message),
    close: () => attempt(() => channel?.close()),
  };
}
