// What the app's options make of a token answer (R22, L5, L9), for setTokens and refresh alike.
import type { AuthClientOptions } from '../types.ts';
import { attempt, isObject } from '../values.ts';

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
  /** Whether it has what a success has. The core looks closer. */
  complete: boolean;
  /** What the app's own function threw. */
  thrown: { error: unknown } | undefined;
}

type Members = Readonly<Record<string, unknown>>;

/**
 * `kept` is what was kept so far. `needsToken`: false in cookie mode. Where the app's function gives
 * no tokens, the answer itself may have them: they are not lost for that.
 */
export function readTokenAnswer(
  options: AnswerOptions,
  answer: unknown,
  kept: string,
  needsToken: boolean,
): TokenAnswer {
  const { identify, keep } = options;
  const given = asJson(answer);
  const isComplete = (tokens: Members): boolean =>
    needsToken ? hasToken(tokens) : typeof given.members['error'] !== 'string';
  let read = given;
  let thrown: TokenAnswer['thrown'];
  try {
    const mapped = asJson(options.tokens?.(given.members));
    if (mapped.json !== '' && isComplete(mapped.members)) read = mapped;
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
    complete: isComplete(members),
    thrown,
  };
}

/** What is kept, as a new frozen object. */
export function readKept(json: string): Members {
  return Object.freeze(json === '' ? {} : (JSON.parse(json) as Members));
}

// As plain data. Empty: it is no object, or cannot be written as JSON.
function asJson(value: unknown): { json: string; members: Members } {
  const json = (isObject(value) && attempt(() => JSON.stringify(value))) || '';
  const members: unknown = json === '' ? undefined : JSON.parse(json);
  return isObject(members) ? { json, members: members as Members } : { json, members: {} };
}

function hasToken({ access_token, accessToken }: Members): boolean {
  return [access_token, accessToken].some((token) => typeof token === 'string' && token !== '');
}
