// Drives one session machine: feeds it what happens, carries out what it wants done, and sets the
// one timer it asks for. Takes no decision about tokens, retries or tabs: those are the core's.
//
// Order: after each input all its effects are taken out of the core, and then carried out, one by
// one. Carrying one out may bring the next input at once (web storage answers at once, an app's own
// fetch may call the client): its effects come after those that are there already.
import {
  EFFECT,
  ERROR,
  ERROR_CODES,
  EVENT,
  MODE,
  READ_OUTCOME,
  RECORD_VERSION,
  SIGN_IN_SOURCE,
  SIGN_OUT_REASONS,
  TIMELINE_CAUSES,
  VERDICT_FLAGS,
  VERDICT_ID_SHIFT,
  WARNINGS,
} from '#generated/abi';

import type { Config } from './config.ts';
import type { Core } from './core.ts';
import { Channel } from './effects/channel.ts';
import type { Effect } from './effects/effect.ts';
import { Locks } from './effects/lock.ts';
import { Origins, ownOrigin } from './effects/origin.ts';
import { Refresher, type RefreshResult } from './effects/refresh.ts';
import { revoke } from './effects/revoke.ts';
import { Timer } from './effects/timer.ts';
import { isVisible, listenForWake } from './effects/wake.ts';
import { AuthError, isAuthErrorCode, type SignOutReason } from './errors.ts';
import { Machine } from './machine.ts';
import { SafeStorage } from './storage/safe.ts';
import type { AuthEventDetails, AuthEventType } from './types.ts';

/** A call that waits for the core's word. Each of these is called once at most, and never throws. */
export interface Waiter {
  /** Send it (again, if it has an answer already); `authorization` is of this very moment. */
  send(flags: number, authorization: string): void;
  /** Hand over the answer that was kept. */
  deliver(): void;
  /** It ends here; `error` undefined: well. */
  settle(error: AuthError | undefined): void;
}

/** Told of each event, outside of all else. */
export type EmitEvent = <Type extends AuthEventType>(
  type: Type,
  detail: AuthEventDetails[Type],
) => void;

interface QueuedEffect extends Effect {
  /** For send and retry: the header as it was when the core asked for it (L2). */
  authorization: string;
  /** For refresh and revoke: the access token then, or the one that a sign-out has just ended. */
  accessToken: string | null;
}

export class Driver {
  readonly config: Config;
  readonly machine: Machine;
  readonly origins: Origins;
  readonly #emit: EmitEvent;
  readonly #storage: SafeStorage;
  readonly #locks: Locks;
  readonly #channel: Channel;
  readonly #timer: Timer;
  readonly #refresher: Refresher | undefined;
  readonly #stopListening: () => void;
  readonly #waiters = new Map<number, Waiter>();
  readonly #revocations = new Set<Promise<void>>();
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

