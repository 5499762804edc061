// What the app's options make of a token answer (R22, L5, L9), for setTokens and refresh alike.
import type { AuthClientOptions } from '../types.ts';
import { asJson, attempt, isObject, report, type JsonObject, type Members } from '../values.ts';

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
  const anew = Object.fromEntries(Object.entries(members).filter(([name]) => keep.includes(name)));
  const keeps = keep.length > 0;
  return {
    json,
    identity: identify ? identityBy(identify, members) : '',
    kept: keeps ? JSON.stringify({ ...readKept(kept), ...anew }) : '',
    keptAnew: keeps ? JSON.stringify(anew) : '',
    thrown,
  };
}

// L5. What is no id, such as a promise, would make one user of all: then the tokens say whose they are.
function identityBy(identify: NonNullable<AnswerOptions['identify']>, members: Members): string {
  const id: string | number | object | null = attempt(() => identify(members)) ?? null;
  if (!isObject(id)) return JSON.stringify(id === null ? id : String(id));
  report(new TypeError('identify must give a string or a number'));
  return '';
}

/** What is kept, as a new frozen object. */
export function readKept(json: string): Members {
  return Object.freeze(json === '' ? {} : (JSON.parse(json) as Members));
}
