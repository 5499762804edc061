// Messages between the tabs of an origin (X3). The core writes and reads them. They hold tokens only
// where no shared storage carries them (X9).
import { attempt } from '../values.ts';
import { whileAway } from './away.ts';
import type { World } from './world.ts';

export interface Channel {
  /** Throws where the platform does. */
  post(message: string): void;
  close(): void;
}

/** Posts nowhere where there is no channel: in an opaque origin, or in an engine without. */
export function openChannel(
  world: World,
  name: string,
  enabled: boolean,
  onMessage: (message: string) => void,
): Channel {
  let channel: InstanceType<World['BroadcastChannel']> | undefined;

  function open(): void {
    channel = enabled ? attempt(() => new world.BroadcastChannel(name)) : undefined;
    if (channel === undefined) return;
    channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (typeof data === 'string') onMessage(data);
    };
    // In Node a channel keeps the process alive, unless it is detached.
    attempt(() => (channel as { unref?: () => void }).unref?.());
  }

  function close(): void {
    attempt(() => channel?.close());
    channel = undefined;
  }

  // X7: a message that waits for a page in the back/forward cache would drop it from there. What it
  // missed it reads when it is back: this listener comes before the one that wakes the client.
  const stayHere = whileAway((away) => (away ? close() : (channel ?? open())));
  open();
  return {
    post(message) {
      const away = channel === undefined;
      if (away) open();
      channel?.postMessage(message);
      if (away) close();
    },
    close() {
      stayHere();
      close();
      enabled = false;
    },
  };
}
