// Drives one machine: gives it what happens as inputs, carries out the effects that it wants, and
// sets the one timer that it asks for. Takes no decision about tokens, retries or tabs: those are the
// core's.
//
// Order: effects wait in the machine, in the only queue there is, and are carried out one by one.
// Carrying one out may bring the next input at once (web storage answers at once, an app's own fetch
// may call the client): the effects of that input come behind those that are there already.
import {
  EFFECT,
  ERROR,
  INPUT,
  INSTRUCTION_FLAGS,
  INSTRUCTION_ID_SHIFT,
  RECORD_VERSION,
  type InputFields,
} from '#generated/abi';

import { idOf, type Effect } from '../core/effect.ts';
import type { Core } from '../core/loader.ts';
import { Machine } from '../core/machine.ts';
import { readTokenAnswer } from '../endpoints/token_answer.ts';
import { AuthError } from '../errors.ts';
import { ownOrigin } from '../platform/location.ts';
import { createTimer, type Timer } from '../platform/timer.ts';
import { isVisible, listenForWake, pageFlags } from '../platform/wake.ts';
import { attempt, type JsonObject } from '../values.ts';
import type { Config } from './config.ts';
import { emitEvent, type EmitEvent } from './emit.ts';
import { Performer } from './performer.ts';
import { SessionView } from './session_view.ts';
import { settingsOf } from './settings.ts';
import { Waiters, type Waiter } from './waiters.ts';

export class Driver {
  readonly config: Config;
  /** To ask about a request; no more once the client is closed. What it says is to be followed. */
  readonly machine: Machine;
  readonly session: SessionView;
  readonly #emit: EmitEvent;
  readonly #changed: () => void;
  readonly #performer: Performer;
  readonly #timer: Timer;
  readonly #stopListening: () => void;
  readonly #waiters = new Waiters();
  readonly #whenReady: (() => void)[] = [];
  #restoring = true;
  #performing = false;
  #platformFailed = false;
  #closed = false;
  #destroyed = false;

