// The backends of the recipes whose endpoints are their own. Above each stands where its answers are written.
import { isDeepStrictEqual as same } from 'node:util';

import * as aspNet from '../code/backends/asp_net.ts';
import { fastApi } from '../code/backends/fast_api.ts';
import { jwtAuth } from '../code/backends/laravel.ts';
import { simpleJwt } from '../code/backends/simple_jwt.ts';
import * as supabase from '../code/backends/supabase.ts';
import * as amazon from './amazon.ts';
import { type Backend, bearsToken, challenged, DOWN, json, type Tokens } from './backend.ts';

const oauth = ({ access, refresh }: Tokens): object => ({
  access_token: access,
  refresh_token: refresh,
});

// https://supabase.com/docs/guides/auth/debugging/error-codes; the endpoints in openapi.yaml of
// github.com/supabase/auth, its refusals in internal/tokens/service.go, their form in internal/api/errors.go.
// The database: https://docs.postgrest.org/en/latest/references/errors.html
const goTrueError = (code: number, error_code: string, msg: string) => ({
  status: code,
  headers: { 'x-sb-error-code': error_code },
  json: { code, error_code, msg },
});
const goTrueTokens = (tokens: Tokens): object => ({
  ...oauth(tokens),
  token_type: 'bearer',
  expires_in: 3600,
  expires_at: Math.floor(Date.now() / 1000) + 3600,
  user: { id: 'ada', role: 'authenticated' },
});
const goTrue: Backend = {
  make: (origin) => supabase.goTrue(origin),
  signedIn: goTrueTokens,
  expired: {
    'bad_jwt, by /user': goTrueError(403, 'bad_jwt', 'invalid JWT: token is expired'),
  },
  refresh: {
    path: '/token',
    takes: (request, { refresh }) =>
      request.query === '?grant_type=refresh_token' &&
      same(json(request), { refresh_token: refresh }),
    rotates: true,
    answer: goTrueTokens,
    refusals: {
      'already used': goTrueError(
        400,
        'refresh_token_already_used',
        'Invalid Refresh Token: Already Used',
      ),
      // To a client that asks for its version of 2024.
      'not found': {
        status: 400,
        json: {
          code: 'refresh_token_not_found',
          message: 'Invalid Refresh Token: Refresh Token Not Found',
        },
      },
      'session gone': goTrueError(
        400,
        'session_not_found',
        'Invalid Refresh Token: No Valid Session Found',
      ),
      banned: goTrueError(400, 'user_banned', 'Invalid Refresh Token: User Banned'),
    },
    passing: {
      'too many': goTrueError(429, 'over_request_rate_limit', 'Request rate limit reached'),
      'another is under way': goTrueError(
        409,
        'conflict',
        'Too many concurrent token refresh requests on the same session or refresh token',
      ),
      down: DOWN,
    },
  },
  signOut: {
    path: '/logout',
    takes: bearsToken,
  },
};

// https://django-rest-framework-simplejwt.readthedocs.io/en/latest/getting_started.html and blacklist_app.html;
// its refusals in authentication.py and tokens.py of github.com/jazzband/djangorestframework-simplejwt.
// https://www.django-rest-framework.org/api-guide/exceptions/#throttled
const simpleJwtRefusal = (detail: string, code = 'token_not_valid') =>
  challenged('Bearer realm="api"', { detail, code });
const simpleJwtBackend: Backend = {
  make: simpleJwt,
  signedIn: ({ access, refresh }) => ({ access, refresh }),
  expired: {
    token_not_valid: challenged('Bearer realm="api"', {
      detail: 'Given token not valid for any token type',
      code: 'token_not_valid',
      messages: [{ token_class: 'AccessToken', token_type: 'access', message: 'Token is expired' }],
    }),
  },
  refresh: {
    path: '/api/token/refresh/',
    takes: (request, { refresh }) => same(json(request), { refresh }),
    rotates: false,
    answer: ({ access }) => ({ access }),
    refusals: {
      blacklisted: simpleJwtRefusal('Token is blacklisted'),
      expired: simpleJwtRefusal('Token is expired'),
      'user gone': simpleJwtRefusal(
        'No active account found for the given token.',
        'no_active_account',
      ),
    },
    passing: {
      throttled: {
        status: 429,
        headers: { 'Retry-After': '5' },
        json: { detail: 'Request was throttled. Expected available in 5 seconds.' },
      },
      down: DOWN,
    },
  },
  signOut: {
    path: '/api/token/blacklist/',
    takes: (request, { refresh }) => same(json(request), { refresh }),
  },
};

// https://fastapi.tiangolo.com/tutorial/security/oauth2-jwt/ (it has no refresh: templates add it in its
// words), and backend/app/api/deps.py of github.com/fastapi/full-stack-fastapi-template.
const invalidCredentials = { detail: 'Could not validate credentials' };

