// One session machine of the core, with its strings: what bindings/exports.h offers for a client,
// as methods. No decisions, and nothing of the platform.
import { ERROR, REQUEST_KIND, SETTINGS } from '#generated/abi';

import type { Config } from './config.ts';
import type { Core } from './core.ts';
import { readEffect, type Effect } from './effects/effect.ts';
import type { RefreshAnswer } from './effects/refresh.ts';
import { TOO_LARGE } from './memory.ts';

// The bits of bearerkit_state.
const SIGNED_IN = 1;
const STORAGE_READ = 2;
const REFRESHING = 4;

export class Machine {
  readonly #core: Core;
  readonly #client: number;
  readonly #now: () => number;

  /** `sharedStorage`: other tabs read and write the same record. */
  constructor(core: Core, config: Config) {
    this.#core = core;
    this.#now = config.now;
    core.memory.writeStruct(SETTINGS.size, (view) => writeSettings(view, config));
    this.#client = core.exports.bearerkit_client_create(SETTINGS.size);
  }

  /** False when the core refused the settings. */
  get created(): boolean {
    return this.#client !== 0;
  }

  destroy(): void {
    this.#core.exports.bearerkit_client_destroy(this.#client);
  }

  // ---- origins ----

  setOwnOrigin(origin: string): void {
    this.#core.exports.bearerkit_own_origin(this.#client, this.#write(origin));
  }

  /** False when it is no origin that may get a token. */
  addOrigin(origin: string): boolean {
    const length = this.#write(origin);
    return this.#core.exports.bearerkit_add_origin(this.#client, length) === ERROR.none;
  }

  allowsOrigin(origin: string): boolean {
    return this.#core.exports.bearerkit_allows_origin(this.#client, this.#write(origin)) === 1;
  }

  // ---- in ----

  start(): void {
    this.#core.exports.bearerkit_handle_start(this.#client, this.#now());
  }

