// What the app's options make of a token answer (R22, L5, L9), for setTokens and refresh alike.
import type { AuthClientOptions } from '../types.ts';
import { asJson, attempt, type JsonObject, type Members } from '../values.ts';

/** The options that are about answers. */
export interface AnswerOptions {
  tokens: AuthClientOptions['tokens'];
  identify: AuthClientOptions['identify'];
  keep: readonly string[];
}

/** As the core takes it: texts of JSON, empty for none. */
export interface TokenAnswer {
  json: string;
  /** An id, or null where the app does not know; empty where it is not asked. */
  identity: string;
  /** What is to be kept from now on, and what of it is of this answer. */
  kept: string;
  keptAnew: string;
  /** What the app's own function threw. */
  thrown: { error: unknown } | undefined;
}

/**
 * `kept` is what was kept so far. Where what the app's function gives does not succeed, the answer
 * itself may have the tokens: they are not lost for that.
 */
export function readTokenAnswer(
  options: AnswerOptions,
  given: JsonObject,
  kept: string,
  succeeds: (json: string) => boolean,
): TokenAnswer {
  const { identify, keep } = options;
  let read = given;
  let thrown: TokenAnswer['thrown'];
  try {
    const mapped = asJson(options.tokens?.(given.members));
    if (mapped.json !== '' && succeeds(mapped.json)) read = mapped;
  } catch (error) {
    thrown = { error };
  }
  const { json, members } = read;
  const id = identify && (attempt(() => identify(members)) ?? null);
  const anew = Object.fromEntries(Object.entries(members).filter(([name]) => keep.includes(name)));
  const keeps = keep.length > 0;
  return {
    json,
    identity: id === undefined ? '' : JSON.stringify(id && String(id)),
    kept: keeps ? JSON.stringify({ ...readKept(kept), ...anew }) : '',
    keptAnew: keeps ? JSON.stringify(anew) : '',
    thrown,
  };
}

/** What is kept, as a new frozen object. */
export function readKept(json: string): Members {
  return Object.freeze(json === '' ? {} : (JSON.parse(json) as Members));
}
