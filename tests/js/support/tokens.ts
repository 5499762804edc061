// Tokens for tests. They are signed by nobody: bearerkit verifies nothing.

export type Json = Record<string, unknown>;

export const toBase64url = (data: string | Uint8Array): string =>
  Buffer.from(data as string).toString('base64url');

export const HEADER: Json = { alg: 'HS256', typ: 'JWT' };
export const SIGNATURE: string = toBase64url('a signature of nobody at all, 32');

/** A token of these claims. */
export function makeJwt(
  claims: Json,
  header: Json = HEADER,
  signature: string = SIGNATURE,
): string {
  return rawJwt(JSON.stringify(header), JSON.stringify(claims), signature);
}

/** A token of these bytes, whatever they are. */
export function rawJwt(
  header: string | Uint8Array,
  payload: string | Uint8Array,
  signature: string = SIGNATURE,
): string {
  return `${toBase64url(header)}.${toBase64url(payload)}.${signature}`;
}

/** A payload that is this text, behind a header that is good. */
export const withPayload = (payload: string | Uint8Array): string =>
  rawJwt(JSON.stringify(HEADER), payload);

/** RFC 7515 appendix A.1, and RFC 7519 §3.1. */
export const RFC_TOKEN: string =
  'eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9' +
  '.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ' +
  '.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
