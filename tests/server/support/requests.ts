import assert from 'node:assert/strict';
import { DEMO_PASSWORD } from '../../../demo/server/users.ts';

export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresIn: number;
}

/** A JSON object as it came over the wire: nothing is known about it yet. */
export type Json = Record<string, unknown>;

export async function jsonOf(response: Response): Promise<Json> {
  const value: unknown = await response.json();
  assert.ok(typeof value === 'object' && value !== null && !Array.isArray(value));
  return { ...value };
}

export function tokensOf(json: Json): Tokens {
  const { accessToken, refreshToken, expiresIn } = json;
  assert.ok(typeof accessToken === 'string' && accessToken !== '');
  assert.ok(typeof refreshToken === 'string' && refreshToken !== '');
  assert.ok(typeof expiresIn === 'number');
  return { accessToken, refreshToken, expiresIn };
}

export function postJson(
  url: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

export function postForm(
  url: string,
  fields: Record<string, string> | [string, string][],
): Promise<Response> {
  return fetch(url, { method: 'POST', body: new URLSearchParams(fields) });
}

export const ADA = { email: 'ada@example.com', password: DEMO_PASSWORD };
export const GRACE = { email: 'grace@example.com', password: DEMO_PASSWORD };

export async function logIn(origin: string, account = ADA): Promise<Tokens> {
  const response = await postJson(`${origin}/auth/login`, account);
  assert.equal(response.status, 200);
  return tokensOf(await jsonOf(response));
}

export function refresh(origin: string, refreshToken: string): Promise<Response> {
  return postJson(`${origin}/auth/refresh`, { refreshToken });
}

/** A refresh that has to succeed. */
export async function refreshed(origin: string, refreshToken: string): Promise<Tokens> {
  const response = await refresh(origin, refreshToken);
  assert.equal(response.status, 200);
  return tokensOf(await jsonOf(response));
}

/** A refresh that has to be refused for good. */
export async function assertRefused(origin: string, refreshToken: string): Promise<void> {
  const response = await refresh(origin, refreshToken);
  assert.equal(response.status, 401);
  const body = await jsonOf(response);
  assert.equal(body['error'], 'invalid_grant');
  assert.equal(typeof body['error_description'], 'string');
}

export function callApi(
  origin: string,
  accessToken?: string,
  route = '/api/protected',
): Promise<Response> {
  const headers: Record<string, string> =
    accessToken === undefined ? {} : { Authorization: `Bearer ${accessToken}` };
  return fetch(`${origin}${route}`, { headers });
}

export function claimsOf(token: string): Json {
  const value: unknown = JSON.parse(
    Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'),
  );
  assert.ok(typeof value === 'object' && value !== null);
  return { ...value };
}

/** What a browser does with the cookies of one server. */
export class CookieJar {
  readonly #cookies = new Map<string, string>();

  keep(response: Response): void {
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split('; ');
      const [name = '', value = ''] = pair.split(/=(.*)/s);
      const gone = value === '' || attributes.includes('Max-Age=0');
      if (gone) this.#cookies.delete(name);
      else this.#cookies.set(name, decodeURIComponent(value));
    }
  }

  get header(): string {
    return [...this.#cookies]
      .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
      .join('; ');
  }

  get(name: string): string | undefined {
    return this.#cookies.get(name);
  }
}
