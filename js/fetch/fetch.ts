// fetchWithAuth (F1–F8). Who waits, what is sent again and with which token is the core's to say.
import {
  ANSWER_FLAGS,
  INSTRUCTION_FLAGS,
  INSTRUCTION_ID_SHIFT,
  REQUEST_KIND,
} from '#generated/abi';

import type { Driver } from '../driver/driver.ts';
import { statusOf } from '../platform/answer.ts';
import type { Fetch } from '../types.ts';
import { nothing } from '../values.ts';
import { Call, UNAUTHORIZED } from './call.ts';
import { createOrigins, type Origins } from './origins.ts';
import { OutgoingRequest } from './request.ts';

const PLAIN = INSTRUCTION_FLAGS.go | INSTRUCTION_FLAGS.with_token | INSTRUCTION_FLAGS.tracked;
const FLAGS = (1 << INSTRUCTION_ID_SHIFT) - 1;

/** Makes a fetchWithAuth. `flags` are REQUEST_FLAGS of all its requests; `fetch` sends them. */
export function makeFetch(driver: Driver, flags: number, fetch: Fetch): Fetch {
  const { machine } = driver;
  const origins = createOrigins(driver.config.world, (origin) => {
    // A getter of the caller's may have closed it: there is nobody left to ask.
    driver.assertOpen();
    return machine.originFlags(origin);
  });

  return function fetchWithAuth(input, init) {
    try {
      driver.assertOpen();
      if (typeof input === 'string' && init === undefined) {
        return fetchUrl(driver, origins, input, flags, fetch);
      }
      const request = new OutgoingRequest(input, init);
      const call = new Call(driver, origins, request, fetch);
      const all = flags | request.describe(origins);
      driver.assertOpen();
      const instruction = machine.request(REQUEST_KIND.fetch, all);
      return driver.follow(instruction, () => call.begin(instruction));
    } catch (error) {
      // fetch never throws, it rejects: a getter of the caller's, or a body that was read already.
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
      return Promise.reject(error);
    }
  };
}

// The plain path: a URL and nothing else, signed in, fresh. One crossing into the core, one
// fetch, one crossing back; no Headers, no copy, one promise. All else is for a Call.
function fetchUrl(
  driver: Driver,
  origins: Origins,
  url: string,
  flags: number,
  fetch: Fetch,
): Promise<Response> {
  const { config, machine } = driver;
  const instruction = machine.request(REQUEST_KIND.fetch, flags | origins.flagsOf(url));
  const id = instruction >>> INSTRUCTION_ID_SHIFT;
  const base = origins.base();
  const createCall = (): Call =>
    new Call(driver, origins, new OutgoingRequest(url, undefined, base), fetch);
  if ((instruction & FLAGS) !== PLAIN) {
    return driver.follow(instruction, () => createCall().begin(instruction));
  }
  const fail = (error: unknown): never => {
    driver.fail(id);
    throw error;
  };
  const receive = (response: Response): Response | Promise<Response> => {
    try {
      const status = statusOf(response);
      if (
        status === UNAUTHORIZED ||
        config.refused ||
        machine.knowsEndpoints() ||
        driver.closed()
      ) {
        return createCall().receive(response, id);
      }
      driver.follow(
        machine.response(id, status, ANSWER_FLAGS.final_origin_allowed, 0, ''),
        nothing,
      );
      return response;
    } catch (error) {
      return fail(error);
    }
  };
  try {
    const sent = fetch(url, { headers: { authorization: machine.authorization() } });
    // A promise stays the one that it is; an app's fetch may give anything else.
    return Promise.resolve(sent).then(receive, fail);
  } catch (error) {
    return fail(error);
  }
}