  constructor(core: Core, config: Config, emit: EmitEvent) {
    // S5: a record, and with it a lock and a channel, of another version has another name.
    const name = `${config.name}.v${RECORD_VERSION}`;
    const { mode, refresh } = config;
    this.config = config;
    this.#emit = emit;
    this.machine = new Machine(core, config);
    this.origins = new Origins((origin) => this.machine.allowsOrigin(origin));
    this.#storage = new SafeStorage(config.storage, name, () => {
      this.input(() => this.machine.storageUnavailable());
    });
    this.#locks = new Locks(name, config.tabs);
    this.#channel = new Channel(name, config.tabs, (message) => {
      this.input(() => this.machine.peerMessage(message));
    });
    this.#timer = new Timer(() => this.input(() => this.machine.timeout()));
    this.#refresher =
      refresh &&
      new Refresher(refresh, mode === MODE.bearer ? undefined : config.csrf, config.fetch);
    this.#stopListening = listenForWake(name, (visible) => {
      // The timer has slept as well.
      this.#timer.clear();
      this.input(() => this.machine.wake(visible));
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
      this.drain();
    });
  }

  /** The waiter is forgotten when it is called. */
  wait(id: number, waiter: Waiter): void {
    this.#waiters.set(id, waiter);
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
    await Promise.all([this.stored(), ...this.#revocations]);
  }

  /** Resolves when what was to be stored is stored, or the storage has taken too long. */
  stored(): Promise<void> {
    return this.#storage.settled(this.config.storageTimeout);
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
    for (
      let next = this.machine.pollEffect();
      next !== undefined;
      next = this.machine.pollEffect()
    ) {
      this.#effects.push({ ...next, authorization: '', accessToken: null });
    }
    const version = this.machine.tokenVersion;
    if (version !== this.#tokenVersion) {
      this.#tokenVersion = version;
      this.#authorization = undefined;
    }
    for (const effect of this.#effects.slice(first)) {
      if ((effect.flags & VERDICT_FLAGS.with_token) !== 0 && isSending(effect)) {
        effect.authorization = this.authorization();
      } else if (effect.kind === EFFECT.refresh || effect.kind === EFFECT.revoke) {
        effect.accessToken = this.#endedAccessToken ?? this.accessToken();
      } else if (effect.kind === EFFECT.emit) {
        this.#remember(effect);
      }
    }
  }

  #perform(effect: QueuedEffect): void {
    const { kind, request, ticket, data } = effect;
    switch (kind) {
      case EFFECT.send:
      case EFFECT.retry:
        this.#take(request)?.send(effect.flags, effect.authorization);
        break;
      case EFFECT.deliver:
        this.#take(request)?.deliver();
        break;
      case EFFECT.settle:
        this.#take(request)?.settle(this.#error(effect.code));
        break;
      case EFFECT.acquire_lock:
        this.#locks.acquire(ticket, effect.flags !== 0, () => {
          this.input(() => this.machine.lockGranted(ticket));
        });
        break;
      case EFFECT.release_lock:
        this.#locks.release(ticket);
        break;
      case EFFECT.read_storage:
        this.#read(effect);
        break;
      case EFFECT.write_storage:
        this.#storage.write(data, () => this.input(() => this.machine.storageWritten(ticket)));
        break;
      case EFFECT.remove_storage:
        this.#storage.remove();
        break;
      case EFFECT.refresh:
        this.#redeem(effect);
        break;
      case EFFECT.cancel_refresh:
        this.#refresher?.cancel(ticket);
        break;
      case EFFECT.revoke:
        this.#revoke(effect);
        break;
      case EFFECT.broadcast:
        this.#channel.post(data);
        break;
      case EFFECT.emit:
        this.#tell(effect);
        break;
    }
  }

  #take(id: number): Waiter | undefined {
    const waiter = this.#waiters.get(id);
    this.#waiters.delete(id);
    return waiter;
  }

  #read({ code, ticket }: Effect): void {
    this.#storage.read((found) => {
      const outcome = found === undefined ? 'failed' : found === null ? 'missing' : 'found';
      this.input(() => this.machine.storageRead(code, ticket, READ_OUTCOME[outcome], found ?? ''));
    });
  }

  #redeem({ ticket, code, data, accessToken }: QueuedEffect): void {
    const done = (result: RefreshResult): void => {
      this.input(() => {
        if (result.answer !== undefined) this.machine.tokenResponse(ticket, result.answer);
        else this.machine.refreshError(ticket, result.override);
      });
    };
    void this.#refresher
      ?.redeem(ticket, { dialect: code, refreshToken: data, accessToken })
      .then(done);
  }

  #revoke({ code, data, accessToken }: QueuedEffect): void {
    const { signOut, signOutDialect, signOutTimeout, mode, csrf, fetch } = this.config;
    if (signOut === undefined) return;
    const told = revoke(
      { signOut, csrf: mode === MODE.bearer ? undefined : csrf, fetch, timeout: signOutTimeout },
      { dialect: signOutDialect || code, refreshToken: data, accessToken },
    ).then(() => void this.#revocations.delete(told));
    this.#revocations.add(told);
  }

  // Not now: listeners may do anything (X5).
  #tell(effect: Effect): void {
    queueMicrotask(() => {
      if (!this.#closed) emitEvent(effect, this.#emit);
    });
  }

  #remember({ code, flags, at }: Effect): void {
    if (code === EVENT.refreshfailed) this.#retryAt = at;
    if (code === EVENT.signedout) this.#reason = SIGN_OUT_REASONS[flags];
  }

  #error(code: number): AuthError | undefined {
    if (code === ERROR.none) return undefined;
    const name = ERROR_CODES[code] ?? 'refresh_failed';
    const known = isAuthErrorCode(name) ? name : 'refresh_failed';
    if (known === 'refresh_failed') return new AuthError(known, { retryAt: this.#retryAt });
    if (known === 'closed') return new AuthError(known);
    return new AuthError(known, { reason: this.#reason });
  }

  #afterwards(): void {
    if (this.#closed && !this.machine.refreshing && !this.#storage.busy) {
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
    this.#locks.releaseAll();
    this.#channel.close();
    this.machine.destroy();
    this.#resolveSettled();
  }

  #resolveSettled(): void {
    for (const resolve of this.#whenSettled.splice(0)) resolve();
  }
}

function isSending({ kind }: Effect): boolean {
  return kind === EFFECT.send || kind === EFFECT.retry;
}

// The core's numbers as the app's words.
function emitEvent(effect: Effect, emit: EmitEvent): void {
  const { code, flags, generation, at, request } = effect;
  switch (code) {
    case EVENT.signedin: {
      const elsewhere = flags === SIGN_IN_SOURCE.elsewhere;
      emit('signedin', { elsewhere, restored: flags === SIGN_IN_SOURCE.restored });
      break;
    }
    case EVENT.signedout:
      emit('signedout', { reason: SIGN_OUT_REASONS[flags] ?? 'signed_out' });
      break;
    case EVENT.refreshed:
      emit('refreshed', { generation, elsewhere: flags !== 0 });
      break;
    case EVENT.refreshfailed:
      emit('refreshfailed', { retryAt: at });
      break;
    case EVENT.warning:
      emit('warning', { code: WARNINGS[flags] ?? 'storage_unavailable' });
      break;
    case EVENT.timeline: {
      const cause = TIMELINE_CAUSES[flags];
      if (cause !== undefined) emit('timeline', { cause, request, generation, at });
      break;
    }
  }
}
