// The platform of one tab, and what the tabs of an origin have in common.
import type { World, WorldClock } from '../platform/world.ts';
import type { Fetch, TokenStorage } from '../types.ts';
import type { VirtualClock } from './clock.ts';
import { createLockManager } from './locks.ts';
import { randomValuesOf } from './random.ts';

type Listener = (event: Event) => void;
type Channel = InstanceType<World['BroadcastChannel']>;

/** What the tabs share. */
export interface Origin {
  readonly href: string;
  readonly clock: VirtualClock;
  readonly seed: number;
  readonly locks: World['navigator']['locks'];
  readonly records: Map<string, string>;
  readonly channels: Set<{ readonly name: string; readonly channel: Channel }>;
  readonly tabs: Tab[];
}

export interface Tab {
  /** The options that are the platform's. */
  readonly platform: { fetch: Fetch; clock: WorldClock; storage: TokenStorage };
  /** How many milliseconds its clock is wrong by. */
  skew: number;
  /** From now on it throws. */
  storageFails: boolean;
  /** An event of the page, as far as a client looks at it. */
  dispatch(event: { type: string; key?: string }): void;
}

export function createOrigin(href: string, clock: VirtualClock, seed: number): Origin {
  const locks = createLockManager(() => clock.touch());
  return { href, clock, seed, locks, records: new Map(), channels: new Set(), tabs: [] };
}

/** `send` is the network. */
export function openTab(
  origin: Origin,
  send: (tab: Tab, ...request: Parameters<Fetch>) => Promise<Response>,
): Tab {
  const { clock, seed, tabs } = origin;
  const listeners = new Map<string, Set<Listener>>();
  const clockOfTab: WorldClock = {
    now: () => clock.now() + tab.skew,
    testWorld: worldOf(origin, listeners, seed + tabs.length),
  };
  const tab: Tab = {
    platform: {
      clock: clockOfTab,
      fetch: (input, init) => send(tab, input, init),
      storage: storageOf(origin, () => tab),
    },
    skew: 0,
    storageFails: false,
    dispatch(event) {
      clock.touch();
      for (const listener of listeners.get(event.type) ?? []) listener(event as Event);
    },
  };
  tabs.push(tab);
  return tab;
}

function worldOf(origin: Origin, listeners: Map<string, Set<Listener>>, seed: number): World {
  const { clock, href, locks } = origin;
  const getRandomValues = randomValuesOf(seed);
  return {
    setTimeout: (ring, delay) => clock.set(ring, delay),
    clearTimeout: (alarm) => clock.clear(alarm),
    BroadcastChannel: channelOf(origin),
    navigator: { locks },
    location: { href: `${href}/`, origin: href },
    origin: href,
    crypto: { getRandomValues: getRandomValues as never },
    addEventListener: (type: string, listener: unknown) => {
      const ofType = listeners.get(type) ?? new Set();
      listeners.set(type, ofType.add(listener as Listener));
    },
    removeEventListener: (type: string, listener: unknown) => {
      listeners.get(type)?.delete(listener as Listener);
    },
  };
}

function channelOf({ channels, clock }: Origin): World['BroadcastChannel'] {
  return class implements Channel {
    onmessage: BroadcastChannel['onmessage'] = null;
    readonly #own: { readonly name: string; readonly channel: Channel };

    constructor(name: string) {
      this.#own = { name, channel: this };
      channels.add(this.#own);
    }

    postMessage(data: unknown): void {
      for (const other of channels) {
        if (other === this.#own || other.name !== this.#own.name) continue;
        clock.touch();
        void Promise.resolve().then(() => {
          if (channels.has(other)) deliver(other.channel, data);
        });
      }
    }

    close(): void {
      channels.delete(this.#own);
    }
  };
}

function deliver(channel: Channel, data: unknown): void {
  (channel.onmessage as ((event: { data: unknown }) => void) | null)?.({ data });
}

// As localStorage: what one tab writes the others see at once, and are told of.
function storageOf({ records, clock, tabs }: Origin, own: () => Tab): TokenStorage {
  const use = <T>(operation: () => T): T => {
    clock.touch();
    if (own().storageFails) throw new DOMException('The storage is full.', 'QuotaExceededError');
    return operation();
  };
  const tellOthers = (key: string): void => {
    for (const tab of tabs) {
      if (tab !== own()) void Promise.resolve().then(() => tab.dispatch({ type: 'storage', key }));
    }
  };
  return {
    shared: true,
    get: (key) => use(() => records.get(key) ?? null),
    set: (key, text) =>
      use(() => {
        records.set(key, text);
        tellOthers(key);
      }),
    remove: (key) =>
      use(() => {
        if (records.delete(key)) tellOthers(key);
      }),
  };
}
