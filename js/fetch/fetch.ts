// fetchWithAuth (F1–F8). Who waits, what is sent again and with which token is the core's to say.
import {
  ANSWER_FLAGS,
  INSTRUCTION_FLAGS,
  INSTRUCTION_ID_SHIFT,
  REQUEST_KIND,
} from '#generated/abi';

import type { Driver } from '../driver/driver.ts';
import { AuthError } from '../errors.ts';
import { statusOf } from '../platform/answer.ts';
import { baseUrl } from '../platform/location.ts';
import type { Fetch } from '../types.ts';
import { Call, UNAUTHORIZED } from './call.ts';
import { createOrigins, type Origins } from './origins.ts';
import { describeRequest, signalOf } from './request.ts';

const PLAIN = INSTRUCTION_FLAGS.go | INSTRUCTION_FLAGS.with_token | INSTRUCTION_FLAGS.tracked;
const FLAGS = (1 << INSTRUCTION_ID_SHIFT) - 1;

/** Makes the client's fetchWithAuth. `flags` are REQUEST_FLAGS of all its requests. */
export function makeFetch(driver: Driver, flags: number): Fetch {
  const origins = createOrigins((origin) => driver.originFlags(origin));

  return function fetchWithAuth(input, init) {
    try {
      if (driver.closed()) throw new AuthError('closed');
      if (typeof input === 'string' && init === undefined) {
        return fetchUrl(driver, origins, input, flags);
      }
      const signal = signalOf(input, init);
      const call = new Call(driver, origins, input, init, baseUrl(), signal);
      const all = flags | describeRequest(input, init, signal, origins);
      return driver.request(REQUEST_KIND.fetch, all, (instruction) => call.begin(instruction));
    } catch (error) {
      // fetch never throws, it rejects: a getter of the caller's, or a body that was read already.
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
      return Promise.reject(error);
    }
  };
}

// The plain path: a URL and nothing else, signed in, fresh. One crossing into the core, one
// fetch, one crossing back; no Headers, no copy, one promise. All else is for a Call.
function fetchUrl(driver: Driver, origins: Origins, url: string, flags: number): Promise<Response> {
  const { fetch, refused } = driver.config;
  flags |= origins.flagsOf(url);
  const base = origins.base();
  const createCall = (): Call => new Call(driver, origins, url, undefined, base);
  return driver.request(REQUEST_KIND.fetch, flags, (instruction) => {
    if ((instruction & FLAGS) !== PLAIN) return createCall().begin(instruction);
    const id = instruction >>> INSTRUCTION_ID_SHIFT;
    const fail = (error: unknown): never => {
      driver.fail(id);
      throw error;
    };
    const receive = (response: Response): Response | Promise<Response> => {
      try {
        const status = statusOf(response);
        if (status === UNAUTHORIZED || refused || driver.knowsEndpoints() || driver.closed()) {
          return createCall().receive(response, id);
        }
        const { final_origin_allowed: allowed } = ANSWER_FLAGS;
        return driver.response(id, status, allowed, 0, '', () => response);
      } catch (error) {
        return fail(error);
      }
    };
    try {
      const sent = fetch(url, { headers: { authorization: driver.authorization() } });
      // A promise stays the one that it is; an app's fetch may give anything else.
      return Promise.resolve(sent).then(receive, fail);
    } catch (error) {
      return fail(error);
    }
  });
}
