// One machine of the core: what bindings/exports.h offers for it, with its clock and its strings. No
// decisions, and nothing of the platform.
import {
  ERROR,
  INPUT_HEAD,
  INSTRUCTION_FLAGS,
  SETTINGS,
  STATE_VIEW,
  type InputFields,
} from '#generated/abi';

import { refuse } from '../errors.ts';
import type { CoreExports } from './core_exports.ts';
import { readEffect, type Effect } from './effect.ts';
import type { Core } from './loader.ts';
import { TOO_LARGE, type Memory } from './memory.ts';
import { encode } from '../utf8.ts';
import { hasMethod } from '../values.ts';

// The bits of STATE_VIEW.bits.
const SIGNED_IN = 1;
const RESTORING = 2;
const REFRESHING = 4;
const KNOWS_ENDPOINTS = 8;
// Above them: the SIGN_OUT_REASON of the last session.
const REASON_SHIFT = 8;

/** Each of SETTINGS, but the seed, with its value. */
export type MachineSettings = readonly (readonly [offset: number, value: number | boolean])[];

/** Where the seed comes from. Hermes has no crypto. */
export interface RandomSource {
  readonly crypto?: Partial<Pick<Crypto, 'getRandomValues'>>;
}

export class Machine {
  readonly #exports: CoreExports;
  readonly #memory: Memory;
  readonly #now: () => number;
  readonly #address: number;
  // Of the access token that the core has now.
  #tokenVersion = 0;
  #knowsEndpoints = false;
  #timeline = false;
  // The last header that was made, and the version of its token.
  #header = '';
  #headerVersion = 0;

  /**
   * `now` never throws.
   * @throws {AuthError} `invalid_config` for a setting that the core refuses
   */
  constructor(
    { exports, memory }: Core,
    settings: MachineSettings,
    random: RandomSource,
    now: () => number,
  ) {
    this.#exports = exports;
    this.#memory = memory;
    this.#now = now;
    this.#address = exports.bearerkit_machine_create(
      memory.writeAll([settingsBytes(settings, random)]),
    );
    if (this.#address === 0) refuse('a length of time is too long');
  }

  /**
   * The page's own origin, and others that get the token.
   * @throws {AuthError} `invalid_config` for one that the core refuses; the machine is gone then
   */
  setOrigins(own: string, others: readonly string[]): void {
    this.#exports.bearerkit_own_origin(this.#address, this.#write(own));
    for (const other of others) {
      const error = this.#exports.bearerkit_add_origin(this.#address, this.#write(other));
      if (error !== ERROR.none) {
        this.destroy();
        refuse('origins must be https, or http on the loopback');
      }
    }
  }

  /** REQUEST_FLAGS of requests to an origin. */
  originFlags(origin: string): number {
    return this.#exports.bearerkit_origin_flags(this.#address, this.#write(origin));
  }

  setTimeline(on: boolean): void {
    this.#timeline = on;
    this.#exports.bearerkit_set_timeline(this.#address, Number(on));
  }

  /** Gives it an INPUT with its fields. Gives an ERROR, which only sign_in has. */
  handle<Kind extends keyof InputFields>(kind: Kind, ...fields: InputFields[Kind]): number {
    // First: a clock of the app's may use the core.
    const time = this.#now();
    const length = writeInput(this.#memory, kind, fields);
    const error = this.#exports.bearerkit_handle(this.#address, time, length);
    this.#look();
    return error;
  }

  /** A REQUEST_KIND with REQUEST_FLAGS. Gives INSTRUCTION_FLAGS, and the id above them. */
  request(kind: number, flags: number): number {
    const time = this.#now();
    return this.#instruction(
      this.#exports.bearerkit_handle_request(this.#address, time, kind, flags),
    );
  }

