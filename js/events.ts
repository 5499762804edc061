// The client's events: an EventTarget whose listeners cannot harm it (X5), and which knows whether
// anybody listens to the timeline (L4).
import type { AuthEventDetails, AuthEventListener, AuthEventType } from './types.ts';

type Listener = AuthEventListener;

export class AuthEventTarget extends EventTarget {
  readonly #onTimeline: (on: boolean) => void;
  // One wrapper for each listener, so that a listener added twice is one, as it should be.
  readonly #guarded = new WeakMap<object, (event: Event) => void>();
  readonly #timeline = new Set<object>();
  readonly #subscribers = new Set<() => void>();

  /** `onTimeline` is told when the first listener to `timeline` comes, and when the last goes. */
  constructor(onTimeline: (on: boolean) => void) {
    super();
    this.#onTimeline = onTimeline;
  }

  override addEventListener<Type extends AuthEventType>(
    type: Type,
    listener: AuthEventListener<Type> | null,
    options?: boolean | AddEventListenerOptions,
  ): void {
    if (listener === null) return;
    const signal = typeof options === 'object' ? options.signal : undefined;
    if (signal?.aborted === true) return;
    super.addEventListener(type, this.#guard(listener as Listener), options);
    if (type !== 'timeline') return;
    this.#watch(listener, true);
    signal?.addEventListener('abort', () => this.#watch(listener, false), { once: true });
  }

  override removeEventListener<Type extends AuthEventType>(
    type: Type,
    listener: AuthEventListener<Type> | null,
    options?: boolean | EventListenerOptions,
  ): void {
    if (listener === null) return;
    super.removeEventListener(type, this.#guard(listener as Listener), options);
    if (type === 'timeline') this.#watch(listener, false);
  }

  subscribe(listener: () => void): () => void {
    // One of its own, so that a listener subscribed twice can be taken off once.
    const call = (): void => listener();
    this.#subscribers.add(call);
    return () => void this.#subscribers.delete(call);
  }

  emit<Type extends AuthEventType>(type: Type, detail: AuthEventDetails[Type]): void {
    super.dispatchEvent(new CustomEvent(type, { detail }));
    if (type !== 'signedin' && type !== 'signedout' && type !== 'refreshed') return;
    for (const subscriber of [...this.#subscribers]) guard(subscriber);
  }

  #guard(listener: Listener): (event: Event) => void {
    const known = this.#guarded.get(listener);
    if (known !== undefined) return known;
    const guarded = (event: Event): void => {
      // The type of the event is that which the listener was added for.
      const own = event as Parameters<Extract<Listener, (...values: never[]) => unknown>>[0];
      guard(() => {
        if (typeof listener === 'function') listener.call(this, own);
        else listener.handleEvent(own);
      });
    };
    this.#guarded.set(listener, guarded);
    return guarded;
  }

  #watch(listener: object, on: boolean): void {
    const before = this.#timeline.size;
    if (on) this.#timeline.add(listener);
    else this.#timeline.delete(listener);
    if (before === 0 || this.#timeline.size === 0) this.#onTimeline(this.#timeline.size > 0);
  }
}

// What a listener throws is the app's: reported like any uncaught error, without ending anything.
// (In Node an EventTarget would end the process.)
function guard(call: () => void): void {
  try {
    call();
  } catch (error) {
    if (typeof reportError === 'function') reportError(error);
    else console.error(error);
  }
}
