// Drives one session machine: feeds it what happens, takes out what it wants done, and sets the one
// timer it asks for. Takes no decision about tokens, retries or tabs: those are the core's.
//
// Order: after each input all its effects are taken out of the core, and then carried out, one by
// one. Carrying one out may bring the next input at once (web storage answers at once, an app's own
// fetch may call the client): its effects come after those that are there already.
import {
  EFFECT,
  ERROR,
  ERROR_CODES,
  EVENT,
  RECORD_VERSION,
  SIGN_OUT_REASONS,
  VERDICT_FLAGS,
  VERDICT_ID_SHIFT,
} from '#generated/abi';

import { Actor, type QueuedEffect } from './actor.ts';
import type { Config } from './config.ts';
import type { Core } from './core.ts';
import type { Effect } from './effects/effect.ts';
import type { EmitEvent } from './effects/emit.ts';
import { Origins, ownOrigin } from './effects/origin.ts';
import { Timer } from './effects/timer.ts';
import { isVisible, listenForWake } from './effects/wake.ts';
import { AuthError, isAuthErrorCode, type SignOutReason } from './errors.ts';
import { Machine } from './machine.ts';

/** A call that waits for the core's word. None of these throws; the first one ends the wait. */
export interface Waiter {
  /** Send it (again, if it has an answer already), with the token of this very moment. */
  send(flags: number, authorization: string): void;
  /** Hand over the answer that was kept. */
  deliver(): void;
  /** It ends here; `error` undefined: well. */
  settle(error: AuthError | undefined): void;
}

export class Driver {
  readonly config: Config;
  readonly machine: Machine;
  readonly origins: Origins;
  readonly #actor: Actor;
  readonly #timer: Timer;
  readonly #stopListening: () => void;
  readonly #waiters = new Map<number, Waiter>();
  readonly #whenSettled: (() => void)[] = [];
  readonly #effects: QueuedEffect[] = [];
  #performing = false;
  #tokenVersion = 0;
  #authorization: string | undefined;
  #endedAccessToken: string | null = null;
  #retryAt: number | undefined;
  #reason: SignOutReason | undefined;
  #closed = false;
  #destroyed = false;

