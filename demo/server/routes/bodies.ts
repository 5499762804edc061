import express, { type RequestHandler } from 'express';
import { z } from 'zod';
import { HttpError } from '../errors.ts';

/** Bodies of the sign-in routes are small; anything bigger is a mistake or an attack. */
const LIMIT = '16kb';
const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';

export const jsonBody = [onlyOf(JSON_TYPE), express.json({ limit: LIMIT })];
export const formBody = [onlyOf(FORM_TYPE), express.urlencoded({ extended: false, limit: LIMIT })];
/** Either of the two. */
export const jsonOrFormBody = [
  onlyOf(JSON_TYPE, FORM_TYPE),
  express.json({ limit: LIMIT }),
  express.urlencoded({ extended: false, limit: LIMIT }),
];

/** A body of another type is a 415 (RFC 9110 §15.5.16); none at all is left to whoever reads it. */
function onlyOf(...types: string[]): RequestHandler {
  return (request, _response, next) => {
    if (request.is(types) === false) {
      const description = `The body has to be ${types.join(' or ')}`;
      throw new HttpError(415, 'unsupported_media_type', description);
    }
    next();
  };
}

/**
 * Text that is one sequence of bytes and no other: no lone surrogate, which becomes U+FFFD, and no
 * NUL, which PostgreSQL refuses, and which HMAC adds to every short key: with it "x" and "x\0" would
 * be the same password.
 */
const plainText = z.string().refine((text) => !/[\0\p{Surrogate}]/u.test(text));

/** What a new password has to be (NIST SP 800-63B §5.1.1): long, and nothing else. */
export const newPassword = plainText.min(8).max(1024);

// Upper bounds because each try at a password costs real work.
export const credentials = z.object({
  email: plainText
    .min(1)
    .max(320)
    .regex(/^[^\u0000-\u001f\u007f]*$/),
  password: plainText.min(1).max(1024),
});

export const passwordChange = z.object({
  currentPassword: credentials.shape.password,
  newPassword,
});

export const refreshTokenBody = z.object({ refreshToken: z.string().min(1).max(4096) });
