// Tokens that no server may take, made in the page as an attacker would make them.
import { algorithmOf, signWith } from './crypto.ts';

/** Header, payload and signature, still encoded. */
export interface Parts {
  readonly header: string;
  readonly payload: string;
  readonly signature: string;
}

export function partsOf(token: string): Parts {
  const [header = '', payload = '', signature = ''] = token.split('.');
  return { header, payload, signature };
}

export const join = ({ header, payload, signature }: Parts): string =>
  `${header}.${payload}.${signature}`;

/** The same token with other claims, and the signature of the old ones. */
export function withClaims(token: string, changes: Readonly<Record<string, unknown>>): string {
  const parts = partsOf(token);
  const claims = { ...decodeJson(parts.payload), ...changes };
  return join({ ...parts, payload: encodeJson(claims) });
}

/** `alg: none`, and no signature: old libraries took such a token. */
export function unsecured(token: string, changes: Readonly<Record<string, unknown>>): string {
  const parts = partsOf(withClaims(token, changes));
  const header = encodeJson({ ...decodeJson(parts.header), alg: 'none' });
  return join({ ...parts, header, signature: '' });
}

/** Signed, and rightly so, but with a key that this page has just made. */
export async function signedByAnother(
  token: string,
  changes: Readonly<Record<string, unknown>>,
): Promise<string> {
  const parts = partsOf(withClaims(token, changes));
  const algorithm = algorithmOf(decodeJson(parts.header)['alg']);
  const signed = await signWith(algorithm, `${parts.header}.${parts.payload}`);
  return join({ ...parts, signature: encodeBytes(signed) });
}

export function decodeJson(part: string): Record<string, unknown> {
  const value: unknown = JSON.parse(new TextDecoder().decode(decodeBytes(part)));
  return value as Record<string, unknown>;
}

export function decodeBytes(part: string): Uint8Array<ArrayBuffer> {
  const text = atob(part.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}

function encodeJson(value: unknown): string {
  return encodeBytes(new TextEncoder().encode(JSON.stringify(value)));
}

function encodeBytes(bytes: Uint8Array): string {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
