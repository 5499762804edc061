// The calls that wait for the core's word.
import { EFFECT, ERROR } from '#generated/abi';

import type { EffectOf } from '../core/effect.ts';
import { AuthError, authErrorCode } from '../errors.ts';
import { refreshCause, signOutReason } from './emit.ts';

/** A call that waits for the core's word. The first of these ends the wait. */
export interface Waiter {
  /** Send it (again, if it has an answer already). `authorization` is the header's value, or empty. */
  send(flags: number, authorization: string): void;
  /** Hand over the answer that was kept. */
  deliver(): void;
  /** It ends here; `error` undefined: well. */
  finish(error: AuthError | undefined): void;
}

type WaiterEffect = EffectOf<'send'> | EffectOf<'retry'> | EffectOf<'deliver'> | EffectOf<'finish'>;

/** By the core's number of the request. */
export class Waiters {
  readonly #waiting = new Map<number, Waiter>();

  /** Whether nobody waits. */
  get none(): boolean {
    return this.#waiting.size === 0;
  }

  add(id: number, waiter: Waiter): void {
    this.#waiting.set(id, waiter);
  }

  /** Its caller has given up. */
  drop(id: number): void {
    this.#waiting.delete(id);
  }

  /** Ends a wait. `thrown`: by the app's own function, in the last refresh. */
  end(effect: WaiterEffect, thrown: () => unknown): void {
    const waiter = this.#waiting.get(effect.request);
    this.#waiting.delete(effect.request);
    if (effect.kind === EFFECT.finish) waiter?.finish(errorOf(effect, thrown()));
    else if (effect.kind === EFFECT.deliver) waiter?.deliver();
    else waiter?.send(effect.flags, effect.authorization);
  }
}

function errorOf(
  { error, reason, retryAt, refreshCause: packed }: EffectOf<'finish'>,
  thrown: unknown,
): AuthError | undefined {
  if (error === ERROR.none) return undefined;
  const code = authErrorCode(error) ?? 'refresh_failed';
  const mayRetry = code === 'refresh_failed' && retryAt < Infinity;
  const failure = refreshCause(packed);
  return new AuthError(code, {
    retryAt: mayRetry ? retryAt : undefined,
    reason: signOutReason(reason),
    failure,
    cause: failure?.kind === 'threw' ? thrown : undefined,
  });
}
