// Drives one session machine: feeds it what happens, takes out what it wants done, and sets the one
// timer it asks for. Takes no decision about tokens, retries or tabs: those are the core's.
//
// Order: after each input all its effects are taken out of the core, and then carried out, one by
// one. Carrying one out may bring the next input at once (web storage answers at once, an app's own
// fetch may call the client): its effects come after those that are there already.
import {
  EFFECT,
  ERROR,
  EVENT,
  RECORD_VERSION,
  SIGN_OUT_REASONS,
  VERDICT_FLAGS,
  VERDICT_ID_SHIFT,
} from '#generated/abi';

import { createActor, type QueuedEffect } from './actor.ts';
import type { Config } from './config.ts';
import type { Core } from './core.ts';
import type { Effect } from './effects/effect.ts';
import type { EmitEvent } from './effects/emit.ts';
import { createOrigins, ownOrigin, type Origins } from './effects/origin.ts';
import { createTimer } from './effects/timer.ts';
import { isVisible, listenForWake } from './effects/wake.ts';
import { AuthError, authErrorCode, type SignOutReason } from './errors.ts';
import { createMachine, type Handle, type Machine } from './machine.ts';

/** A call that waits for the core's word. None of these throws; the first one ends the wait. */
export interface Waiter {
  /** Send it (again, if it has an answer already), with the token of this very moment. */
  send(flags: number, authorization: string): void;
  /** Hand over the answer that was kept. */
  deliver(): void;
  /** It ends here; `error` undefined: well. */
  settle(error: AuthError | undefined): void;
}

export interface Driver {
  readonly config: Config;
  readonly machine: Machine;
  readonly origins: Origins;
  /** To be called once, unless it is closed before. */
  start(): void;
  closed(): boolean;
  /** Does what the last input made the machine want done. */
  drain(): void;
  /** getAccessToken or refresh (a REQUEST_KIND): resolves or rejects by the core's word. */
  call(kind: number): Promise<void>;
  /** `waiter` is called when the core says how the call goes on; maybe at once. */
  wait(id: number, waiter: Waiter): void;
  /** The network failed; the error is its caller's. */
  fail(id: number): void;
  /** Its caller has given up. */
  abort(id: number): void;
  /** Gives an ERROR. */
  signIn(json: string): number;
  /** Resolves when the storage is cleared and the server told, as far as that goes. */
  signOut(): Promise<void>;
  /** Resolves when what was to be stored is stored, or the storage has taken too long. */
  stored(): Promise<void>;
  /** Resolves when the machine knows whether there is a session. */
  settled(): Promise<void>;
  /** A refresh that is under way is still stored: its refresh token may be the only good one. */
  close(): void;
  signedIn(): boolean;
  /** Changes whenever the access token does. */
  tokenVersion(): number;
  accessToken(): string | null;
  /** The header's value; only while there is a token. */
  authorization(): string;
}

/**
 * `emit` is told of each event while the client is open, outside of all else.
 * @throws {AuthError} `invalid_config` when an option is out of the core's range
 */
