// One session machine of the core: what bindings/exports.h offers for a client, with its clock and
// its strings. No decisions, and nothing of the platform.
import { ERROR, REQUEST_KIND, SETTINGS } from '#generated/abi';

import type { Config } from './config.ts';
import type { Core } from './core.ts';
import type { CoreParameters } from './core_exports.ts';
import { readEffect, type Effect } from './effects/effect.ts';
import { AuthError } from './errors.ts';
import type { Memory } from './memory.ts';

// The bits of bearerkit_state.
const SIGNED_IN = 1;
const STORAGE_READ = 2;
const REFRESHING = 4;

// X1: what one tab writes into localStorage another one sees up to 7 ms later (Chromium, WebKit, on a
// machine with all cores at work), though it holds the lock that the first one has given back.
const SETTLE_TIME = 50;

type TextsForLengths<Names extends readonly string[]> = {
  [Index in keyof Names]: Names[Index] extends 'length' | `${string}Length` ? string : number;
};

// The exports that take a client and the time, by what stands after bearerkit_handle_, with what
// else they take: a text for the length of one.
type Inputs = {
  [
    Export in keyof CoreParameters as CoreParameters[Export] extends readonly [
      'client',
      'now',
      ...string[],
    ]
      ? Export extends `bearerkit_handle_${infer Input}`
        ? Input
        : never
      : never
  ]: CoreParameters[Export] extends readonly [string, string, ...infer More extends string[]]
    ? TextsForLengths<More>
    : never;
};

/** An input of the machine, see src/machine/session.h. Its answer is a number, where it has one. */
export type Handle = <Input extends keyof Inputs>(input: Input, ...values: Inputs[Input]) => number;

export interface Machine {
  readonly handle: Handle;
  /** A fetch; flags are REQUEST_FLAGS. Gives VERDICT_FLAGS, and the id above VERDICT_ID_SHIFT. */
  request(flags: number): number;
  /** Any answer but a 401. */
  response(id: number, status: number): number;
  readonly allowsOrigin: (origin: string) => boolean;
  setTimeline(on: boolean): void;
  pollEffect(): Effect | undefined;
  /** When to tell it of a `timeout`: milliseconds since 1970, or Infinity. */
  pollTimeout(): number;
  signedIn(): boolean;
  /** The storage has been read, and no first refresh has yet to tell whether there is a session. */
  settled(): boolean;
  refreshing(): boolean;
  /** Changes whenever the access token does. */
  tokenVersion(): number;
  /** Empty when there is none. */
  accessToken(): string;
  destroy(): void;
}

/** @throws {AuthError} `invalid_config` for an option that the core refuses */
export function createMachine({ exports, memory }: Core, config: Config, origin: string): Machine {
  const { now } = config;
  writeSettings(memory, config);
  const client = exports.bearerkit_client_create(SETTINGS.size);
  if (client === 0) refuse('a length of time is too long');
  const write = (text: string): number => Math.max(memory.write(text), 0);
  const state = (): number => exports.bearerkit_state(client);
  const destroy = (): void => void exports.bearerkit_client_destroy(client);

  exports.bearerkit_own_origin(client, write(origin));
  for (const other of config.origins) {
    if (exports.bearerkit_add_origin(client, write(other)) !== ERROR.none) {
      destroy();
      refuse('origins must be https, or http on the loopback');
    }
  }

  return {
    handle(input, ...values: (string | number)[]) {
      // First: a clock of the app's may use the core.
      const time = now();
      const lengths = memory.writeAll(values.filter((value) => typeof value === 'string'));
      const numbers = values.map((value) =>
        typeof value === 'string' ? (lengths.shift() ?? 0) : value,
      );
      const handler: (...values: number[]) => number = exports[`bearerkit_handle_${input}`];
      return handler(client, time, ...numbers);
    },
    request: (flags) => exports.bearerkit_handle_request(client, now(), REQUEST_KIND.fetch, flags),
    response: (id, status) => exports.bearerkit_handle_response(client, now(), id, status, 1, 0),
    allowsOrigin: (other) => exports.bearerkit_allows_origin(client, write(other)) === 1,
    setTimeline: (on) => void exports.bearerkit_set_timeline(client, Number(on)),
    pollEffect: () => readEffect(memory, exports.bearerkit_poll_effect(client)),
    pollTimeout: () => exports.bearerkit_poll_timeout(client),
    signedIn: () => (state() & SIGNED_IN) !== 0,
    settled: () =>
      (state() & STORAGE_READ) !== 0 && (state() & (SIGNED_IN | REFRESHING)) !== REFRESHING,
    refreshing: () => (state() & REFRESHING) !== 0,
    tokenVersion: () => exports.bearerkit_token_version(client),
    accessToken: () =>
      memory.readText(
        exports.bearerkit_access_token(client),
        exports.bearerkit_access_token_length(client),
      ),
    destroy,
  };
}

function refuse(option: string): never {
  throw new AuthError('invalid_config', { option });
}

function writeSettings(memory: Memory, config: Config): void {
  const { refresh } = config;
  const address = memory.reserve(SETTINGS.size);
  const view = memory.numbers();
  const double = (offset: number, value: number): void =>
    view.setFloat64(address + offset, value, true);
  const uint = (offset: number, value: number | boolean): void =>
    view.setUint32(address + offset, Number(value), true);
  const [seedLow = 0, seedHigh = 0] = crypto.getRandomValues(new Uint32Array(2));
  double(SETTINGS.leeway, config.leeway);
  double(SETTINGS.refresh_margin, config.refreshMargin);
  double(SETTINGS.refresh_timeout, config.refreshTimeout);
  double(SETTINGS.lock_timeout, config.lockTimeout);
  double(SETTINGS.storage_timeout, config.storageTimeout);
  double(SETTINGS.settle_time, config.tabs && config.storage.shared !== false ? SETTLE_TIME : 0);
  uint(SETTINGS.mode, config.mode);
  uint(SETTINGS.dialect, config.dialect);
  uint(SETTINGS.can_refresh, refresh !== undefined);
  // An app's own function may have another way than a refresh token.
  uint(SETTINGS.refresh_needs_token, typeof refresh !== 'function');
  uint(SETTINGS.shared_storage, config.storage.shared ?? true);
  uint(SETTINGS.keep_alive, config.keepAlive);
  uint(SETTINGS.seed_low, seedLow);
  uint(SETTINGS.seed_high, seedHigh);
}
