// What the machine wants done, copied out of the core's memory. This is the one place that knows how
// it lies there.
import { EFFECT, EFFECT_FIELDS, EFFECT_VIEW, INSTRUCTION_FLAGS } from '#generated/abi';

import type { Memory } from './memory.ts';

type Kinds = typeof EFFECT;
type Fields = typeof EFFECT_FIELDS;
type NumbersOf<Name> = Name extends keyof Fields
  ? { [Field in keyof Fields[Name]]: number }
  : object;

// What a kind has besides its numbers.
interface Texts {
  /** The header's value. Empty: it is sent without. */
  send: { authorization: string };
  retry: { authorization: string };
  /** The record. */
  write_storage: { text: string };
  /** The lease. */
  write_lease: { text: string };
  remove_lease: { text: string };
  /** The mark. */
  mark: { text: string };
  /** The refresh token, the access token, and what is kept. Empty where there is none. */
  refresh: { text: string; accessToken: string; kept: string };
  revoke: { text: string; accessToken: string; kept: string };
  /** The message. */
  broadcast: { text: string };
  /** The acr_values, a line feed, and the scope. Empty where they are absent. */
  challenge: { text: string };
}

/**
 * An effect of one kind: its numbers as src/machine/effect.h names them (times in milliseconds since
 * 1970, Infinity for none; 1 for true), and its texts.
 */
export type EffectOf<Name extends keyof Kinds> = { readonly kind: Kinds[Name] } & NumbersOf<
  Kinds[Name]
> &
  (Name extends keyof Texts ? Texts[Name] : object);

/** An effect: its kind says which. */
export type Effect = { [Name in keyof Kinds]: EffectOf<Name> }[Exclude<keyof Kinds, 'none'>];

/** Gives the header's value for a token of this version. `decode` reads the token out of memory. */
export type HeaderSource = (tokenVersion: number, decode: () => string) => string;

// By kind: where each number stands.
const FIELDS: Readonly<Record<number, Readonly<Record<string, number>>>> = EFFECT_FIELDS;
// No other number stands where a time does.
const TIME: number = EFFECT_FIELDS[EFFECT.finish].retryAt;

/** The effect at `address`; undefined where that is 0: there is none. */
export function readEffect(
  memory: Memory,
  address: number,
  header: HeaderSource,
): Effect | undefined {
  if (address === 0) return undefined;
  const uint = (offset: number): number => memory.readUint32(address + offset);
  // A length stands behind its address.
  const text = (offset: number): string => memory.readText(uint(offset), uint(offset + 4));
  const token = (): string => text(EFFECT_VIEW.token_address);
  const kind = uint(EFFECT_VIEW.kind);
  const effect: Record<string, unknown> = { kind };
  const fields = FIELDS[kind] ?? {};
  // Without a list of its members for each effect.
  for (const name in fields) {
    const offset = fields[name] ?? 0;
    effect[name] = offset === TIME ? memory.readDouble(address + offset) : uint(offset);
  }
  if (kind === EFFECT.send || kind === EFFECT.retry) {
    const { flags, tokenVersion } = effect as unknown as EffectOf<'send'>;
    const withToken = flags & INSTRUCTION_FLAGS.with_token;
    effect['authorization'] = withToken ? header(tokenVersion, token) : '';
  } else effect['text'] = text(EFFECT_VIEW.text_address);
  if (kind === EFFECT.refresh || kind === EFFECT.revoke) {
    effect['accessToken'] = token();
    effect['kept'] = text(EFFECT_VIEW.kept_address);
  }
  return effect as unknown as Effect;
}

/** The request, run or operation that an effect is of; 0 for none. */
export function idOf(effect: Effect): number {
  const { request, run, operation } = effect as {
    request?: number;
    run?: number;
    operation?: number;
  };
  return request ?? run ?? operation ?? 0;
}