  /**
   * An answer to a request, with ANSWER_FLAGS. `endpoint` is a hash of the method and the address; 0
   * where `knowsEndpoints()` does not ask for it. Gives INSTRUCTION_FLAGS.
   */
  response(id: number, status: number, flags: number, endpoint: number, challenge: string): number {
    // Of an answer that is no 401 only the timeline wants to know when it came. NaN: no time at all.
    const time = endpoint || this.#timeline ? this.#now() : NaN;
    // The hot path has none, and writes nothing.
    const length = challenge === '' ? 0 : this.#write(challenge);
    const instruction = this.#exports.bearerkit_handle_response(
      this.#address,
      time,
      id,
      status,
      flags,
      endpoint,
      length,
    );
    return this.#instruction(instruction, endpoint);
  }

  pollEffect(): Effect | undefined {
    const address = this.#exports.bearerkit_poll_effect(this.#address);
    return readEffect(this.#memory, address, (version, decode) => this.#make(version, decode));
  }

  /** When its next `timeout` is due: milliseconds since 1970, or Infinity. */
  pollTimeout(): number {
    return this.#exports.bearerkit_poll_timeout(this.#address);
  }

  hasSession(): boolean {
    return (this.#state() & SIGNED_IN) !== 0;
  }

  /** It is not known yet whether anybody is signed in. */
  restoring(): boolean {
    return (this.#state() & RESTORING) !== 0;
  }

  /** SIGN_OUT_REASON: why the last session ended here. */
  signOutReason(): number {
    return this.#state() >>> REASON_SHIFT;
  }

  refreshing(): boolean {
    return (this.#state() & REFRESHING) !== 0;
  }

  /** Changes whenever the access token does. */
  tokenVersion(): number {
    return this.#tokenVersion;
  }

  /** R14: whether other answers than a 401 are wanted with their endpoint, too. */
  knowsEndpoints(): boolean {
    return this.#knowsEndpoints;
  }

  /** Empty when there is none. */
  accessToken(): string {
    return this.#text(STATE_VIEW.access_token);
  }

  /** R6, C1: whether an answer to a refresh is a success beyond doubt. */
  isClearSuccess(status: number, body: string): boolean {
    const length = this.#memory.write(body);
    return (
      length !== TOO_LARGE &&
      this.#exports.bearerkit_is_clear_success(this.#address, status, length) !== 0
    );
  }

  /** L9: what is kept beside the tokens, JSON; empty when there is nothing. */
  kept(): string {
    return this.#text(STATE_VIEW.kept);
  }

  /** The header's value for the access token of now; only while there is one. */
  authorization(): string {
    return this.#make(this.#tokenVersion, () => this.accessToken());
  }

  destroy(): void {
    this.#exports.bearerkit_machine_destroy(this.#address);
  }

  // The address of the STATE_VIEW, as it is now.
  #view(): number {
    return this.#exports.bearerkit_look(this.#address);
  }

  // A length stands behind its address.
  #text(offset: number): string {
    const at = this.#view() + offset;
    return this.#memory.readText(this.#memory.readUint32(at), this.#memory.readUint32(at + 4));
  }

  #state(): number {
    return this.#memory.readUint32(this.#view() + STATE_VIEW.bits);
  }

  // What is too large goes in as nothing.
  #write(text: string): number {
    return Math.max(this.#memory.write(text), 0);
  }

  // Without effects nothing has changed, unless the core has forgotten the endpoint: the hot path does
  // not ask.
  #instruction(instruction: number, endpoint = 0): number {
    if (endpoint || instruction & INSTRUCTION_FLAGS.effects) this.#look();
    return instruction;
  }

  #look(): void {
    const view = this.#view();
    this.#tokenVersion = this.#memory.readUint32(view + STATE_VIEW.token_version);
    this.#knowsEndpoints =
      (this.#memory.readUint32(view + STATE_VIEW.bits) & KNOWS_ENDPOINTS) !== 0;
  }

  // A hundred requests that waited for one token share one string.
  #make(version: number, decode: () => string): string {
    if (version !== this.#headerVersion) {
      this.#header = `Bearer ${decode()}`;
      this.#headerVersion = version;
    }
    return this.#header;
  }
}

// An InputHead, and the texts behind it. Texts that are too large go in as empty ones.
function writeInput(memory: Memory, kind: number, fields: readonly (number | string)[]): number {
  const head = new DataView(new ArrayBuffer(INPUT_HEAD.size));
  const bytes = new Uint8Array(head.buffer);
  const parts: Uint8Array[] = [bytes];
  let number: number = INPUT_HEAD.numbers;
  let length: number = INPUT_HEAD.lengths;
  head.setUint32(INPUT_HEAD.kind, kind, true);
  for (const field of fields) {
    if (typeof field === 'string') {
      const part = encode(field);
      head.setUint32(length, part.length, true);
      length += 4;
      parts.push(part);
    } else {
      head.setUint32(number, field, true);
      number += 4;
    }
  }
  const written = memory.writeAll(parts);
  if (written !== TOO_LARGE) return written;
  bytes.fill(0, INPUT_HEAD.lengths);
  return memory.writeAll([bytes]);
}

function settingsBytes(settings: MachineSettings, random: RandomSource): Uint8Array {
  const view = new DataView(new ArrayBuffer(SETTINGS.size));
  for (const [offset, value] of settings) {
    // Lengths of time are doubles, and stand before all else.
    if (offset < SETTINGS.mode) view.setFloat64(offset, Number(value), true);
    else view.setUint32(offset, Number(value), true);
  }
  fillRandomly(random, new Uint8Array(view.buffer, SETTINGS.seed_low));
  return new Uint8Array(view.buffer);
}

// Tabs tell their sessions apart by it, and wait for different times: it has to differ, and is no secret.
function fillRandomly({ crypto }: RandomSource, bytes: Uint8Array): void {
  if (hasMethod(crypto, 'getRandomValues')) crypto.getRandomValues(bytes as never);
  else bytes.forEach((_, i) => (bytes[i] = Math.random() * 256));
}
