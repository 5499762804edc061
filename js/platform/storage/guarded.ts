// S2: a storage that never throws, under one key. A synchronous storage answers before the call
// returns, so that a client with web storage knows its state at once.
import type { TokenStorage } from '../../types.ts';
import { nothing } from '../../values.ts';
import { createQueue, isThenable, type OperationQueue } from './queue.ts';

/** What a read found: the text, null for nothing, undefined when the storage failed. */
export type ReadResult = string | null | undefined;

export interface GuardedStorage extends Pick<OperationQueue, 'busy' | 'whenIdle'> {
  read(done: (found: ReadResult) => void): void;
  /** Calls `done` after a failure, too: the core has the record, and goes on with it. */
  write(record: string, done: () => void): void;
  /** Calls `later` if it did not take place at once, but has now. */
  remove(later: () => void): void;
}

/** `onFailure` is called once, when the storage fails for the first time. */
export function guardStorage(
  storage: TokenStorage,
  key: string,
  onFailure: () => void,
): GuardedStorage {
  const { busy, run, whenIdle } = createQueue();
  let failed = false;

  function orFail(goOn: () => void): () => void {
    return () => {
      if (!failed) {
        failed = true;
        onFailure();
      }
      goOn();
    };
  }

  return {
    busy,
    whenIdle,
    read: (done) =>
      run(
        () => failed || storage.get(key),
        (found) => done(failed ? undefined : toText(found)),
        orFail(() => done(undefined)),
      ),
    // Once it has failed the record is in memory: what is stored is out of date with each write.
    write: (record, done) =>
      run(
        () => (failed ? storage.remove(key) : replaceRecord(storage, key, record)),
        done,
        orFail(done),
      ),
    remove: (later) => {
      let atOnce = true;
      const done = (): void => {
        if (!atOnce) later();
      };
      run(() => storage.remove(key), done, orFail(done));
      atOnce = false;
    },
  };
}

// A full storage keeps the old record. Better none than one whose refresh token has been replaced: a
// tab that redeems it would end the session for all.
function replaceRecord(storage: TokenStorage, key: string, record: string): unknown {
  const discard = (error: unknown): unknown => {
    const fail = (): never => {
      throw error;
    };
    const gone = storage.remove(key);
    return isThenable(gone) ? Promise.resolve(gone).then(fail) : fail();
  };
  try {
    const written = storage.set(key, record);
    return isThenable(written) ? Promise.resolve(written).then(nothing, discard) : written;
  } catch (error) {
    return discard(error);
  }
}

// What is no text is no record of ours: the empty text is none, either (S3).
export function toText(found: unknown): string | null {
  if (typeof found === 'string') return found;
  return (found ?? null) === null ? null : '';
}