  /** A fetch; flags are REQUEST_FLAGS. Gives VERDICT_FLAGS, and the id above VERDICT_ID_SHIFT. */
  request(flags: number): number {
    const now = this.#now();
    return this.#core.exports.bearerkit_handle_request(
      this.#client,
      now,
      REQUEST_KIND.fetch,
      flags,
    );
  }

  /** getAccessToken or refresh; the answer is as that of {@link request}. */
  call(kind: 'token' | 'refresh'): number {
    const now = this.#now();
    return this.#core.exports.bearerkit_handle_request(this.#client, now, REQUEST_KIND[kind], 0);
  }

  /** Any answer but a 401. */
  response(id: number, status: number): number {
    return this.#core.exports.bearerkit_handle_response(
      this.#client,
      this.#now(),
      id,
      status,
      1,
      0,
    );
  }

  unauthorized(id: number, challenge: string, finalOriginAllowed: boolean): number {
    return this.#core.exports.bearerkit_handle_response(
      this.#client,
      this.#now(),
      id,
      401,
      finalOriginAllowed ? 1 : 0,
      this.#write(challenge),
    );
  }

  transportError(id: number): void {
    this.#core.exports.bearerkit_handle_transport_error(this.#client, id);
  }

  abort(id: number): void {
    this.#core.exports.bearerkit_handle_abort(this.#client, this.#now(), id);
  }

  /** Gives an ERROR. */
  signIn(json: string): number {
    const length = this.#core.memory.write(json);
    if (length === TOO_LARGE) return ERROR.invalid_token_response;
    return this.#core.exports.bearerkit_handle_sign_in(this.#client, this.#now(), length);
  }

  signOut(): void {
    this.#core.exports.bearerkit_handle_sign_out(this.#client, this.#now());
  }

  lockGranted(ticket: number): void {
    this.#core.exports.bearerkit_handle_lock_granted(this.#client, this.#now(), ticket);
  }

  /** `purpose` is a READ_PURPOSE, `outcome` a READ_OUTCOME. */
  storageRead(purpose: number, ticket: number, outcome: number, record: string): void {
    this.#core.exports.bearerkit_handle_storage_read(
      this.#client,
      this.#now(),
      purpose,
      ticket,
      outcome,
      this.#write(record),
    );
  }

  storageWritten(ticket: number): void {
    this.#core.exports.bearerkit_handle_storage_written(this.#client, this.#now(), ticket);
  }

  storageUnavailable(): void {
    this.#core.exports.bearerkit_handle_storage_unavailable(this.#client, this.#now());
  }

  tokenResponse(ticket: number, answer: RefreshAnswer): void {
    const { status, override, body, retryAfter, date } = answer;
    const lengths = this.#core.memory.writeAll([body, retryAfter, date]);
    // An answer longer than any token response is none: as if the network had failed.
    if (lengths === undefined) {
      this.refreshError(ticket, override);
      return;
    }
    const [bodyLength = 0, retryAfterLength = 0, dateLength = 0] = lengths;
    this.#core.exports.bearerkit_handle_token_response(
      this.#client,
      this.#now(),
      ticket,
      status,
      override,
      bodyLength,
      retryAfterLength,
      dateLength,
    );
  }

  refreshError(ticket: number, override: number): void {
    this.#core.exports.bearerkit_handle_refresh_error(this.#client, this.#now(), ticket, override);
  }

  peerMessage(message: string): void {
    const length = this.#write(message);
    this.#core.exports.bearerkit_handle_peer_message(this.#client, this.#now(), length);
  }

  wake(visible: boolean): void {
    this.#core.exports.bearerkit_handle_wake(this.#client, this.#now(), visible ? 1 : 0);
  }

  timeout(): void {
    this.#core.exports.bearerkit_handle_timeout(this.#client, this.#now());
  }

  close(): void {
    this.#core.exports.bearerkit_handle_close(this.#client, this.#now());
  }

  setTimeline(on: boolean): void {
    this.#core.exports.bearerkit_set_timeline(this.#client, on ? 1 : 0);
  }

  // ---- out ----

  pollEffect(): Effect | undefined {
    const address = this.#core.exports.bearerkit_poll_effect(this.#client);
    return address === 0 ? undefined : readEffect(this.#core.memory, address);
  }

  /** When to call {@link timeout}: milliseconds since 1970, or Infinity. */
  pollTimeout(): number {
    return this.#core.exports.bearerkit_poll_timeout(this.#client);
  }

  // ---- to look at ----

  get signedIn(): boolean {
    return (this.#state() & SIGNED_IN) !== 0;
  }

  /** The storage has been read, and no first refresh has yet to tell whether there is a session. */
  get settled(): boolean {
    const state = this.#state();
    return (state & STORAGE_READ) !== 0 && (state & (SIGNED_IN | REFRESHING)) !== REFRESHING;
  }

  get refreshing(): boolean {
    return (this.#state() & REFRESHING) !== 0;
  }

  get tokenVersion(): number {
    return this.#core.exports.bearerkit_token_version(this.#client);
  }

  /** Empty when there is none. */
  readAccessToken(): string {
    const { exports, memory } = this.#core;
    const length = exports.bearerkit_access_token_length(this.#client);
    return memory.readText(exports.bearerkit_access_token(this.#client), length);
  }

  #state(): number {
    return this.#core.exports.bearerkit_state(this.#client);
  }

  // Of text that the core takes for broken when it is cut off.
  #write(text: string): number {
    return text === '' ? 0 : Math.max(this.#core.memory.write(text), 0);
  }
}

function writeSettings(view: DataView, config: Config): void {
  const { refresh, storage } = config;
  const [seedLow = 0, seedHigh = 0] = crypto.getRandomValues(new Uint32Array(2));
  view.setFloat64(SETTINGS.leeway, config.leeway, true);
  view.setFloat64(SETTINGS.refresh_margin, config.refreshMargin, true);
  view.setFloat64(SETTINGS.refresh_timeout, config.refreshTimeout, true);
  view.setFloat64(SETTINGS.lock_timeout, config.lockTimeout, true);
  view.setFloat64(SETTINGS.storage_timeout, config.storageTimeout, true);
  view.setUint32(SETTINGS.mode, config.mode, true);
  view.setUint32(SETTINGS.dialect, config.dialect, true);
  view.setUint32(SETTINGS.can_refresh, Number(refresh !== undefined), true);
  // An app's own function may have another way than a refresh token.
  view.setUint32(SETTINGS.refresh_needs_token, Number(typeof refresh !== 'function'), true);
  view.setUint32(SETTINGS.shared_storage, Number(storage.shared ?? true), true);
  view.setUint32(SETTINGS.keep_alive, Number(config.keepAlive), true);
  view.setUint32(SETTINGS.seed_low, seedLow, true);
  view.setUint32(SETTINGS.seed_high, seedHigh, true);
}