  /** `emit` is told of each event while the client is open, outside of all else. */
  constructor(core: Core, config: Config, emit: EmitEvent) {
    // S5: a record, and with it a lock and a channel, of another version has another name.
    const name = `${config.name}.v${RECORD_VERSION}`;
    const input = (feed: () => void): void => this.input(feed);
    this.config = config;
    this.machine = new Machine(core, config);
    this.origins = new Origins((origin) => this.machine.allowsOrigin(origin));
    this.#actor = new Actor(config, name, this.machine, input, (type, detail) => {
      if (!this.#closed) emit(type, detail);
    });
    this.#timer = new Timer(() => input(() => this.machine.timeout()));
    this.#stopListening = listenForWake(name, (visible) => {
      // The timer has slept as well.
      this.#timer.clear();
      input(() => this.machine.wake(visible));
    });
  }

  /** False when an option is out of the core's range. */
  start(): boolean {
    const { machine } = this;
    if (machine.created) machine.setOwnOrigin(ownOrigin() ?? '');
    if (!machine.created || !this.config.origins.every((origin) => machine.addOrigin(origin))) {
      this.#closed = true;
      this.#stopListening();
      this.#destroy();
      return false;
    }
    this.input(() => machine.start());
    if (!isVisible()) this.input(() => machine.wake(false));
    return true;
  }

  // ---- in ----

  get closed(): boolean {
    return this.#closed;
  }

  /** Feeds the machine, and does what it wants done. */
  input(feed: () => void): void {
    if (this.#destroyed) return;
    feed();
    this.drain();
  }

  /** The effects of the last input. */
  drain(): void {
    this.#collect();
    if (this.#performing) return;
    this.#performing = true;
    for (let effect = this.#effects.shift(); effect !== undefined; effect = this.#effects.shift()) {
      this.#perform(effect);
    }
    this.#performing = false;
    this.#afterwards();
  }

  /** getAccessToken or refresh: resolves or rejects by the core's word. */
  call(kind: 'token' | 'refresh'): Promise<void> {
    if (this.#closed) return Promise.reject(new AuthError('closed'));
    return new Promise((resolve, reject) => {
      const verdict = this.machine.call(kind);
      if ((verdict & VERDICT_FLAGS.refused) !== 0) {
        reject(new AuthError('too_many_requests'));
        return;
      }
      this.wait(verdict >>> VERDICT_ID_SHIFT, {
        send: () => resolve(),
        deliver: () => resolve(),
        settle: (error) => (error === undefined ? resolve() : reject(error)),
      });
    });
  }

  /** `waiter` is called when the core says how the call goes on; maybe at once. */
  wait(id: number, waiter: Waiter): void {
    this.#waiters.set(id, waiter);
    this.drain();
  }

  /** The network failed; the error is its caller's. */
  fail(id: number): void {
    this.input(() => this.machine.transportError(id));
  }

  /** Its caller has given up. */
  abort(id: number): void {
    this.#waiters.delete(id);
    this.input(() => this.machine.abort(id));
  }

  /** Gives an ERROR. */
  signIn(json: string): number {
    let error: number = ERROR.closed;
    if (!this.#closed) this.input(() => (error = this.machine.signIn(json)));
    return error;
  }

  /** Resolves when the storage is cleared and the server told, as far as that goes. */
  async signOut(): Promise<void> {
    if (this.#closed) return;
    this.#endedAccessToken = this.accessToken();
    this.input(() => this.machine.signOut());
    this.#endedAccessToken = null;
    await Promise.all([this.stored(), this.#actor.told()]);
  }

  /** Resolves when what was to be stored is stored, or the storage has taken too long. */
  stored(): Promise<void> {
    return this.#actor.stored();
  }

  /** Resolves when the machine knows whether there is a session. */
  settled(): Promise<void> {
    if (this.#destroyed || this.machine.settled) return Promise.resolve();
    return new Promise((resolve) => this.#whenSettled.push(resolve));
  }

  /** A refresh that is under way is still stored: its refresh token may be the only good one. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopListening();
    this.input(() => this.machine.close());
  }

  // ---- to look at ----

  get signedIn(): boolean {
    return !this.#closed && this.machine.signedIn;
  }

  /** Changes whenever the access token does. */
  get tokenVersion(): number {
    return this.#tokenVersion;
  }

  accessToken(): string | null {
    return (this.#closed ? '' : this.machine.readAccessToken()) || null;
  }

  /** The header's value; only while there is a token. */
  authorization(): string {
    return (this.#authorization ??= `Bearer ${this.machine.readAccessToken()}`);
  }

  // ---- out ----

  #collect(): void {
    const first = this.#effects.length;
    for (let next = this.machine.pollEffect(); next; next = this.machine.pollEffect()) {
      this.#effects.push({ ...next, authorization: '', accessToken: null });
    }
    const version = this.machine.tokenVersion;
    if (version !== this.#tokenVersion) {
      this.#tokenVersion = version;
      this.#authorization = undefined;
    }
    for (const effect of this.#effects.slice(first)) this.#note(effect);
  }

  // What will have changed by the time the effect is carried out.
  #note(effect: QueuedEffect): void {
    const { kind, flags } = effect;
    if (kind === EFFECT.send || kind === EFFECT.retry) {
      if ((flags & VERDICT_FLAGS.with_token) !== 0) effect.authorization = this.authorization();
    } else if (kind === EFFECT.refresh || kind === EFFECT.revoke) {
      effect.accessToken = this.#endedAccessToken ?? this.accessToken();
    } else if (kind === EFFECT.emit) {
      if (effect.code === EVENT.refreshfailed) this.#retryAt = effect.at;
      if (effect.code === EVENT.signedout) this.#reason = SIGN_OUT_REASONS[flags];
    }
  }

  #perform(effect: QueuedEffect): void {
    switch (effect.kind) {
      case EFFECT.send:
      case EFFECT.retry:
        this.#take(effect)?.send(effect.flags, effect.authorization);
        break;
      case EFFECT.deliver:
        this.#take(effect)?.deliver();
        break;
      case EFFECT.settle:
        this.#take(effect)?.settle(this.#error(effect.code));
        break;
      default:
        this.#actor.perform(effect);
    }
  }

  #take({ request }: Effect): Waiter | undefined {
    const waiter = this.#waiters.get(request);
    this.#waiters.delete(request);
    return waiter;
  }

  #error(code: number): AuthError | undefined {
    if (code === ERROR.none) return undefined;
    const name = ERROR_CODES[code] ?? 'none';
    const known = isAuthErrorCode(name) ? name : 'refresh_failed';
    return new AuthError(known, {
      retryAt: known === 'refresh_failed' ? this.#retryAt : undefined,
      reason: known === 'refresh_rejected' || known === 'signed_out' ? this.#reason : undefined,
    });
  }

  #afterwards(): void {
    if (this.#closed && !this.machine.refreshing && !this.#actor.busy) {
      this.#destroy();
      return;
    }
    if (this.#whenSettled.length > 0 && this.machine.settled) this.#resolveSettled();
    this.#timer.set(this.machine.pollTimeout(), this.config.now(), this.#waiters.size > 0);
  }

  #destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    this.#timer.clear();
    this.#actor.close();
    this.machine.destroy();
    this.#resolveSettled();
  }

  #resolveSettled(): void {
    for (const resolve of this.#whenSettled.splice(0)) resolve();
  }
}
