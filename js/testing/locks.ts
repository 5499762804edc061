// The Web Locks of an origin, as far as clients use them.
import type { World } from '../platform/world.ts';

type Locks = World['navigator']['locks'];

interface Request {
  readonly name: string;
  readonly mode: LockMode;
  grant(): void;
}

interface Held {
  readonly name: string;
  readonly mode: LockMode;
  lose(): void;
}

/** `touch` is called whenever something changes. */
export function createLockManager(touch: () => void): Locks {
  const held = new Set<Held>();
  let waiting: Request[] = [];

  const isFree = ({ name, mode }: Request): boolean =>
    [...held].every(
      (other) => other.name !== name || (mode === 'shared' && other.mode === 'shared'),
    );

  // In the order of the requests, each name for itself.
  function grantNext(): void {
    touch();
    const blocked = new Set<string>();
    for (const request of [...waiting]) {
      if (!blocked.has(request.name) && isFree(request)) {
        waiting = waiting.filter((other) => other !== request);
        request.grant();
      } else blocked.add(request.name);
    }
  }

  async function request<T>(
    name: string,
    options: LockOptions | LockGrantedCallback<T>,
    callback?: LockGrantedCallback<T>,
  ): Promise<Awaited<T>> {
    const { mode = 'exclusive', steal = false, signal } = options as LockOptions;
    const hold = callback ?? (options as LockGrantedCallback<T>);
    signal?.throwIfAborted();
    let lose = (): void => {};
    const stolen = new Promise<never>((_, reject) => {
      lose = () => reject(new DOMException('The lock was stolen.', 'AbortError'));
    });
    stolen.catch(() => {});
    const lock: Held = { name, mode, lose };
    await new Promise<void>((resolve, reject) => {
      const grant = (): void => {
        held.add(lock);
        resolve();
      };
      if (steal) {
        for (const other of held) {
          if (other.name !== name) continue;
          held.delete(other);
          other.lose();
        }
        grant();
        return;
      }
      const wanted: Request = { name, mode, grant };
      waiting.push(wanted);
      signal?.addEventListener('abort', () => {
        waiting = waiting.filter((other) => other !== wanted);
        reject(signal.reason as Error);
        grantNext();
      });
      grantNext();
    });
    try {
      return await Promise.race([hold(lock), stolen]);
    } finally {
      held.delete(lock);
      grantNext();
    }
  }

  return {
    request,
    query: async () => ({
      held: [...held].map(({ name, mode }) => ({ name, mode })),
      pending: waiting.map(({ name, mode }) => ({ name, mode })),
    }),
  };
}
