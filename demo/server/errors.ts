import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import { ZodError } from 'zod';
import type { Context } from './context.ts';
import { isDatabaseUnavailable } from './database.ts';

/** An answer other than success. `code` and `description` go to the client: no secret in either. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    description: string,
    headers: Record<string, string> = {},
  ) {
    super(description);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

/** The `WWW-Authenticate` of RFC 6750 §3; a request without any token gets no error code (§3.1). */
export function bearerChallenge(parameters: Readonly<Record<string, string>> = {}): string {
  const all = Object.entries({ realm: 'bearerkit-demo', ...parameters });
  return `Bearer ${all.map(([name, value]) => `${name}="${value}"`).join(', ')}`;
}

/** 401. Every 401 has to carry a challenge (RFC 9110 §15.5.2). */
export function unauthorized(code: string, description: string): HttpError {
  return new HttpError(401, code, description, { 'WWW-Authenticate': bearerChallenge() });
}

/** 401 `invalid_token`: a token came, and is not (or no longer) good (RFC 6750 §3.1). */
export function invalidToken(description: string): HttpError {
  const challenge = bearerChallenge({ error: 'invalid_token', error_description: description });
  return new HttpError(401, 'invalid_token', description, { 'WWW-Authenticate': challenge });
}

/** One description for all reasons: which of them it was is nobody's business but the server's. */
export function invalidGrant(): HttpError {
  return unauthorized('invalid_grant', 'The refresh token is invalid, expired or revoked');
}

export function invalidRequest(description: string): HttpError {
  return new HttpError(400, 'invalid_request', description);
}

export const notFound: RequestHandler = () => {
  throw new HttpError(404, 'not_found', 'There is nothing here');
};

/** The last handler: every error becomes a small JSON answer, and none takes its stack with it. */
export function errorHandler(context: Context): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => {
    const answer = toHttpError(error);
    if (answer.status === 500) {
      // Neither message nor stack: a database's message may quote the values it was given.
      context.log(`error ${request.method} ${nameOf(error)}`);
    }
    if (response.headersSent) {
      // Too late for another answer. Express' own handler would print the stack.
      request.socket.destroy();
      return;
    }
    sendError(response, answer);
  };
}

const refusals = new WeakMap<Response, string>();

/** What a response was refused for; undefined when it was not. */
export function refusalOf(response: Response): string | undefined {
  return refusals.get(response);
}

export function sendError(response: Response, error: HttpError): void {
  refusals.set(response, error.message);
  response
    .status(error.status)
    .set(error.headers)
    .json({ error: error.code, error_description: error.message });
}

function toHttpError(error: unknown): HttpError {
  if (error instanceof HttpError) return error;
  if (error instanceof ZodError) {
    // Names only; zod's own messages can quote what they got.
    const fields = [...new Set(error.issues.map((issue) => issue.path.join('.')))].filter(Boolean);
    return invalidRequest(
      fields.length > 0
        ? `Missing or malformed: ${fields.join(', ')}`
        : 'The body is missing or malformed',
    );
  }
  // A text that the database cannot hold (22021): refused before, and here should one slip through.
  if (codeOf(error) === '22021') return invalidRequest('The request is malformed');
  if (isDatabaseUnavailable(error)) {
    return new HttpError(503, 'temporarily_unavailable', 'The database cannot be reached', {
      'Retry-After': '1',
    });
  }
  return fromExpress(error) ?? new HttpError(500, 'server_error', 'Something went wrong');
}

/** What the body parsers and the router throw has a status; their messages may quote the body. */
function fromExpress(error: unknown): HttpError | undefined {
  if (!(error instanceof Error) || !('status' in error)) return undefined;
  switch (error.status) {
    case 400:
      return invalidRequest('The request is malformed');
    case 404:
      return new HttpError(404, 'not_found', 'There is nothing here');
    case 413:
      return new HttpError(413, 'content_too_large', 'The body is too large');
    case 415:
      return new HttpError(
        415,
        'unsupported_media_type',
        'The encoding or charset of the body is not supported',
      );
    default:
      return undefined;
  }
}

function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  return [error.name, codeOf(error)].join(' ').trim();
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : '';
}
