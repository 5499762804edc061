// Carries out what one machine wants done in the world: storage, locks, other tabs, the server, the
// app's listeners. What comes of it goes back as an input, at once or later.
import { EFFECT, MODE, READ_OUTCOME } from '#generated/abi';

import type { Config } from './config.ts';
import { Channel } from './effects/channel.ts';
import type { Effect } from './effects/effect.ts';
import { emitEvent, type EmitEvent } from './effects/emit.ts';
import { Locks } from './effects/lock.ts';
import { Refresher } from './effects/refresh.ts';
import { revoke } from './effects/revoke.ts';
import type { Machine } from './machine.ts';
import { SafeStorage } from './storage/safe.ts';

/** An effect with what it needs of the moment in which the core asked for it. */
export interface QueuedEffect extends Effect {
  /** For send and retry: the header's value; an event later it may be another user's (L2). */
  authorization: string;
  /** For refresh and revoke: the access token, or the one that a sign-out has just ended. */
  accessToken: string | null;
}

/** Feeds the machine; see Driver.input. */
export type FeedInput = (feed: () => void) => void;

export class Actor {
  readonly #config: Config;
  readonly #machine: Machine;
  readonly #input: FeedInput;
  readonly #emit: EmitEvent;
  readonly #storage: SafeStorage;
  readonly #locks: Locks;
  readonly #channel: Channel;
  readonly #refresher: Refresher | undefined;
  readonly #revocations = new Set<Promise<void>>();

  /** `name` is that of the record, the lock and the channel. */
  constructor(config: Config, name: string, machine: Machine, input: FeedInput, emit: EmitEvent) {
    const { refresh, fetch } = config;
    this.#config = config;
    this.#machine = machine;
    this.#input = input;
    this.#emit = emit;
    this.#storage = new SafeStorage(config.storage, name, () => {
      input(() => machine.storageUnavailable());
    });
    this.#locks = new Locks(name, config.tabs);
    this.#channel = new Channel(name, config.tabs, (message) => {
      input(() => machine.peerMessage(message));
    });
    this.#refresher = refresh && new Refresher(refresh, this.#csrf, fetch);
  }

  /** Whether the storage is at work. */
  get busy(): boolean {
    return this.#storage.busy;
  }

  /** Resolves when what was to be stored is stored, or the storage has taken too long. */
  stored(): Promise<void> {
    return this.#storage.settled(this.#config.storageTimeout);
  }

  /** Resolves when the server was told of all sign-outs, or that failed. */
  async told(): Promise<void> {
    await Promise.all(this.#revocations);
  }

  close(): void {
    this.#locks.releaseAll();
    this.#channel.close();
  }

  /** Never throws. */
  perform(effect: QueuedEffect): void {
    const { kind, ticket, data } = effect;
    switch (kind) {
      case EFFECT.acquire_lock:
        this.#locks.acquire(ticket, effect.flags !== 0, () => {
          this.#input(() => this.#machine.lockGranted(ticket));
        });
        break;
      case EFFECT.release_lock:
        this.#locks.release(ticket);
        break;
      case EFFECT.read_storage:
        this.#read(effect);
        break;
      case EFFECT.write_storage:
        this.#storage.write(data, () => this.#input(() => this.#machine.storageWritten(ticket)));
        break;
      case EFFECT.remove_storage:
        this.#storage.remove();
        break;
      case EFFECT.refresh:
        void this.#redeem(effect);
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
        // Not now: listeners may do anything (X5).
        queueMicrotask(() => emitEvent(effect, this.#emit));
        break;
    }
  }

  // C2: where cookies speak for the user.
  get #csrf(): Config['csrf'] | undefined {
    return this.#config.mode === MODE.bearer ? undefined : this.#config.csrf;
  }

  #read({ code, ticket }: Effect): void {
    this.#storage.read((found) => {
      const outcome = found === undefined ? 'failed' : found === null ? 'missing' : 'found';
      this.#input(() => {
        this.#machine.storageRead(code, ticket, READ_OUTCOME[outcome], found ?? '');
      });
    });
  }

  async #redeem({ ticket, code, data, accessToken }: QueuedEffect): Promise<void> {
    const request = { dialect: code, refreshToken: data, accessToken };
    const result = await this.#refresher?.redeem(ticket, request);
    if (result === undefined) return;
    this.#input(() => {
      if (result.answer !== undefined) this.#machine.tokenResponse(ticket, result.answer);
      else this.#machine.refreshError(ticket, result.override);
    });
  }

  #revoke({ code, data, accessToken }: QueuedEffect): void {
    const { signOut, signOutDialect, signOutTimeout, fetch } = this.#config;
    if (signOut === undefined) return;
    const told = revoke(
      { signOut, csrf: this.#csrf, fetch, timeout: signOutTimeout },
      { dialect: signOutDialect || code, refreshToken: data, accessToken },
    ).then(() => void this.#revocations.delete(told));
    this.#revocations.add(told);
  }
}
