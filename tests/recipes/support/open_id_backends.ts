// The backends that speak OAuth 2.0 (RFC 6749 §5–6, RFC 7009), each with its own words. Above each stands
// where they are written.
import { isDeepStrictEqual as same } from 'node:util';

import type { Answer } from '../../js/support/http_server.ts';
import * as openId from '../code/backends/open_id.ts';
import { amazonUnauthorized } from './amazon.ts';
import { type Backend, challenged, DOWN, form, type Tokens } from './backend.ts';

const CLIENT = 'app';

interface Words {
  readonly make: (origin: string, clientId: string, api: string) => ReturnType<Backend['make']>;
  readonly token: string;
  readonly revocation: string;
  readonly rotates?: boolean;
  /** What stands in an answer beside the members of RFC 6749. */
  readonly more?: object;
  readonly expired: Answer;
  readonly refusals: Readonly<Record<string, Answer>>;
  readonly passing?: Readonly<Record<string, Answer>>;
}

const invalidGrant = (error_description?: string, status = 400): Answer => ({
  status,
  json: { error: 'invalid_grant', ...(error_description !== undefined && { error_description }) },
});

function backend(words: Words): Backend {
  const { rotates = true, more = {} } = words;
  const answer = ({ access }: Tokens): object => ({
    access_token: access,
    token_type: 'Bearer',
    expires_in: 300,
    id_token: `id-of-${access}`,
    ...more,
  });
  const withRefreshToken = (tokens: Tokens): object => ({
    ...answer(tokens),
    refresh_token: tokens.refresh,
  });
  return {
    make: (origin) => words.make(origin, CLIENT, origin),
    signedIn: withRefreshToken,
    expired: { expired: words.expired },
    refresh: {
      path: words.token,
      takes: (request, { refresh }) =>
        same(form(request), {
          grant_type: 'refresh_token',
          refresh_token: refresh,
          client_id: CLIENT,
        }),
      rotates,
      answer: rotates ? withRefreshToken : answer,
      refusals: words.refusals,
      passing: { ...words.passing, down: DOWN },
    },
    signOut: {
      path: words.revocation,
      takes: (request, { refresh }) =>
        same(form(request), {
          token: refresh,
          token_type_hint: 'refresh_token',
          client_id: CLIENT,
        }),
    },
  };
}

// https://www.keycloak.org/securing-apps/oidc-layers; "Revoke Refresh Token" and the sessions' limits:
// https://www.keycloak.org/docs/latest/server_admin/#_timeouts. Its refusals are in
// services/src/main/java/org/keycloak/protocol/oidc/TokenManager.java of github.com/keycloak/keycloak.
const keycloak: Words = {
  make: (origin, clientId, api) => openId.keycloak(`${origin}/realms/shop`, clientId, api),
  token: '/realms/shop/protocol/openid-connect/token',
  revocation: '/realms/shop/protocol/openid-connect/revoke',
  // 0: an offline token, which has no end of its own.
  more: {
    refresh_expires_in: 0,
    'not-before-policy': 0,
    session_state: 'db0815aa',
    scope: 'openid offline_access',
  },
  expired: challenged(
    'Bearer realm="shop", error="invalid_token", error_description="Token verification failed"',
    { error: 'invalid_token', error_description: 'Token verification failed' },
  ),
  refusals: {
    reused: invalidGrant('Maximum allowed refresh token reuse exceeded'),
    expired: invalidGrant('Token is not active'),
    'session over': invalidGrant('Session not active'),
  },
};

// https://auth0.com/docs/secure/tokens/refresh-tokens/refresh-token-rotation (reuse ends the family), and
// https://support.auth0.com/center/s/article/troubleshoot-refresh-token-unknown-or-invalid-before-expiry-403-unknown-or-invalid-refresh-token;
// the limit of the whole tenant, a 500: https://community.auth0.com/t/global-limit-has-been-reached/77440
const auth0: Words = {
  make: openId.auth0,
  token: '/oauth/token',
  revocation: '/oauth/revoke',
  more: { scope: 'openid profile offline_access' },
  expired: challenged('Bearer error="invalid_token", error_description="The access token expired"'),
  refusals: { reused: invalidGrant('Unknown or invalid refresh token.', 403) },
  passing: {
    'too many': { status: 429, headers: { 'x-ratelimit-remaining': '0' } },
    'limit of the tenant': {
      status: 500,
      json: { error: 'access_denied', error_description: 'Global limit has been reached' },
    },
  },
};

// https://www.ory.com/docs/hydra/guides/graceful-token-refresh; the errors in errors.go and
// handler/oauth2/flow_refresh.go of github.com/ory/fosite, the challenge in oauth2/handler.go of
// github.com/ory/hydra, where token_inactive was the answer to a used token up to 2.1.
const GRANT_IS_INVALID =
  'The provided authorization grant (e.g., authorization code, resource owner credentials) or refresh token is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client.';
const ory: Words = {
  make: openId.ory,
  token: '/oauth2/token',
  revocation: '/oauth2/revoke',
  more: { scope: 'openid offline_access' },
  expired: challenged(
    'Bearer error="request_unauthorized",error_description="The request could not be authorized. Check that you provided valid credentials in the right format."',
    { error: 'request_unauthorized' },
  ),
  refusals: {
    reused: invalidGrant(`${GRANT_IS_INVALID} The refresh token was already used.`),
    'reused, as before 2.2': {
      status: 401,
      json: {
        error: 'token_inactive',
        error_description:
          'Token is inactive because it is malformed, expired or otherwise invalid.',
      },
    },
  },
  passing: {
    server_error: { status: 500, json: { error: 'server_error' } },
    temporarily_unavailable: { status: 503, json: { error: 'temporarily_unavailable' } },
  },
};

// https://docs.aws.amazon.com/cognito/latest/developerguide/token-endpoint.html and revocation-endpoint.html
const cognito: Words = {
  make: openId.cognitoDomain,
  token: '/oauth2/token',
  revocation: '/oauth2/revoke',
  rotates: false,
  expired: amazonUnauthorized,
  refusals: { revoked: invalidGrant() },
};

export const OPEN_ID_BACKENDS: Readonly<Record<string, Backend>> = {
  Keycloak: backend(keycloak),
  'Keycloak without rotation': {
    ...backend(keycloak),
    // It gives a refresh token all the same, and the old one works, too.
    refresh: { ...backend(keycloak).refresh, rotates: false },
  },
  Auth0: backend(auth0),
  'Auth0 without rotation': backend({ ...auth0, rotates: false }),
  Ory: backend(ory),
  'Cognito with managed login': backend(cognito),
  'Cognito with managed login and rotation': backend({ ...cognito, rotates: true }),
};
