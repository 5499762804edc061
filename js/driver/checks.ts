// What the checks of options say: the option, what it must be, and what it is.
import { refuse } from '../errors.ts';
import type { AuthClientOptions } from '../types.ts';
import { isObject } from '../values.ts';

// With one too few or too many it does not compile.
const OPTIONS = Object.keys({
  clock: 0,
  csrf: 0,
  debug: 0,
  fetch: 0,
  identify: 0,
  keep: 0,
  keepAlive: 0,
  leeway: 0,
  lockTimeout: 0,
  mode: 0,
  name: 0,
  origins: 0,
  presume: 0,
  refresh: 0,
  refreshMargin: 0,
  refreshTimeout: 0,
  refused: 0,
  signOut: 0,
  storage: 0,
  storageTimeout: 0,
  tabs: 0,
  tokens: 0,
} satisfies Record<keyof AuthClientOptions, 0>);

/** A misspelt option would be silently without effect. */
export function warnOfUnknown(options: object): void {
  for (const name of Object.keys(options)) {
    if (!OPTIONS.includes(name)) console.warn(`bearerkit: there is no option ${name}.`);
  }
}

/** D10: a text is told by its kind, since it may be a secret in the wrong place. */
export function check(holds: boolean, option: string, value: unknown): asserts holds {
  if (!holds) refuse(`${option}. It is ${kindOf(value)}`);
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'an array';
  const kind = typeof value;
  const isNamed = ['string', 'function', 'symbol'].includes(kind);
  return isNamed ? `a ${kind}` : isObject(value) ? 'an object' : String(value);
}

const MOST_SECONDS = { leeway: 3600, refreshMargin: 86_400 } as const;

/** Gives milliseconds. */
export function seconds(
  value: number | undefined,
  option: keyof typeof MOST_SECONDS,
  otherwise: number,
): number {
  const most = MOST_SECONDS[option];
  const given = duration(value, option, otherwise, 'seconds');
  // Others count in milliseconds.
  check(given <= most, `${option} is in seconds, at most ${most}`, value);
  return given * 1000;
}

export function duration(
  value: number | undefined,
  option: string,
  otherwise: number,
  unit = 'milliseconds',
): number {
  if (value === undefined) return otherwise;
  const usable = Number.isFinite(value) && value >= 0;
  check(usable, `${option} must be a number of ${unit}, 0 or more`, value);
  return value;
}
