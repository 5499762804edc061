// Carries out what one machine wants done in the world: storage, locks, other tabs, the server, the
// app's listeners. What comes of it goes back as an input, at once or later.
import { EFFECT, INPUT, LEASE, MODE, READ_OUTCOME, READ_PURPOSE } from '#generated/abi';

import type { Effect, EffectOf } from '../core/effect.ts';
import type { Machine } from '../core/machine.ts';
import type { CsrfSource } from '../endpoints/csrf.ts';
import { Refresher, type RefreshAnswer } from '../endpoints/refresh.ts';
import { revoke } from '../endpoints/revoke.ts';
import type { SessionTokens } from '../endpoints/token_endpoint.ts';
import { openChannel, type Channel } from '../platform/channel.ts';
import { createLocks, type Locks } from '../platform/lock.ts';
import { guardStorage, type GuardedStorage, type ReadResult } from '../platform/storage/guarded.ts';
import { openLease, type Lease } from '../platform/storage/lease.ts';
import type { Config } from './config.ts';
import type { EventEffect } from './emit.ts';

/** All effects but those of a request and the events. */
export type WorldEffect = Exclude<
  Effect,
  EffectOf<'send' | 'retry' | 'deliver' | 'finish'> | EventEffect
>;

export class Performer {
  readonly #config: Config;
  readonly #input: Machine['handle'];
  // C2: where cookies speak for the user.
  readonly #csrf: CsrfSource | undefined;
  readonly #storage: GuardedStorage;
  readonly #turn: Lease;
  readonly #flight: Lease;
  readonly #locks: Locks;
  readonly #channel: Channel;
  readonly #refresher: Refresher | undefined;
  readonly #revocations = new Set<Promise<unknown>>();

  /**
   * `name` is that of the record, the lock and the channel. `input` gives the machine an input.
   * `succeeds` is Machine.isClearSuccess.
   */
  constructor(
    config: Config,
    name: string,
    input: Machine['handle'],
    succeeds: Machine['isClearSuccess'],
  ) {
    const { mode, csrf, storage, tabs, refresh, world } = config;
    this.#config = config;
    this.#input = input;
    this.#csrf = mode === MODE.bearer ? undefined : csrf;
    this.#storage = guardStorage(storage, name, () => input(INPUT.storage_unavailable));
    this.#turn = openLease(storage, `${name}.lease`, false);
    this.#flight = openLease(storage, `${name}.flight`, true);
    this.#locks = createLocks(world, name);
    this.#channel = openChannel(world, name, tabs, (message) => input(INPUT.peer_message, message));
    this.#refresher = refresh && new Refresher({ ...config, refresh, succeeds }, this.#csrf);
  }

  /** Throws where the platform does. */
  perform(effect: WorldEffect): void {
    switch (effect.kind) {
      case EFFECT.acquire_lock:
        this.#acquireLock(effect);
        break;
      case EFFECT.release_lock:
        this.#locks.release(effect.run);
        break;
      case EFFECT.read_storage:
        this.#read(effect);
        break;
      case EFFECT.write_storage:
        this.#write(effect);
        break;
      case EFFECT.remove_storage:
        this.#storage.remove(() => this.#input(INPUT.storage_removed));
        break;
      case EFFECT.write_lease:
        this.#leaseOf(effect).write(effect.text);
        break;
      case EFFECT.remove_lease:
        this.#leaseOf(effect).remove(effect.text);
        break;
      case EFFECT.mark:
        this.#locks.mark(effect.text);
        break;
      case EFFECT.refresh:
        void this.#refresh(effect);
        break;
      case EFFECT.cancel_refresh:
        this.#refresher?.cancel(effect.run);
        break;
      case EFFECT.revoke:
        this.#revoke(effect);
        break;
      case EFFECT.broadcast:
        this.#channel.post(effect.text);
        break;
    }
  }

  /** Whether the storage is at work. */
  busy(): boolean {
    return this.#storage.busy();
  }

  /** Resolves when what was to be stored is stored, or the storage has taken too long. */
  stored(): Promise<void> {
    return this.#storage.whenIdle(this.#config.storageTimeout);
  }

  /** Resolves when the server knows of all sign-outs, or that failed. */
  async revoked(): Promise<void> {
    await Promise.all(this.#revocations);
  }

  /** What the app's own function threw in the last refresh (R19). */
  thrown(): unknown {
    return this.#refresher?.thrown;
  }

  /** Whether the app's refresh function is being called at this moment (R21). */
  callsRefresh(): boolean {
    return this.#refresher?.calling === true;
  }

  close(): void {
    this.#locks.releaseAll();
    this.#channel.close();
  }

  #acquireLock({ run, steal }: EffectOf<'acquire_lock'>): void {
    this.#locks.acquire(
      run,
      steal !== 0,
      () => this.#input(INPUT.lock_granted, run),
      () => this.#input(INPUT.lock_unavailable, run),
    );
  }

  #read({ purpose, operation }: EffectOf<'read_storage'>): void {
    const done = (found: ReadResult): void => {
      const outcome =
        found === undefined
          ? READ_OUTCOME.failed
          : found === null
            ? READ_OUTCOME.missing
            : READ_OUTCOME.found;
      this.#input(INPUT.storage_read, purpose, operation, outcome, found ?? '');
    };
    if (purpose === READ_PURPOSE.lease) void this.#turn.read().then(done);
    else if (purpose === READ_PURPOSE.flight) void this.#flight.read().then(done);
    else if (purpose === READ_PURPOSE.marks) {
      this.#locks.marks().then(done, () => done(undefined));
    } else this.#storage.read(done);
  }

  #leaseOf({ lease }: EffectOf<'write_lease' | 'remove_lease'>): Lease {
    return lease === LEASE.turn ? this.#turn : this.#flight;
  }

  #write({ text, operation }: EffectOf<'write_storage'>): void {
    this.#storage.write(text, () => this.#input(INPUT.storage_written, operation));
  }

  async #refresh(effect: EffectOf<'refresh'>): Promise<void> {
    const { run } = effect;
    const answer = await this.#refresher?.redeem(run, tokensOf(effect));
    if (answer === undefined) return;
    if ('cause' in answer) this.#input(INPUT.refresh_error, run, answer.override, answer.cause);
    else this.#takeAnswer(run, answer);
  }

  #takeAnswer(run: number, answer: RefreshAnswer): void {
    const { status, override, thrown, body, identity, kept, keptAnew, retryAfter, date } = answer;
    this.#input(
      INPUT.token_response,
      run,
      status,
      override,
      Number(thrown !== undefined),
      body,
      identity,
      kept,
      keptAnew,
      retryAfter,
      date,
    );
  }

  #revoke(effect: EffectOf<'revoke'>): void {
    const { signOut, signOutDialect, signOutTimeout, fetch } = this.#config;
    if (signOut === undefined) return;
    const revocation: Promise<unknown> = revoke(
      { signOut, csrf: this.#csrf, fetch, timeout: signOutTimeout },
      { ...tokensOf(effect), dialect: signOutDialect || effect.dialect },
    ).then((status) => {
      this.#revocations.delete(revocation);
      this.#input(INPUT.sign_out_answered, status);
    });
    this.#revocations.add(revocation);
  }
}

function tokensOf(effect: EffectOf<'refresh' | 'revoke'>): SessionTokens {
  const { dialect, text, accessToken, kept } = effect;
  return { dialect, refreshToken: text, accessToken, kept };
}
