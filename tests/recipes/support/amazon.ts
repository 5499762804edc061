// Amazon Cognito's own API, and the words of Amazon's API Gateway.
import { isDeepStrictEqual as same } from 'node:util';

import type { Answer } from '../../js/support/http_server.ts';
import { cognito } from '../code/backends/cognito.ts';
import { type Backend, challenged, DOWN, json, type Tokens } from './backend.ts';

// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetTokensFromRefreshToken.html
// (every error but an internal one is a 400) and
// https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-refresh-token.html.
// The API is an HTTP API with a JWT authorizer, whose challenge has no commas:
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-jwt.html
const amazonError = (__type: string, message?: string): Answer => ({
  status: 400,
  headers: { 'x-amzn-ErrorType': __type, 'Content-Type': 'application/x-amz-json-1.1' },
  body: JSON.stringify({ __type, message }),
});
export const amazonUnauthorized = challenged(
  'Bearer scope="" error="invalid_token" error_description="the token has expired"',
  { message: 'Unauthorized' },
);
const amazonTokens = ({ access }: Tokens, more: object = {}): object => ({
  AuthenticationResult: {
    AccessToken: access,
    ExpiresIn: 3600,
    IdToken: `id-of-${access}`,
    TokenType: 'Bearer',
    ...more,
  },
  ChallengeParameters: {},
});
export const cognitoApi: Backend = {
  make: (origin) => cognito(`${origin}/cognito/`, 'app', origin),
  signedIn: (tokens) => amazonTokens(tokens, { RefreshToken: tokens.refresh }),
  expired: { unauthorized: amazonUnauthorized },
  refresh: {
    path: '/cognito/',
    takes: (request, { refresh }) =>
      request.headers['x-amz-target'] ===
        'AWSCognitoIdentityProviderService.GetTokensFromRefreshToken' &&
      request.headers['content-type'] === 'application/x-amz-json-1.1' &&
      same(json(request), { ClientId: 'app', RefreshToken: refresh }),
    rotates: false,
    answer: (tokens) => amazonTokens(tokens),
    refusals: {
      revoked: amazonError('NotAuthorizedException', 'Refresh Token has been revoked'),
    },
    passing: {
      'too many': amazonError('TooManyRequestsException', 'Rate exceeded'),
      internal: { status: 500, json: { __type: 'InternalErrorException' } },
      down: DOWN,
    },
  },
  signOut: {
    path: '/cognito/',
    takes: (request, { refresh }) =>
      request.headers['x-amz-target'] === 'AWSCognitoIdentityProviderService.RevokeToken' &&
      same(json(request), { ClientId: 'app', Token: refresh }),
  },
};

export const cognitoApiWithRotation: Backend = {
  ...cognitoApi,
  refresh: {
    ...cognitoApi.refresh,
    rotates: true,
    answer: (tokens) => amazonTokens(tokens, { RefreshToken: tokens.refresh }),
    refusals: {
      reused: amazonError('RefreshTokenReuseException'),
    },
  },
};
