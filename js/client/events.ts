// The client's events: an EventTarget whose listeners cannot harm it (X5), and which knows whether
// anybody listens to the timeline (L4).
import type { AuthEventDetails, AuthEventListener, AuthEventType, AuthSnapshot } from '../types.ts';
import { report } from '../values.ts';

type Listener = AuthEventListener;

export abstract class AuthEventTarget extends EventTarget {
  readonly #onTimeline: (on: boolean) => void;
  // One wrapper for each listener, so that a listener added twice is one, as it should be.
  readonly #guarded = new WeakMap<object, (event: Event) => void>();
  readonly #subscribers = new Set<() => void>();
  // The snapshot that the subscribers know of.
  #told: AuthSnapshot | undefined;
  // Whether anybody has heard the event that is being dispatched.
  #heard = false;

  /** Calls `onTimeline` when a listener to `timeline` comes, and when nobody has heard such an event. */
  constructor(onTimeline: (on: boolean) => void) {
    super();
    this.#onTimeline = onTimeline;
  }

  abstract readonly getSnapshot: () => AuthSnapshot;

  override addEventListener<Type extends AuthEventType>(
    type: Type,
    listener: AuthEventListener<Type> | null,
    options?: boolean | AddEventListenerOptions,
  ): void {
    if (listener === null) return;
    super.addEventListener(type, this.#guard(listener as Listener), options);
    if (type === 'timeline') this.#onTimeline(true);
  }

  override removeEventListener<Type extends AuthEventType>(
    type: Type,
    listener: AuthEventListener<Type> | null,
    options?: boolean | EventListenerOptions,
  ): void {
    if (listener !== null)
      super.removeEventListener(type, this.#guard(listener as Listener), options);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    // One of its own, so that a listener subscribed twice can be taken off once.
    const call = (): void => listener();
    if (this.#subscribers.size === 0) this.#told = this.getSnapshot();
    this.#subscribers.add(call);
    return () => void this.#subscribers.delete(call);
  };

  emit<Type extends AuthEventType>(type: Type, detail: AuthEventDetails[Type]): void {
    this.#heard = false;
    super.dispatchEvent(new CustomEvent(type, { detail }));
    // Taken off, heard once, or its signal aborted: whichever way the last listener went.
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- a listener sets it
    if (type === 'timeline' && !this.#heard) this.#onTimeline(false);
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

  #guard(listener: Listener): (event: Event) => void {
    const known = this.#guarded.get(listener);
    if (known !== undefined) return known;
    const guarded = (event: Event): void => {
      this.#heard = true;
      // The type of the event is that which the listener was added for.
      const own = event as Parameters<Extract<Listener, (...values: never[]) => unknown>>[0];
      guard(() => {
        if (typeof listener === 'function') listener.call(this, own);
        else listener.handleEvent(own);
      });
    };
    // Its own wrapper: Node takes a listener off by removeEventListener when its signal is aborted.
    this.#guarded.set(listener, guarded).set(guarded, guarded);
    return guarded;
  }
}

// What a listener throws ends nothing. (In Node an EventTarget would end the process.)
function guard(call: () => void): void {
  try {
    call();
  } catch (error) {
    report(error);
  }
}
