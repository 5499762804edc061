import assert from 'node:assert/strict';
import { ADA, CookieJar, type Json } from './requests.ts';
import type { TestServer } from './server.ts';

/** What a browser says with a request that the page itself made, and what the client adds. */
export const SAME_ORIGIN = { 'X-CSRF': '1', 'Sec-Fetch-Site': 'same-origin' };

/** Sends requests to one server as a page would: with its cookies. */
export class Browser {
  readonly jar = new CookieJar();
  readonly #origin: string;

  constructor(server: TestServer) {
    this.#origin = server.origin;
  }

  async send(
    method: string,
    route: string,
    headers: Record<string, string>,
    body?: Json,
  ): Promise<Response> {
    const response = await fetch(`${this.#origin}${route}`, {
      method,
      headers: { Cookie: this.jar.header, 'Content-Type': 'application/json', ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
    this.jar.keep(response);
    return response;
  }

  async logIn(mode: 'cookie' | 'hybrid', account = ADA): Promise<Response> {
    const response = await this.send('POST', `/${mode}/login`, SAME_ORIGIN, account);
    assert.equal(response.status, 200);
    return response;
  }
}
