import { Agent, type IncomingMessage, request as httpRequest } from 'node:http';
import {
  createSecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import { selfSignedCertificate } from './certificate.ts';
import { until } from './until.ts';

/** An answer that the real server gave, and that the browser has not seen yet. */
interface Held {
  readonly url: URL;
  readonly release: () => void;
  readonly drop: () => void;
}

/** What a header names for one hop, and HTTP/2 has no room for (RFC 9113 §8.2.2). */
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'host', 'upgrade']);

/**
 * Stands between the browser and the real server, speaks HTTP/2 to the one (so that a hundred
 * requests are under way at once, as on the web; HTTP/1.1 allows six) and holds back answers until
 * a test lets them go. So a 401 comes late because it does, and not because of luck.
 */
export class HoldingProxy {
  readonly origin: string;
  /** Redirects of its own: path → where to. */
  readonly redirects = new Map<string, string>();
  /** Pages of its own, without a policy: path → HTML. */
  readonly pages = new Map<string, string>();
  /** The newest cookies that the server has set, by their names. */
  readonly cookies = new Map<string, string>();
  #held: Held[] = [];
  #nextPath: string | undefined;
  #underWay = 0;
  #holds: (url: URL, status: number) => boolean = () => false;
  readonly #close: () => Promise<void>;

  private constructor(origin: string, close: () => Promise<void>) {
    this.origin = origin;
    this.#close = close;
  }

  static async start(upstream: string): Promise<HoldingProxy> {
    const sessions = new Set<ServerHttp2Session>();
    // A connection each: one that is kept may be closed by the server just as it is used again.
    const agent = new Agent({ keepAlive: false });
    const server = createSecureServer({
      ...selfSignedCertificate(),
      settings: { maxConcurrentStreams: 256 },
    });
    server.on('session', (session) => {
      sessions.add(session);
      session.once('close', () => sessions.delete(session));
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const { port } = server.address() as AddressInfo;
    const proxy = new HoldingProxy(`https://localhost:${port}`, async () => {
      for (const session of sessions) session.destroy();
      agent.destroy();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    });
    server.on('request', (request, response) => proxy.#forward(upstream, agent, request, response));
    return proxy;
  }

  /** From now on, holds the answers to which `holds` says yes. */
  hold(holds: (url: URL, status: number) => boolean): void {
    this.#holds = holds;
  }

  /** Holds the answer to the next request for that path, and to no other one. */
  holdNext(pathname: string): void {
    this.#nextPath = pathname;
  }

  async untilHeld(count: number): Promise<void> {
    await until(`${count} answers are held`, () => this.#held.length === count);
  }

  release(which: (url: URL) => boolean = () => true): void {
    const released = this.#held.filter(({ url }) => which(url));
    this.#held = this.#held.filter((held) => !released.includes(held));
    for (const { release } of released) release();
  }

  /** Loses the held answers: their connections break. */
  drop(): void {
    for (const { drop } of this.#held.splice(0)) drop();
  }

  /** Waits until the server has answered all that it was asked, whoever may still want to know. */
  async untilIdle(): Promise<void> {
    await until('all is answered', () => this.#underWay === 0);
  }

  /** Lets everything pass again. */
  reset(): void {
    this.#holds = () => false;
    this.#nextPath = undefined;
    this.redirects.clear();
    this.release();
  }

  async stop(): Promise<void> {
    this.release();
    await this.#close();
  }

  #forward(
    upstream: string,
    agent: Agent,
    request: Http2ServerRequest,
    response: Http2ServerResponse,
  ): void {
    const url = new URL(request.url, this.origin);
    const location = this.redirects.get(url.pathname);
    if (location !== undefined) {
      request.resume();
      response.writeHead(307, { location }).end();
      return;
    }
    const page = this.pages.get(url.pathname);
    if (page !== undefined) {
      request.resume();
      response.writeHead(200, { 'content-type': 'text/html' }).end(page);
      return;
    }
    const isNext = url.pathname === this.#nextPath;
    if (isNext) this.#nextPath = undefined;
    const drop = (): void => response.stream.close();
    const onward = httpRequest(
      new URL(request.url, upstream.replace('//localhost:', '//127.0.0.1:')),
      { agent, method: request.method, headers: withoutHops(request.headers) },
      (answer) => {
        for (const line of answer.headers['set-cookie'] ?? []) {
          const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
          this.cookies.set(name, value);
        }
        // Read whole before it is held: the server waits for nobody.
        void readWhole(answer).then((body) => {
          const release = (): void => pass(answer, body, response);
          const holds = isNext || this.#holds(url, answer.statusCode ?? 0);
          if (holds) this.#held.push({ url, release, drop });
          else release();
        }, drop);
      },
    );
    this.#underWay += 1;
    onward.once('close', () => {
      this.#underWay -= 1;
    });
    onward.on('error', drop);
    request.pipe(onward);
  }
}

async function readWhole(answer: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function pass(answer: IncomingMessage, body: Buffer, response: Http2ServerResponse): void {
  if (response.stream.destroyed) return;
  response.writeHead(answer.statusCode ?? 502, withoutHops(answer.headers)).end(body);
}

function withoutHops(headers: NodeJS.Dict<string | string[]>): NodeJS.Dict<string | string[]> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !name.startsWith(':') && !HOP_BY_HOP.has(name)),
  );
}