// https://jwt-auth.readthedocs.io/en/develop/quick-start/, behind Laravel's own auth:api.
const unauthenticated = { status: 401, json: { message: 'Unauthenticated.' } };
const jwtAuthTokens = ({ access }: Tokens): object => ({
  access_token: access,
  token_type: 'bearer',
  expires_in: 3600,
});

// https://learn.microsoft.com/aspnet/core/security/authentication/identity-api-authorization, and
// IdentityApiEndpointRouteBuilderExtensions.cs of github.com/dotnet/aspnetcore.
const identityTokens = ({ access, refresh }: Tokens): object => ({
  tokenType: 'Bearer',
  accessToken: access,
  expiresIn: 3600,
  refreshToken: refresh,
});

// No page of Microsoft's: tutorials have these endpoints, with BadRequest("Invalid client request"). The API
// answers as Microsoft.AspNetCore.Authentication.JwtBearer does.
const pairTokens = ({ access, refresh }: Tokens): object => ({
  accessToken: access,
  refreshToken: refresh,
});

export const BACKENDS: Readonly<Record<string, Backend>> = {
  GoTrue: goTrue,
  Supabase: {
    ...goTrue,
    make: (origin) => supabase.supabase(origin, 'public'),
    expired: {
      'PGRST303, by the database': challenged(
        'Bearer error="invalid_token", error_description="JWT expired"',
        { code: 'PGRST303', details: null, hint: null, message: 'JWT expired' },
      ),
      ...goTrue.expired,
    },
    refresh: {
      ...goTrue.refresh,
      path: '/auth/v1/token',
      takes: (request, tokens) =>
        request.headers['apikey'] === 'public' && goTrue.refresh.takes(request, tokens),
    },
    signOut: {
      path: '/auth/v1/logout',
      takes: (request, tokens) =>
        request.headers['apikey'] === 'public' && bearsToken(request, tokens),
    },
  },
  'Simple JWT': simpleJwtBackend,
  'Simple JWT with ROTATE_REFRESH_TOKENS': {
    ...simpleJwtBackend,
    refresh: {
      ...simpleJwtBackend.refresh,
      rotates: true,
      answer: ({ access, refresh }) => ({ access, refresh }),
    },
  },
  FastAPI: {
    make: fastApi,
    signedIn: (tokens) => ({ ...oauth(tokens), token_type: 'bearer' }),
    expired: {
      'as in its tutorial': challenged('Bearer', invalidCredentials),
      'as in its template': { status: 403, json: invalidCredentials },
    },
    refresh: {
      path: '/auth/refresh',
      takes: (request, { refresh }) => same(json(request), { refresh_token: refresh }),
      rotates: true,
      answer: (tokens) => ({ ...oauth(tokens), token_type: 'bearer' }),
      refusals: { invalid: challenged('Bearer', invalidCredentials) },
      passing: { failed: { status: 500, body: 'Internal Server Error' }, down: DOWN },
    },
  },
  'tymon/jwt-auth': {
    make: jwtAuth,
    signedIn: jwtAuthTokens,
    // Laravel's own auth:api, and the library's jwt.auth.
    expired: {
      unauthenticated,
      'jwt.auth': challenged('jwt-auth', { message: 'Token has expired' }),
    },
    refresh: {
      path: '/api/auth/refresh',
      takes: bearsToken,
      rotates: true,
      answer: jwtAuthTokens,
      refusals: { unauthenticated },
      passing: {
        // https://laravel.com/docs/routing#rate-limiting
        throttled: {
          status: 429,
          headers: { 'Retry-After': '60' },
          json: { message: 'Too Many Attempts.' },
        },
        down: DOWN,
      },
    },
    signOut: {
      path: '/api/auth/logout',
      takes: bearsToken,
    },
  },
  'ASP.NET Core Identity': {
    make: aspNet.aspNetIdentity,
    signedIn: identityTokens,
    expired: { challenged: challenged('Bearer') },
    refresh: {
      path: '/refresh',
      takes: (request, { refresh }) => same(json(request), { refreshToken: refresh }),
      rotates: true,
      answer: identityTokens,
      refusals: { challenged: challenged('Bearer'), 'without a body': { status: 401 } },
      passing: { 'rate limiter': { status: 503 }, down: DOWN },
    },
  },
  'ASP.NET, a pair of tokens': {
    make: aspNet.aspNetPair,
    signedIn: pairTokens,
    expired: {
      expired: challenged(
        `Bearer error="invalid_token", error_description="The token expired at '01/01/2026 00:00:00'"`,
      ),
    },
    refresh: {
      path: '/token/refresh',
      takes: (request, { access, refresh }) =>
        same(json(request), { accessToken: access, refreshToken: refresh }),
      rotates: true,
      answer: pairTokens,
      refusals: {
        invalid: {
          status: 400,
          headers: { 'Content-Type': 'text/plain; charset=utf-8' },
          body: 'Invalid client request',
        },
        unauthorized: { status: 401 },
      },
      passing: { down: DOWN },
    },
  },
  'Cognito, its own API': amazon.cognitoApi,
  'Cognito, its own API, with rotation': amazon.cognitoApiWithRotation,
};
