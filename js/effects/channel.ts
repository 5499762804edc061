// Messages between the tabs of an origin (X3). The core writes and reads them; they hold no token.

/** A channel that cannot fail: where there is none, nobody is told. */
export class Channel {
  readonly #channel: BroadcastChannel | undefined;

  constructor(name: string, enabled: boolean, onMessage: (message: string) => void) {
    this.#channel = enabled ? open(name) : undefined;
    if (this.#channel === undefined) return;
    this.#channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (typeof data === 'string') onMessage(data);
    };
    // In Node a channel keeps the process alive, unless told otherwise.
    (this.#channel as { unref?: () => void }).unref?.();
  }

  post(message: string): void {
    try {
      this.#channel?.postMessage(message);
    } catch {
      // Closed by the page's end: there is nobody left to tell it.
    }
  }

  close(): void {
    this.#channel?.close();
  }
}

function open(name: string): BroadcastChannel | undefined {
  try {
    return new BroadcastChannel(name);
  } catch {
    return undefined; // an opaque origin, or an engine without
  }
}
