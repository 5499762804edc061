// What a client takes of its platform: the global object, or what bearerkit/testing puts in its place.

export interface World {
  setTimeout(callback: () => void, delay: number): unknown;
  clearTimeout(timer: unknown): void;
  readonly BroadcastChannel: new (
    name: string,
  ) => Pick<BroadcastChannel, 'onmessage' | 'postMessage' | 'close'>;
  /** Absent, or without locks, in many places: who asks for them lives with what is thrown. */
  readonly navigator: { readonly locks: Pick<LockManager, 'request' | 'query'> };
  readonly addEventListener?: EventTarget['addEventListener'];
  readonly removeEventListener?: EventTarget['removeEventListener'];
  /** In pages only. */
  readonly document?: Pick<Document, 'baseURI' | 'addEventListener' | 'removeEventListener'>;
  /** In pages and workers. */
  readonly location?: Pick<Location, 'href' | 'origin'>;
  readonly origin?: string;
  /** Hermes has none. */
  readonly crypto?: Partial<Pick<Crypto, 'getRandomValues'>>;
}

/** The clock of an app may bring a world along. Its name is the package's own: no app can say it. */
export interface WorldClock {
  now(): number;
  readonly testWorld?: World;
}
