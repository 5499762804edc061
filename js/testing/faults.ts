// What goes wrong, and when: in the simulator's words and proportions (tests/sim/settings.cpp), by a seed.
import type { MetFault, TestFault, TestFaults, TestTarget } from '../types/testing.ts';
import { checkNumber, TestAuthError } from './errors.ts';
import { randomOf, seedFor } from './random.ts';

interface Kind {
  /** How often, beside the others. */
  readonly weight: number;
  /** Undefined: any message may meet it. */
  readonly of?: TestTarget;
  /** A session may not survive it. */
  readonly ends?: true;
}

const KINDS: Record<TestFault, Kind> = {
  request_lost: { weight: 16 },
  answer_lost: { weight: 16 },
  slow: { weight: 20 },
  unavailable: { weight: 16 },
  bad_gateway: { weight: 16 },
  too_many: { weight: 16 },
  captive_portal: { weight: 8 },
  broken_answer: { weight: 8 },
  false_401: { weight: 1, of: 'api' },
  unclear: { weight: 4, of: 'refresh' },
  outage: { weight: 12 },
  clock_jump: { weight: 12 },
  storage_cleared: { weight: 1, ends: true },
  storage_corrupt: { weight: 1, ends: true },
  storage_failed: { weight: 1, ends: true },
  banned: { weight: 1, ends: true },
};
const NAMES = Object.keys(KINDS) as TestFault[];
const RATE = 0.2;

/** A fault of a message, and numbers from 0 up to 1 for what else about it is random. */
export interface Drawn {
  readonly fault: TestFault;
  readonly random: () => number;
}

export class Faults {
  readonly met: MetFault[] = [];
  readonly #wanted: { readonly fault: TestFault; readonly to: TestTarget | undefined }[] = [];
  // How often each message was sent.
  readonly #counts = new Map<string, number>();
  #seed = 0;
  #rate = 0;
  #chosen: readonly TestFault[] = [];

  set(faults: TestFaults | false): void {
    if (faults === false) {
      this.#rate = 0;
      return;
    }
    const { seed, rate = RATE, only = NAMES.filter((name) => !KINDS[name].ends) } = faults;
    this.#seed = checkNumber(seed, 'seed');
    only.forEach(checkName);
    this.#rate = checkNumber(rate, 'rate', 1);
    this.#chosen = only;
    this.#counts.clear();
  }

  next(fault: TestFault, to: TestTarget | undefined): void {
    checkName(fault);
    const { of = to } = KINDS[fault];
    if (of !== (to ?? of)) throw new TestAuthError('bad_option', `Only ${of} meets ${fault}.`);
    this.#wanted.push({ fault, to: of });
  }

  /**
   * The fault that a message meets. It is up to the seed, the message and how often that was sent, and
   * to nothing else: other calls in between change nothing.
   */
  draw(target: TestTarget, message: string, at: number): Drawn | undefined {
    const count = (this.#counts.get(message) ?? 0) + 1;
    this.#counts.set(message, count);
    const random = randomOf(seedFor(this.#seed, `${message} ${count}`));
    const isHit = random() < this.#rate;
    const place = this.#wanted.findIndex(({ to = target }) => to === target);
    const [wanted] = place < 0 ? [] : this.#wanted.splice(place, 1);
    const fault = wanted?.fault ?? (isHit ? this.#pick(target, random()) : undefined);
    if (fault === undefined) return undefined;
    this.met.push({ fault, message, at });
    return { fault, random };
  }

  #pick(target: TestTarget, chance: number): TestFault | undefined {
    const possible = this.#chosen.filter((name) => (KINDS[name].of ?? target) === target);
    let left = chance * possible.reduce((sum, name) => sum + KINDS[name].weight, 0);
    return possible.find((name) => (left -= KINDS[name].weight) < 0);
  }
}

function checkName(name: TestFault): void {
  if (NAMES.includes(name)) return;
  throw new TestAuthError(
    'bad_option',
    `There is no fault ${name}. There are ${NAMES.join(', ')}.`,
  );
}
