import { type Request, type RequestHandler, type Response, Router } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import type { Context } from './context.ts';
import { HttpError, refusalOf, sendError } from './errors.ts';
import { wrongCredentials } from './sessions.ts';
import { normalizeEmail } from './users.ts';

/**
 * Limits failed logins: for each address and account, so that nobody can lock out another user
 * from elsewhere; and ten times as many for each address alone, since passwords can also be
 * guessed account by account. Counted in this process only; several want a shared store.
 * To be put after the body parser, and one instance shared by all ways to log in.
 */
export function loginLimit(context: Context): RequestHandler {
  const perMinute = context.settings.loginAttemptsPerMinute;
  const accountAtAddress = (request: Request) => `${addressOf(request)} ${accountOf(request)}`;
  return Router().use(
    oneAtATime(accountAtAddress),
    limit(perMinute * 10, (request) => addressOf(request)),
    limit(perMinute, accountAtAddress),
  );
}

/**
 * An attempt counts until it is known to be none that failed. So those at one account wait for each
 * other: correct logins at the same time are no failures, and guesses at the same time are all counted.
 */
function oneAtATime(keyOf: (request: Request) => string): RequestHandler {
  const last = new Map<string, Promise<void>>();
  return async (request, response, next) => {
    const key = keyOf(request);
    const before = last.get(key);
    const done = new Promise<void>((resolve) => {
      // The limits take the attempt back at `finish`; this comes after that.
      response.once('close', () => setImmediate(resolve));
    });
    const own = (before ?? Promise.resolve()).then(() => done);
    last.set(key, own);
    void own.then(() => {
      if (last.get(key) === own) last.delete(key);
    });
    await before;
    // Whoever has gone meanwhile needs no answer.
    if (!response.closed) next();
  };
}

/** Only a wrong password is a failed login: not a form that is malformed, nor a database that is away. */
function hasFailed(response: Response): boolean {
  return refusalOf(response) === wrongCredentials().message;
}

function limit(attempts: number, keyGenerator: (request: Request) => string): RequestHandler {
  return rateLimit({
    windowMs: 60_000,
    limit: attempts,
    keyGenerator,
    skipSuccessfulRequests: true,
    requestWasSuccessful: (_request, response) => !hasFailed(response),
    // Gives Retry-After too.
    standardHeaders: 'draft-7',
    legacyHeaders: false,
    handler: (_request, response) => {
      sendError(
        response,
        new HttpError(429, 'too_many_requests', 'Too many failed logins; try again later'),
      );
    },
  });
}

function addressOf(request: Request): string {
  // One household or cloud customer has a whole IPv6 subnet: the helper makes that one key.
  return request.ip === undefined ? '' : ipKeyGenerator(request.ip);
}

function accountOf(request: Request): string {
  // Exactly the field that the login will read: with a choice, an idle second one would make
  // every guess look like another account.
  const isForm = request.is('application/x-www-form-urlencoded') !== false;
  const email = fieldOf(request, isForm ? 'username' : 'email') ?? '';
  // Cut: keys are held in memory for a minute.
  return normalizeEmail(email).slice(0, 320);
}

function fieldOf(request: Request, name: string): string | undefined {
  const body: unknown = request.body;
  if (typeof body !== 'object' || body === null) return undefined;
  const value: unknown = Object.getOwnPropertyDescriptor(body, name)?.value;
  return typeof value === 'string' ? value : undefined;
}
