// Carries out what one machine wants done in the world: storage, locks, other tabs, the server, the
// app's listeners. What comes of it goes back as an input, at once or later.
import { EFFECT, MODE, READ_OUTCOME, READ_PURPOSE } from '#generated/abi';

import type { Config } from './config.ts';
import { openChannel } from './effects/channel.ts';
import type { Effect } from './effects/effect.ts';
import { emitEvent, type EmitEvent } from './effects/emit.ts';
import { createLocks } from './effects/lock.ts';
import { createRefresher } from './effects/refresh.ts';
import { revoke } from './effects/revoke.ts';
import type { Handle } from './machine.ts';
import { openLease } from './storage/lease.ts';
import { guardStorage, type ReadResult } from './storage/safe.ts';

/** An effect with what it needs of the moment in which the core asked for it. */
export interface QueuedEffect extends Effect {
  /** For send and retry: the header's value; an event later it may be another user's (L2). */
  authorization: string;
  /** For refresh and revoke: the access token, or the one that a sign-out has just ended. */
  accessToken: string | null;
}

export interface Actor {
  /** Never throws. */
  perform(effect: QueuedEffect): void;
  /** Whether the storage is at work. */
  busy(): boolean;
  /** Resolves when what was to be stored is stored, or the storage has taken too long. */
  readonly stored: () => Promise<void>;
  /** Resolves when the server was told of all sign-outs, or that failed. */
  told(): Promise<unknown>;
  close(): void;
}

/**
 * `name` is that of the record, the lock and the channel. `input` feeds the machine as
 * Handle does, and sees to what it then wants done.
 */
export function createActor(config: Config, name: string, input: Handle, emit: EmitEvent): Actor {
  const { refresh, fetch, tabs, signOut } = config;
  // C2: where cookies speak for the user.
  const csrf = config.mode === MODE.bearer ? undefined : config.csrf;
  const storage = guardStorage(config.storage, name, () => input('storage_unavailable'));
  const locks = createLocks(name, tabs);
  const lease = openLease(config.storage, `${name}.lease`);
  const channel = openChannel(name, tabs, (message) => input('peer_message', message));
  const refresher = refresh && createRefresher(refresh, csrf, fetch);
  const revocations = new Set<Promise<unknown>>();

  function read({ code, ticket }: Effect): void {
    const done = (found: ReadResult): void => {
      const outcome =
        found === undefined
          ? READ_OUTCOME.failed
          : found === null
            ? READ_OUTCOME.missing
            : READ_OUTCOME.found;
      input('storage_read', code, ticket, outcome, found ?? '');
    };
    if (code === READ_PURPOSE.lease) void lease.read().then(done);
    else storage.read(done);
  }

  async function redeem({ ticket, code, data, accessToken }: QueuedEffect): Promise<void> {
    const request = { dialect: code, refreshToken: data, accessToken };
    const answer = await refresher?.redeem(ticket, request);
    if (typeof answer === 'number') input('refresh_error', ticket, answer);
    else if (answer !== undefined) input('token_response', ticket, ...answer);
  }

  function tellSignOut({ code, data, accessToken }: QueuedEffect): void {
    if (signOut === undefined) return;
    const told: Promise<unknown> = revoke(
      { signOut, csrf, fetch, timeout: config.signOutTimeout },
      { dialect: config.signOutDialect || code, refreshToken: data, accessToken },
    ).then(() => revocations.delete(told));
    revocations.add(told);
  }

  function perform(effect: QueuedEffect): void {
    const { kind, ticket, data } = effect;
    switch (kind) {
      case EFFECT.acquire_lock:
        locks.acquire(
          ticket,
          effect.flags !== 0,
          () => input('lock_granted', ticket),
          () => input('lock_unavailable', ticket),
        );
        break;
      case EFFECT.release_lock:
        locks.release(ticket);
        break;
      case EFFECT.read_storage:
        read(effect);
        break;
      case EFFECT.write_storage:
        storage.write(data, () => input('storage_written', ticket));
        break;
      case EFFECT.remove_storage:
        storage.remove();
        break;
      case EFFECT.write_lease:
        lease.write(data);
        break;
      case EFFECT.remove_lease:
        lease.remove(data);
        break;
      case EFFECT.refresh:
        void redeem(effect);
        break;
      case EFFECT.cancel_refresh:
        refresher?.cancel(ticket);
        break;
      case EFFECT.revoke:
        tellSignOut(effect);
        break;
      case EFFECT.broadcast:
        channel.post(data);
        break;
      case EFFECT.emit:
        // Not now: listeners may do anything (X5).
        queueMicrotask(() => emitEvent(effect, emit));
        break;
    }
  }

  return {
    perform,
    busy: storage.busy,
    stored: () => storage.settled(config.storageTimeout),
    told: () => Promise.all(revocations),
    close() {
      locks.releaseAll();
      channel.close();
    },
  };
}
