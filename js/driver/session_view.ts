// What an app may see of the session. Nothing, once the client is closed.
import type { Machine } from '../core/machine.ts';
import { readKept } from '../endpoints/token_answer.ts';
import type { SignOutReason } from '../errors.ts';
import type { AuthState } from '../types.ts';
import { signOutReason } from './emit.ts';

export class SessionView {
  readonly #machine: Machine;
  readonly #closed: () => boolean;
  #kept = readKept('');
  #keptJson = '';

  constructor(machine: Machine, closed: () => boolean) {
    this.#machine = machine;
    this.#closed = closed;
  }

  state(): AuthState {
    if (this.#closed()) return 'signed-out';
    if (this.#machine.restoring()) return 'restoring';
    return this.#machine.hasSession() ? 'signed-in' : 'signed-out';
  }

  /** Why the last session ended in this page; null where none has. */
  reason(): SignOutReason | null {
    return (!this.#closed() && signOutReason(this.#machine.signOutReason())) || null;
  }

  /** Changes whenever the access token does. Not to be asked once it is closed. */
  tokenVersion(): number {
    return this.#machine.tokenVersion();
  }

  accessToken(): string | null {
    return (this.#closed() ? '' : this.#machine.accessToken()) || null;
  }

  /** L9: the same frozen object until it changes. */
  kept(): Readonly<Record<string, unknown>> {
    const json = this.#closed() ? '' : this.#machine.kept();
    if (json !== this.#keptJson) this.#kept = readKept((this.#keptJson = json));
    return this.#kept;
  }
}
