import type { Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { HttpError, invalidRequest, sendError } from '../errors.ts';
import { type Grant, logIn, refreshSession } from '../sessions.ts';
import { credentials, jsonOrFormBody, refreshTokenBody } from './bodies.ts';
import { jsonDialect, oauthDialect } from './dialects.ts';
import { refreshFaults } from './faults.ts';

/** The one client of the OAuth dialect: public, as every client in a browser is (RFC 6749 §2.1). */
const CLIENT_ID = 'demo';

/**
 * One endpoint, two dialects, told apart by the type of the body:
 *  - `application/json`: `{refreshToken}` → `{accessToken, refreshToken, expiresIn}`; a refusal is a 401.
 *  - `application/x-www-form-urlencoded`: OAuth 2.0 (RFC 6749 §4.3, §5, §6); a refusal is a 400.
 */
export function tokenEndpoint(context: Context, loginLimit: RequestHandler): RequestHandler[] {
  const faults = refreshFaults(context);
  return [
    ...jsonOrFormBody,
    (request, response, next) => {
      const isLogin = isOAuth(request) && parametersOf(request)['grant_type'] === 'password';
      return (isLogin ? loginLimit : faults)(request, response, next);
    },
    async (request, response) => {
      if (isOAuth(request)) response.json(oauthDialect(await oauthGrant(context, request)));
      else {
        const { refreshToken } = refreshTokenBody.parse(request.body);
        response.json(jsonDialect(await refreshSession(context, refreshToken, 'bearer')));
      }
    },
  ];
}

/** Turns the 401 of the JSON dialect into the 400 that RFC 6749 §5.2 wants. To be put before the error handler. */
export function sendOAuthError(request: Request, response: Response, error: unknown): boolean {
  if (!isOAuth(request) || !(error instanceof HttpError) || error.status !== 401) return false;
  if (error.code !== 'invalid_grant' && error.code !== 'invalid_credentials') return false;
  sendError(response, new HttpError(400, 'invalid_grant', error.message));
  return true;
}

export function isOAuth(request: Request): boolean {
  return request.is('application/x-www-form-urlencoded') !== false;
}

/**
 * The form's parameters. One without a value counts as absent, one given twice is an error
 * (RFC 6749 §3.2).
 */
export function parametersOf(request: Request): Readonly<Record<string, string>> {
  const result = z.record(z.string(), z.string()).safeParse({ ...request.body });
  if (!result.success) throw invalidRequest('A parameter is given more than once');
  return Object.fromEntries(Object.entries(result.data).filter(([, value]) => value !== ''));
}

/** @throws HttpError `invalid_client`: 401 if the client tried HTTP authentication, else 400 (RFC 6749 §5.2). */
export function requireClient(request: Request): void {
  if (request.get('Authorization') !== undefined) {
    throw new HttpError(
      401,
      'invalid_client',
      'The client is public: it sends client_id and no secret',
      {
        'WWW-Authenticate': 'Basic realm="bearerkit-demo"',
      },
    );
  }
  if (parametersOf(request)['client_id'] !== CLIENT_ID) {
    throw new HttpError(400, 'invalid_client', 'client_id is missing or unknown');
  }
}

async function oauthGrant(context: Context, request: Request): Promise<Grant> {
  const parameters = parametersOf(request);
  const grantType = parameters['grant_type'];
  if (grantType === undefined) throw invalidRequest('grant_type is missing');
  requireClient(request);
  switch (grantType) {
    case 'refresh_token': {
      const token = parameters['refresh_token'];
      if (token === undefined) throw invalidRequest('refresh_token is missing');
      return refreshSession(context, token, 'bearer');
    }
    case 'password': {
      // Deprecated for real use (RFC 9700 §2.4); here so that a test can get tokens in this dialect.
      const { username, password: given } = parameters;
      if (username === undefined || given === undefined) {
        throw invalidRequest('username or password is missing');
      }
      const { email, password } = credentials.parse({ email: username, password: given });
      return logIn(context, email, password, 'bearer');
    }
    default:
      throw new HttpError(
        400,
        'unsupported_grant_type',
        'Only refresh_token and password are supported',
      );
  }
}
