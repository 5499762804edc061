import { Router } from 'express';
import type { Request, RequestHandler, Response } from 'express';
import type { Context } from '../context.ts';
import { clearCookie, COOKIES, readCookie, setCookie } from '../cookies.ts';
import { assertNotCrossSite } from '../csrf.ts';
import { invalidGrant } from '../errors.ts';
import { endSession, type Grant, logIn, refreshSession, whoIs } from '../sessions.ts';
import { credentials, jsonBody } from './bodies.ts';
import { endpoint } from './endpoint.ts';
import { refreshFaults } from './faults.ts';

/**
 * Cookie mode: both tokens in HttpOnly cookies, and no token in any answer, so that the page has
 * none to lose. Hybrid mode: the refresh token in a cookie, the access token in the answer.
 * The two differ in that alone, and are made by one function.
 */
interface CookieMode {
  readonly channel: 'cookie' | 'hybrid';
  readonly refreshCookie: typeof COOKIES.refresh | typeof COOKIES.hybridRefresh;
  readonly answer: (response: Response, grant: Grant) => void;
  readonly clear: (response: Response) => void;
}

const COOKIE: CookieMode = {
  channel: 'cookie',
  refreshCookie: COOKIES.refresh,
  answer: (response, { accessToken, expiresIn, user }) => {
    setCookie(response, COOKIES.access, accessToken, expiresIn);
    response.json({ expiresIn, user });
  },
  clear: (response) => {
    clearCookie(response, COOKIES.access);
    clearCookie(response, COOKIES.refresh);
  },
};

const HYBRID: CookieMode = {
  channel: 'hybrid',
  refreshCookie: COOKIES.hybridRefresh,
  answer: (response, { accessToken, expiresIn }) => {
    response.json({ accessToken, expiresIn });
  },
  clear: (response) => {
    clearCookie(response, COOKIES.hybridRefresh);
  },
};

export function cookieRoutes(context: Context, loginLimit: RequestHandler): Router {
  const router = Router();
  // 200 also for nobody: a page that asks at its start is no error.
  endpoint(router, '/cookie/session', {
    get: async (request, response) => {
      const [access, refresh] = [COOKIES.access, COOKIES.refresh];
      response.json(
        await whoIs(context, readCookie(request, access), readCookie(request, refresh)),
      );
    },
  });
  router.use('/cookie', modeRoutes(context, loginLimit, COOKIE));
  router.use('/hybrid', modeRoutes(context, loginLimit, HYBRID));
  return router;
}

function modeRoutes(context: Context, loginLimit: RequestHandler, mode: CookieMode): Router {
  const router = Router();
  // Login too: signing a victim in to the attacker's account is an attack as well.
  router.use((request, _response, next) => {
    assertNotCrossSite(request, context.settings);
    next();
  });

  const succeed = (response: Response, grant: Grant): void => {
    setCookie(response, mode.refreshCookie, grant.refreshToken, grant.refreshExpiresIn);
    mode.answer(response, grant);
  };
  const current = (request: Request) => readCookie(request, mode.refreshCookie);

  endpoint(router, '/login', {
    post: [
      ...jsonBody,
      loginLimit,
      async (request, response) => {
        const { email, password } = credentials.parse(request.body);
        const grant = await logIn(context, email, password, mode.channel);
        // The cookie of the session before is about to be overwritten; nobody could end it any more.
        const previous = current(request);
        if (previous !== undefined) await endSession(context, previous, 'replaced');
        succeed(response, grant);
      },
    ],
  });

  endpoint(router, '/refresh', {
    post: [
      refreshFaults(context),
      async (request, response) => {
        const token = current(request);
        if (token === undefined) throw invalidGrant();
        // A refusal leaves the cookies alone: by now they may be those of a newer login, which a
        // late answer to an old request must not clear.
        succeed(response, await refreshSession(context, token, mode.channel));
      },
    ],
  });

  endpoint(router, '/logout', {
    post: async (request, response) => {
      const token = current(request);
      if (token !== undefined) await endSession(context, token);
      mode.clear(response);
      response.status(204).end();
    },
  });

  return router;
}