  /**
   * `emit` takes each event while the client is open, and `changed` is called when the state may have
   * changed without one: both outside of all else.
   * @throws {AuthError} `invalid_config` when an option is out of the core's range
   */
  constructor(core: Core, config: Config, emit: EmitEvent, changed: () => void) {
    // S5: a record, and with it a lock and a channel, of another version has another name.
    const name = `${config.name}.v${RECORD_VERSION}`;
    const world = config.world;
    this.config = config;
    this.#timer = createTimer(world, () => this.#input(INPUT.timeout));
    this.#emit = emit;
    this.#changed = changed;
    // R13: where it throws nothing is presumed.
    const presume = attempt(config.presume);
    if (presume === undefined) this.#warnOnce();
    this.machine = new Machine(core, settingsOf(config, presume), world, () => this.#now());
    this.machine.setOrigins(ownOrigin(world) ?? '', config.origins);
    this.session = new SessionView(this.machine, () => this.#closed);
    this.#performer = new Performer(
      config,
      name,
      (...input) => this.#input(...input),
      (...answer) => this.#succeeds(...answer),
    );
    this.#stopListening = listenForWake(world, name, (flags) => {
      // The timer has slept as well.
      this.#timer.clear();
      this.#input(INPUT.wake, flags);
    });
  }

  /** To be called once, unless it is closed before. */
  start(): void {
    this.#input(INPUT.start, pageFlags());
    if (!isVisible()) this.#input(INPUT.wake, pageFlags());
  }

  // ---- requests ----

  /**
   * Follows an instruction: `follow` does what it says, and then come the effects beside it.
   * @throws {AuthError} `too_many_requests` where the core refuses a call
   */
  follow<T>(instruction: number, follow: (instruction: number) => T): T {
    // Before the effects: they may bring a new token, which is not what the core meant here, or the
    // end of a wait that has yet to begin.
    try {
      if (instruction & INSTRUCTION_FLAGS.refused) throw new AuthError('too_many_requests');
      return follow(instruction);
    } finally {
      if (instruction & INSTRUCTION_FLAGS.effects) this.#drain();
    }
  }

  /** `waiter` is called when the core says how the call goes on. */
  wait(id: number, waiter: Waiter): void {
    // R10: closed since the core was asked, by a getter of the caller's. Nobody else ends it.
    if (this.#closed) {
      waiter.finish(new AuthError('closed'));
      return;
    }
    this.#waiters.add(id, waiter);
    // R21: it would wait for the refresh that it is a part of.
    if (!this.#performer.callsRefresh()) return;
    this.abort(id);
    waiter.finish(new AuthError('waits_for_itself'));
  }

  /** The network failed; the error is its caller's. */
  fail(id: number): void {
    this.#input(INPUT.transport_error, id);
  }

  /** Its caller has given up. */
  abort(id: number): void {
    this.#waiters.drop(id);
    this.#input(INPUT.abort, id);
  }

  // ---- the client's methods ----

  /**
   * getAccessToken or refresh (a REQUEST_KIND): resolves or rejects by the core's word, with the
   * access token of that moment. `refused` is an access token that was refused where the core did not
   * see it (E6).
   */
  call(kind: number, refused?: unknown): Promise<string | null> {
    return new Promise((resolve, reject) => {
      if (refused && typeof refused === 'string') this.#input(INPUT.token_refused, refused);
      // What came of it may have closed the client.
      this.assertOpen();
      const end = (): void => resolve(this.session.accessToken());
      this.follow(this.machine.request(kind, 0), (instruction) => {
        this.wait(instruction >>> INSTRUCTION_ID_SHIFT, {
          send: end,
          deliver: end,
          finish: (error) => (error === undefined ? end() : reject(error)),
        });
      });
    });
  }

  /**
   * Gives an ERROR.
   * @throws {AuthError} `invalid_token_response` with what the app's own function threw as its cause
   */
  signIn(given: JsonObject): number {
    const ok = 200;
    const answer = readTokenAnswer(this.config, given, '', (json) => this.#succeeds(ok, json));
    const { json, identity, kept, thrown } = answer;
    if (thrown) throw new AuthError('invalid_token_response', { cause: thrown.error });
    return this.#closed ? ERROR.closed : this.#input(INPUT.sign_in, json, identity, kept);
  }

  /** Resolves when the storage is cleared and the server knows, as far as that goes. */
  async signOut(): Promise<void> {
    if (this.#closed) return;
    this.#input(INPUT.sign_out);
    await this.stored();
    await this.#performer.revoked();
    // C7: a sign-out that was lost is stored.
    await this.stored();
  }

  /** Resolves when what was to be stored is stored, or the storage has taken too long. */
  async stored(): Promise<void> {
    // What is wanted by now may have to wait for the effect that is being carried out.
    await Promise.resolve();
    await this.#performer.stored();
  }

  /** Resolves when the machine knows whether there is a session. */
  async ready(): Promise<void> {
    if (this.#destroyed || !this.machine.restoring()) return;
    await new Promise<void>((resolve) => this.#whenReady.push(resolve));
  }

  setTimeline(on: boolean): void {
    if (!this.#closed) this.machine.setTimeline(on);
  }

  closed(): boolean {
    return this.#closed;
  }

  /** @throws {AuthError} `closed` */
  assertOpen(): void {
    if (this.#closed) throw new AuthError('closed');
  }

  /** A refresh that is under way is still stored: its refresh token may be the only good one. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopListening();
    this.#input(INPUT.close);
  }

  // ---- in ----

  #input<Kind extends keyof InputFields>(kind: Kind, ...fields: InputFields[Kind]): number {
    if (this.#destroyed) return ERROR.closed;
    const error = this.machine.handle(kind, ...fields);
    this.#drain();
    return error;
  }

  // What is late may come to a machine that is no more.
  #succeeds(status: number, body: string): boolean {
    return !this.#destroyed && this.machine.isClearSuccess(status, body);
  }

  // An app's clock may throw, or give what is no time.
  #now(): number {
    try {
      const time = this.config.now();
      if (Number.isFinite(time) && time > 0) return time;
    } catch {
      // As no time at all.
    }
    this.#warnOnce();
    return Date.now();
  }

  // R13. Once, for what is asked at every turn.
  #warnOnce(): void {
    if (this.#platformFailed) return;
    this.#platformFailed = true;
    queueMicrotask(() => this.#input(INPUT.effect_failed, EFFECT.none, 0));
  }

  // ---- out ----

  #drain(): void {
    if (this.#performing || this.#destroyed) return;
    this.#performing = true;
    for (;;) {
      const effect = this.machine.pollEffect();
      if (effect === undefined) break;
      this.#perform(effect);
    }
    this.#performing = false;
    this.#finishTurn();
  }

  // R13: whatever throws becomes an input, and the next effect is carried out.
  #perform(effect: Effect): void {
    try {
      switch (effect.kind) {
        case EFFECT.send:
        case EFFECT.retry:
        case EFFECT.deliver:
        case EFFECT.finish:
          this.#waiters.end(effect, () => this.#performer.thrown());
          break;
        case EFFECT.signedin:
        case EFFECT.signedout:
        case EFFECT.refreshed:
        case EFFECT.refreshfailed:
        case EFFECT.warning:
        case EFFECT.challenge:
        case EFFECT.timeline:
          // Not now: listeners may do anything (X5).
          queueMicrotask(() => {
            if (!this.#closed) emitEvent(effect, this.#emit);
          });
          break;
        default:
          this.#performer.perform(effect);
      }
    } catch {
      this.#input(INPUT.effect_failed, effect.kind, idOf(effect));
    }
  }

  // Sets the timer, resolves who waits for a session to be known, and ends what is over.
  #finishTurn(): void {
    const machine = this.machine;
    const over = this.#closed && !machine.refreshing() && !this.#performer.busy();
    const restoring = machine.restoring();
    if (restoring !== this.#restoring) queueMicrotask(this.#changed);
    this.#restoring = restoring;
    if (over || !restoring) {
      for (const resolve of this.#whenReady.splice(0)) resolve();
    }
    if (over) {
      this.#destroyed = true;
      this.#timer.clear();
      this.#performer.close();
      machine.destroy();
      return;
    }
    try {
      this.#timer.set(machine.pollTimeout(), this.#now(), !this.#waiters.none);
    } catch {
      this.#warnOnce();
    }
  }
}
