// A token in its parts. What may be read of it says the package.
import { inspectJwt } from 'bearerkit';

type Members = Readonly<Record<string, unknown>>;

export interface Jwt {
  readonly header: Members;
  readonly claims: Members;
  /** What is signed: header and payload as they came. */
  readonly signed: string;
  /** As it came. */
  readonly signature: string;
}

/** Undefined where the token is no JWT. */
export function readJwt(token: string): Jwt | undefined {
  const read = inspectJwt(token);
  if (!read.ok) return undefined;
  const dot = token.lastIndexOf('.');
  const [signed, signature] = [token.slice(0, dot), token.slice(dot + 1)];
  return { header: { ...read.header }, claims: { ...read.claims }, signed, signature };
}

/** Header and payload, ready to be signed. */
export function writeSigned(header: Members, claims: Members): string {
  return `${encode(header)}.${encode(claims)}`;
}

function encode(members: Members): string {
  return Buffer.from(JSON.stringify(members)).toString('base64url');
}
