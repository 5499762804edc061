// Storages for tests: seen from outside, slow, broken, shared.
import type { TestContext } from 'node:test';

import { createAuthClient, type TokenStorage } from 'bearerkit';

import type { AuthServer, DialectName } from './auth_server.ts';

/** A storage whose content, and what is done to it, can be seen. Shared by all who are given it. */
export class MapStorage implements TokenStorage {
  readonly map = new Map<string, string>();
  readonly log: string[] = [];

  get(key: string): string | null | Promise<string | null> {
    this.log.push('get');
    return this.map.get(key) ?? null;
  }
  set(key: string, value: string): unknown {
    this.log.push('set');
    this.map.set(key, value);
    return undefined;
  }
  remove(key: string): unknown {
    this.log.push('remove');
    this.map.delete(key);
    return undefined;
  }

  /** The one record. */
  get record(): string | undefined {
    return this.map.get(this.key);
  }
  get key(): string {
    const [key = '', ...others] = [...this.map.keys()].filter((name) => !name.endsWith('.flight'));
    if (others.length > 0) throw new Error('more than one record');
    return key;
  }
  /** The note that a refresh is under way (R25). */
  get flight(): string | undefined {
    return [...this.map].find(([key]) => key.endsWith('.flight'))?.[1];
  }
}

/** The same by promises that take a turn or two. */
export class SlowStorage extends MapStorage {
  readonly milliseconds: number;

  constructor(milliseconds = 1) {
    super();
    this.milliseconds = milliseconds;
  }

  override async get(key: string): Promise<string | null> {
    await this.#wait();
    return super.get(key);
  }
  override async set(key: string, value: string): Promise<void> {
    await this.#wait();
    super.set(key, value);
  }
  override async remove(key: string): Promise<void> {
    await this.#wait();
    super.remove(key);
  }
  #wait(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, this.milliseconds));
  }
}

/** As sessionStorage: a tab has its own, and a tab that is duplicated begins with a copy. */
export class CopiedStorage extends MapStorage {
  readonly shared = false;
  readonly copied = true;

  copy(): CopiedStorage {
    const copy = new CopiedStorage();
    for (const [key, value] of this.map) copy.map.set(key, value);
    return copy;
  }
}

/**
 * As localStorage between processes: what one tab writes, the others see a little later. All agree on
 * the order of the writes, and a tab sees its own until it has its place in that order.
 */
export class LaggingStorage implements TokenStorage {
  /** Milliseconds that a write has really taken to be seen, at most: a busy machine adds to the lag. */
  static longest = 0;
  readonly #view = new Map<string, string | null>();
  readonly #onItsWay = new Map<string, number>();
  readonly #lag: number;
  #tabs: LaggingStorage[] = [];

  constructor(lag: number) {
    this.#lag = lag;
  }

  static of(tabs: number, lag: number): LaggingStorage[] {
    const all = Array.from({ length: tabs }, () => new LaggingStorage(lag));
    for (const one of all) one.#tabs = all;
    return all;
  }

  get(key: string): string | null {
    return this.#view.get(key) ?? null;
  }
  set(key: string, value: string): void {
    this.#write(key, value);
  }
  remove(key: string): void {
    this.#write(key, null);
  }

  #write(key: string, value: string | null): void {
    this.#view.set(key, value);
    this.#count(key, 1);
    const begin = performance.now();
    setTimeout(() => {
      LaggingStorage.longest = Math.max(LaggingStorage.longest, performance.now() - begin);
      this.#count(key, -1);
      for (const tab of this.#tabs) {
        if (tab !== this && (tab.#onItsWay.get(key) ?? 0) === 0) tab.#view.set(key, value);
      }
    }, this.#lag);
  }

  #count(key: string, by: number): void {
    this.#onItsWay.set(key, (this.#onItsWay.get(key) ?? 0) + by);
  }
}

/** Works until methods are named as broken; those then throw, or reject where it is asynchronous. */
export class FaultyStorage extends MapStorage {
  broken: readonly ('get' | 'set' | 'remove')[] = [];
  readonly #rejects: boolean;

  constructor(form: 'throws' | 'rejects') {
    super();
    this.#rejects = form === 'rejects';
  }

  override get(key: string): string | null | Promise<string | null> {
    return this.#attempt('get', () => super.get(key) as string | null);
  }
  override set(key: string, value: string): unknown {
    return this.#attempt('set', () => super.set(key, value));
  }
  override remove(key: string): unknown {
    return this.#attempt('remove', () => super.remove(key));
  }

  #attempt<T>(method: 'get' | 'set' | 'remove', work: () => T): T | Promise<T> {
    const attempt = (): T => {
      if (this.broken.includes(method)) throw new DOMException(method, 'SecurityError');
      return work();
    };
    return this.#rejects ? Promise.resolve().then(attempt) : attempt();
  }
}

/** The record of a session of `server`, as a client stores it. Signs in when nobody is. */
export async function recordOf(
  t: TestContext,
  server: AuthServer,
  dialect: DialectName = 'oauth',
): Promise<string> {
  const storage = new MapStorage();
  const auth = createAuthClient({ storage });
  t.after(() => auth.close());
  await auth.setTokens(server.accessToken === '' ? server.signIn(dialect) : server.tokens(dialect));
  return storage.record ?? '';
}

/** Just enough of the Web Storage API, with faults. */
export class FakeWebStorage {
  readonly map = new Map<string, string>();
  /** What setItem throws, if anything. */
  full: Error | undefined;
  /** What each method throws, if anything. */
  denied: Error | undefined;

  getItem(key: string): string | null {
    if (this.denied !== undefined) throw this.denied;
    return this.map.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    if (this.denied ?? this.full) throw this.denied ?? this.full ?? new Error();
    this.map.set(key, value);
  }
  removeItem(key: string): void {
    if (this.denied !== undefined) throw this.denied;
    this.map.delete(key);
  }
  clear(): void {
    this.map.clear();
  }
}

/** Puts a localStorage or sessionStorage on the global object until the test ends. */
export function installGlobal(t: TestContext, name: string, descriptor: PropertyDescriptor): void {
  const before = Object.getOwnPropertyDescriptor(globalThis, name);
  Object.defineProperty(globalThis, name, { ...descriptor, configurable: true });
  t.after(() => {
    if (before === undefined) Reflect.deleteProperty(globalThis, name);
    else Object.defineProperty(globalThis, name, before);
  });
}
