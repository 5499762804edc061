// A real HTTP server that answers by script and remembers all that it was asked.
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { TestContext } from 'node:test';

import { type Gate, Gates } from './wait.ts';

export interface Recorded {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  /** As they came: name, value, name, value. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer<ArrayBuffer>;
}

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Uint8Array;
  readonly json?: unknown;
  /** reset: the connection breaks instead. silence: no answer ever. stall: its head only. */
  readonly fault?: 'reset' | 'silence' | 'stall';
}

export type Handler = (request: Recorded) => Answer | Promise<Answer>;

export class HttpServer {
  readonly requests: Recorded[] = [];
  readonly #routes = new Map<string, Handler>();
  readonly #gates = new Gates();
  readonly #server: Server;
  #origin = '';

  constructor() {
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch(() => response.destroy());
    });
  }

  /** Listens until the test ends, on an address of the loopback: 127.0.0.2 is another host than 127.0.0.1. */
  async listen(t: TestContext, host = '127.0.0.1'): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, host, resolve));
    t.after(() => {
      this.#server.closeAllConnections();
      this.#server.close();
    });
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    this.#origin = `http://${host}:${address.port}`;
    return this;
  }

  get origin(): string {
    return this.#origin;
  }

  url(path: string): string {
    return this.#origin + path;
  }

  /** Answers `path` and, when it ends with /, all below it; the longest match counts. */
  route(path: string, handler: Handler): this {
    this.#routes.set(path, handler);
    return this;
  }

  /** Answers to `path` are held back until the gate is opened. */
  hold(path: string): Gate {
    return this.#gates.hold(path);
  }

  /** The requests for `path` so far. */
  to(path: string): Recorded[] {
    return this.requests.filter((request) => request.path === path);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? '/', this.#origin);
    const recorded: Recorded = {
      method: request.method ?? '',
      path: url.pathname,
      query: url.search,
      headers: request.headers,
      rawHeaders: request.rawHeaders,
      body: Buffer.concat(chunks),
    };
    this.requests.push(recorded);
    // The handler looks at the token when the request comes in; only its answer is held back.
    const answer = await this.#find(url.pathname)(recorded);
    await this.#gates.pass(url.pathname);
    if (answer.fault === 'reset') request.socket.resetAndDestroy();
    if (answer.fault === 'stall') response.writeHead(200).flushHeaders();
    if (answer.fault !== undefined) return;
    const headers = answer.json === undefined ? {} : { 'Content-Type': 'application/json' };
    response.writeHead(answer.status ?? 200, { ...headers, ...answer.headers });
    response.end(answer.json === undefined ? answer.body : JSON.stringify(answer.json));
  }

  #find(path: string): Handler {
    const matches = [...this.#routes.keys()].filter(
      (route) => route === path || (route.endsWith('/') && path.startsWith(route)),
    );
    const longest = matches.sort((a, b) => b.length - a.length)[0];
    return (
      (longest === undefined ? undefined : this.#routes.get(longest)) ?? (() => ({ status: 404 }))
    );
  }
}

/** A server with no routes but those that the test gives it. */
export async function startHttpServer(t: TestContext, host?: string): Promise<HttpServer> {
  return new HttpServer().listen(t, host);
}
