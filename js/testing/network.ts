// The network between the tabs and the server, with what goes wrong on it.
import type { Fetch } from '../types.ts';
import type { TestAnswer, TestCall } from '../types/testing.ts';
import { TestAuthError } from './errors.ts';
import { type Drawn, Faults } from './faults.ts';
import { type Message, readMessage } from './message.ts';
import { type ScriptedServer, unauthorized } from './server.ts';
import type { Origin, Tab } from './tab.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const JUMPS = [2 * SECOND, MINUTE, 60 * MINUTE, 24 * 60 * MINUTE];

const LOST_BEFORE: Partial<Record<string, TestAnswer>> = {
  unavailable: { status: 503 },
  too_many: { status: 429, headers: { 'Retry-After': '5' } },
  captive_portal: {
    text: '<h1>Welcome to our hotel</h1>',
    headers: { 'Content-Type': 'text/html' },
  },
};

export class Network {
  readonly faults: Faults = new Faults();
  readonly #origin: Origin;
  readonly #server: ScriptedServer;
  // How to end each exchange that is under way.
  readonly #underWay = new Set<(error: Error) => void>();
  #outageUntil = 0;
  #offline = false;
  #closed = false;

  constructor(origin: Origin, server: ScriptedServer) {
    this.#origin = origin;
    this.#server = server;
  }

  async send(tab: Tab, ...request: Parameters<Fetch>): Promise<Response> {
    if (this.#closed) throw new TestAuthError('closed', 'The test is over: close() was called.');
    const message = readMessage(this.#server.origin, ...request);
    const { method, name, token, signal } = message;
    signal?.throwIfAborted();
    const path = name.slice(method.length + 1);
    const call = { method, path, status: 0, token, at: this.#origin.clock.now() };
    this.#server.calls.push(call);
    return this.#unlessEnded(signal, call, this.#exchange(tab, message));
  }

  goOffline(): void {
    this.#offline = true;
  }

  goOnline(): void {
    this.#offline = false;
    for (const tab of this.#origin.tabs) tab.dispatch({ type: 'online' });
  }

  /** Ends all that is under way. */
  close(): void {
    this.#closed = true;
    for (const end of this.#underWay) end(lost('The test is over'));
  }

  #unlessEnded(
    signal: AbortSignal | null,
    call: TestCall,
    exchange: Promise<Response>,
  ): Promise<Response> {
    const answered = new Promise<Response>((resolve, reject) => {
      const end = (error: Error): void => {
        this.#underWay.delete(end);
        reject(error);
      };
      this.#underWay.add(end);
      signal?.addEventListener('abort', () => end(signal.reason as Error), { once: true });
      exchange.then((response) => {
        if (!this.#underWay.delete(end)) return;
        call.status = response.status;
        resolve(response);
      }, end);
    });
    return answered.finally(() => this.#origin.clock.touch());
  }

  async #exchange(tab: Tab, message: Message): Promise<Response> {
    const { clock } = this.#origin;
    const target = this.#server.isRefresh(message.url) ? 'refresh' : 'api';
    const drawn = this.faults.draw(target, message.name, clock.now());
    if (drawn) this.#befall(tab, drawn);
    await Promise.resolve();
    this.#checkConnection();
    const answer = await this.#answer(message, drawn);
    const { delay, response } = toResponse(answer, message.url, clock.now());
    const slowness = drawn?.fault === 'slow' ? between(11, 41, drawn) : 0;
    if (delay + slowness > 0) await clock.wait(delay + slowness);
    this.#checkConnection();
    return response;
  }

  async #answer(message: Message, drawn: Drawn | undefined): Promise<TestAnswer | Response> {
    const { fault } = drawn ?? {};
    if (fault === 'request_lost') throw lost(fault);
    if (fault === 'false_401') return unauthorized('revoked', true);
    const before = LOST_BEFORE[fault ?? ''];
    if (before) return before;
    const answer = await this.#origin.clock.during(() => this.#server.answer(message));
    if (fault === 'answer_lost') throw lost(fault);
    if (fault === 'bad_gateway') return { status: 502 };
    if (fault !== 'broken_answer') return answer;
    const text = await toResponse(answer, message.url, 0).response.text();
    return { text: text.slice(0, text.length / 2) };
  }

  // What is not of the message.
  #befall(tab: Tab, drawn: Drawn): void {
    const { fault, random } = drawn;
    const { clock, records } = this.#origin;
    const server = this.#server;
    if (fault === 'outage') this.#outageUntil = clock.now() + between(1, 31, drawn);
    if (fault === 'unclear') server.unclearUntil = clock.now() + 20 * SECOND;
    if (fault === 'banned') server.sessions.endAll();
    if (fault === 'storage_failed') tab.storageFails = true;
    if (fault === 'storage_cleared') records.clear();
    if (fault === 'storage_corrupt') for (const key of records.keys()) records.set(key, '{"');
    if (fault === 'clock_jump') {
      const jump = JUMPS[Math.floor(random() * JUMPS.length)] ?? 0;
      tab.skew = random() < 0.5 ? -jump : jump;
    }
  }

  #checkConnection(): void {
    if (this.#offline) throw lost('offline');
    if (this.#origin.clock.now() < this.#outageUntil) throw lost('outage');
  }
}

// Seconds; gives whole milliseconds.
function between(least: number, most: number, { random }: Drawn): number {
  return Math.round((least + random() * (most - least)) * SECOND);
}

// As fetch rejects.
function lost(reason: string): TypeError {
  return new TypeError(`fetch failed (bearerkit/testing: ${reason})`);
}

function toResponse(
  answer: TestAnswer | Response,
  url: URL,
  now: number,
): { response: Response; delay: number } {
  if (typeof Response !== 'function') {
    throw new TestAuthError(
      'no_response',
      'There is no Response here. Use an environment that has fetch, such as jest-fixed-jsdom.',
    );
  }
  if (answer instanceof Response) return { response: withUrl(answer, url), delay: 0 };
  const { json, text = json === undefined ? undefined : JSON.stringify(json), delay = 0 } = answer;
  const { status = text === undefined ? 204 : 200, headers } = answer;
  const all = new Headers({ Date: new Date(now).toUTCString(), ...headers });
  if (json !== undefined && !all.has('content-type')) all.set('content-type', 'application/json');
  return { response: withUrl(new Response(text ?? null, { status, headers: all }), url), delay };
}

function withUrl(response: Response, { href }: URL): Response {
  return Object.defineProperty(response, 'url', { value: href });
}
