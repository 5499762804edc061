// The client's events: as those of an EventTarget, of which not every platform has one. Listeners
// cannot harm the client (X5), and it knows whether anybody listens to the timeline (L4).
import type {
  AuthEvent,
  AuthEventDetails,
  AuthEventListener,
  AuthEventType,
  AuthSnapshot,
} from '../types.ts';
import { isObject, report } from '../values.ts';

type Listener = AuthEventListener;

// One that was added; by itself, so that it is known from the same listener added again.
interface Entry {
  readonly once: boolean;
}

export abstract class AuthEvents {
  readonly #onTimeline: (on: boolean) => void;
  readonly #listeners = new Map<AuthEventType, Map<Listener, Entry>>();
  readonly #subscribers = new Set<() => void>();
  // The snapshot that the subscribers know of.
  #told: AuthSnapshot | undefined;

  /** Calls `onTimeline` when the first listener to `timeline` comes, and when the last one goes. */
  constructor(onTimeline: (on: boolean) => void) {
    this.#onTimeline = onTimeline;
  }

  abstract readonly getSnapshot: () => AuthSnapshot;

  addEventListener<Type extends AuthEventType>(
    type: Type,
    listener: AuthEventListener<Type> | null,
    options?: boolean | AddEventListenerOptions,
  ): void {
    const { once = false, signal } = isObject(options) ? options : {};
    const all = this.#listenersOf(type);
    const key = listener as Listener | null;
    // A listener added twice is one.
    if (key === null || signal?.aborted === true || all.has(key)) return;
    const entry = { once };
    all.set(key, entry);
    signal?.addEventListener('abort', () => {
      if (all.get(key) === entry) this.#remove(type, key);
    });
    if (type === 'timeline' && all.size === 1) this.#onTimeline(true);
  }

  removeEventListener<Type extends AuthEventType>(
    type: Type,
    listener: AuthEventListener<Type> | null,
  ): void {
    this.#remove(type, listener as Listener | null);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    // One of its own, so that a listener subscribed twice can be taken off once.
    const call = (): void => listener();
    if (this.#subscribers.size === 0) this.#told = this.getSnapshot();
    this.#subscribers.add(call);
    return () => void this.#subscribers.delete(call);
  };

  emit<Type extends AuthEventType>(type: Type, detail: AuthEventDetails[Type]): void {
    const all = this.#listenersOf(type);
    const event = { type, detail, target: this, currentTarget: this } as unknown as AuthEvent;
    for (const [listener, entry] of [...all]) {
      // A listener before it may have taken it off.
      if (all.get(listener) !== entry) continue;
      if (entry.once) this.#remove(type, listener);
      guard(() => {
        if (typeof listener === 'function') listener.call(this, event as never);
        else listener.handleEvent(event);
      });
    }
    if (type === 'signedin' || type === 'signedout' || type === 'refreshed') {
      this.tell(type === 'refreshed');
    }
  }

  /** Calls the subscribers if the snapshot has changed, or in any case. */
  protected tell(always = false): void {
    if (this.#subscribers.size === 0) return;
    const snapshot = this.getSnapshot();
    if (snapshot === this.#told && !always) return;
    this.#told = snapshot;
    for (const subscriber of [...this.#subscribers]) guard(subscriber);
  }

  #listenersOf(type: AuthEventType): Map<Listener, Entry> {
    let all = this.#listeners.get(type);
    if (all === undefined) this.#listeners.set(type, (all = new Map<Listener, Entry>()));
    return all;
  }

  #remove(type: AuthEventType, listener: Listener | null): void {
    const all = this.#listenersOf(type);
    if (all.delete(listener as Listener) && type === 'timeline' && all.size === 0) {
      this.#onTimeline(false);
    }
  }
}

// What a listener throws ends nothing.
function guard(call: () => void): void {
  try {
    call();
  } catch (error) {
    report(error);
  }
}