export function createDriver(core: Core, config: Config, emit: EmitEvent): Driver {
  // S5: a record, and with it a lock and a channel, of another version has another name.
  const name = `${config.name}.v${RECORD_VERSION}`;
  const machine = createMachine(core, config, ownOrigin() ?? '');
  const waiters = new Map<number, Waiter>();
  const whenSettled: (() => void)[] = [];
  const queue: QueuedEffect[] = [];
  let performing = false;
  let tokenVersion = 0;
  let header: string | undefined;
  let endedAccessToken: string | null = null;
  let retryAt: number | undefined;
  let reason: SignOutReason | undefined;
  let closed = false;
  let destroyed = false;

  // Feeds the machine, and does what it wants done.
  const input: Handle = (kind, ...values) => {
    if (destroyed) return ERROR.closed;
    const answer = machine.handle(kind, ...values);
    drain();
    return answer;
  };
  const actor = createActor(config, name, input, (type, detail) => {
    if (!closed) emit(type, detail);
  });
  const timer = createTimer(() => input('timeout'));
  const stopListening = listenForWake(name, (flags) => {
    // The timer has slept as well.
    timer.clear();
    input('wake', flags);
  });

  // ---- in ----

  function drain(): void {
    collect();
    if (performing) return;
    performing = true;
    for (let effect = queue.shift(); effect !== undefined; effect = queue.shift()) perform(effect);
    performing = false;
    afterwards();
  }

  function call(kind: number): Promise<void> {
    return new Promise((resolve, reject) => {
      if (closed) throw new AuthError('closed');
      const verdict = machine.handle('request', kind, 0);
      if ((verdict & VERDICT_FLAGS.refused) !== 0) throw new AuthError('too_many_requests');
      wait(verdict >>> VERDICT_ID_SHIFT, {
        send: () => resolve(),
        deliver: resolve,
        settle: (error) => (error === undefined ? resolve() : reject(error)),
      });
    });
  }

  function wait(id: number, waiter: Waiter): void {
    waiters.set(id, waiter);
    drain();
  }

  // ---- to look at ----

  function accessToken(): string | null {
    return (closed ? '' : machine.accessToken()) || null;
  }

  function authorization(): string {
    return (header ??= `Bearer ${machine.accessToken()}`);
  }

  // ---- out ----

  function collect(): void {
    const version = machine.tokenVersion();
    if (version !== tokenVersion) {
      tokenVersion = version;
      header = undefined;
    }
    const first = queue.length;
    for (let next = machine.pollEffect(); next !== undefined; next = machine.pollEffect()) {
      queue.push({ ...next, authorization: '', accessToken: null });
    }
    queue.slice(first).forEach(note);
  }

  // What will have changed by the time the effect is carried out.
  function note(effect: QueuedEffect): void {
    const { kind, flags, code } = effect;
    if (kind === EFFECT.send || kind === EFFECT.retry) {
      if ((flags & VERDICT_FLAGS.with_token) !== 0) effect.authorization = authorization();
    } else if (kind === EFFECT.refresh || kind === EFFECT.revoke) {
      effect.accessToken = endedAccessToken ?? accessToken();
    } else if (kind === EFFECT.emit) {
      if (code === EVENT.refreshfailed) retryAt = effect.at;
      if (code === EVENT.signedout) reason = SIGN_OUT_REASONS[flags];
    }
  }

  function perform(effect: QueuedEffect): void {
    const { kind, code } = effect;
    if (kind === EFFECT.send || kind === EFFECT.retry) {
      take(effect)?.send(effect.flags, effect.authorization);
    } else if (kind === EFFECT.deliver) take(effect)?.deliver();
    else if (kind === EFFECT.settle) take(effect)?.settle(errorOf(code));
    else actor.perform(effect);
  }

  function take({ request }: Effect): Waiter | undefined {
    const waiter = waiters.get(request);
    waiters.delete(request);
    return waiter;
  }

  function errorOf(code: number): AuthError | undefined {
    if (code === ERROR.none) return undefined;
    const known = authErrorCode(code) ?? 'refresh_failed';
    return new AuthError(known, {
      retryAt: known === 'refresh_failed' ? retryAt : undefined,
      reason: known === 'refresh_rejected' || known === 'signed_out' ? reason : undefined,
    });
  }

  function afterwards(): void {
    const over = closed && !machine.refreshing() && !actor.busy();
    if (over && !destroyed) {
      destroyed = true;
      timer.clear();
      actor.close();
      machine.destroy();
    }
    if (over || machine.settled()) {
      for (const resolve of whenSettled.splice(0)) resolve();
    }
    if (!over) timer.set(machine.pollTimeout(), config.now(), waiters.size > 0);
  }

  return {
    config,
    machine,
    origins: createOrigins(machine.allowsOrigin),
    start() {
      input('start');
      if (!isVisible()) input('wake', 0);
    },
    closed: () => closed,
    drain,
    call,
    wait,
    fail: (id) => void input('transport_error', id),
    abort(id) {
      waiters.delete(id);
      input('abort', id);
    },
    signIn: (json) => (closed ? ERROR.closed : input('sign_in', json)),
    async signOut() {
      if (closed) return;
      endedAccessToken = accessToken();
      input('sign_out');
      endedAccessToken = null;
      await Promise.all([actor.stored(), actor.told()]);
    },
    stored: actor.stored,
    async settled() {
      if (destroyed || machine.settled()) return;
      await new Promise<void>((resolve) => whenSettled.push(resolve));
    },
    close() {
      if (closed) return;
      closed = true;
      stopListening();
      input('close');
    },
    signedIn: () => !closed && machine.signedIn(),
    tokenVersion: () => tokenVersion,
    accessToken,
    authorization,
  };
}
