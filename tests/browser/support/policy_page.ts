// What is run in the pages of csp.test.ts: functions that see their argument and no closure.
import type * as External from '../../../dist/external.js';
import type { AuthError, TokenResponse, JavaScriptBuild } from '../../../dist/index.js';
import type { Tab } from './engines/engine.ts';
import { until } from './until.ts';

/** What a client has seen. */
export interface Seen {
  readonly engine: string;
  /** Of a call that met a 401, and was sent again after a refresh. */
  readonly status: number;
  readonly state: string;
}

declare global {
  /** What violated the page's policy, as the page was told: the directive and what was blocked. */
  var violations: string[];
}

/** Opens a page and begins to write down what violates its policy. */
export async function openPage(tab: Tab, url: string): Promise<void> {
  await tab.goto(url);
  await tab.evaluate(() => {
    globalThis.violations = [];
    document.addEventListener('securitypolicyviolation', (event) => {
      globalThis.violations.push(`${event.effectiveDirective} ${event.blockedURI}`);
    });
  }, undefined);
}

/** All that was told since the page was opened, once it is as much as is expected. */
export async function violationsOf(tab: Tab, expected: number): Promise<string[]> {
  let seen: string[] = [];
  await until(`${expected} violations are told`, async () => {
    // An event comes in a task of its own, soon after what it is about.
    seen = await tab.evaluate(async () => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      return globalThis.violations;
    }, undefined);
    return seen.length >= expected;
  });
  return seen;
}

export interface Plan {
  readonly entry: string;
  /** For `bearerkit/external`: the file to hand to `init`. */
  readonly javascript?: string;
  /** They have expired at the server. */
  readonly tokens: TokenResponse;
  readonly jwt: string;
}

/** Uses the package as an app would that does not know which engine it will have. */
export function usePackage(
  tab: Tab,
  plan: Plan,
): Promise<Seen & { before: unknown; after: unknown }> {
  return tab.evaluate(async ({ entry, javascript, tokens, jwt }) => {
    const kit = (await import(entry)) as typeof External;
    if (javascript !== undefined) {
      void kit.init(((await import(javascript)) as { default: JavaScriptBuild }).default);
    }
    const decode = (): unknown => {
      try {
        return kit.decodeJwt(jwt);
      } catch (error) {
        return (error as AuthError).code;
      }
    };
    const auth = kit.createAuthClient({ refresh: '/refresh' });
    const before = decode();
    const answer = auth.setTokens(tokens).then(() => auth.fetchWithAuth('/api/a'));
    await kit.ready();
    const after = decode();
    const { status } = await answer;
    const { engine, state } = auth;
    auth.close();
    return { engine, status, state, before, after };
  }, plan);
}

/** The same in a worker's script: sent the tokens, it answers with what was seen. */
export const WORKER_SCRIPT = `
  import { createAuthClient } from '/bearerkit/index.js';
  globalThis.addEventListener('message', async ({ data, ports: [port] }) => {
    try {
      const auth = createAuthClient({ refresh: '/refresh' });
      await auth.setTokens(data);
      const { status } = await auth.fetchWithAuth('/api/a');
      const { engine, state } = auth;
      auth.close();
      port.postMessage({ engine, status, state });
    } catch (error) {
      port.postMessage({ engine: String(error), status: 0, state: String(error.code) });
    }
  });
`;

export function useInWorker(tab: Tab, url: string, tokens: TokenResponse): Promise<Seen> {
  return tab.evaluate(
    async ({ url, tokens }) => {
      const worker = new Worker(url, { type: 'module' });
      const { port1, port2 } = new MessageChannel();
      const seen = await new Promise<Seen>((resolve, reject) => {
        port1.onmessage = ({ data }: MessageEvent<Seen>) => resolve(data);
        worker.onerror = ({ message }) => reject(new Error(`The worker failed: ${message}`));
        worker.postMessage(tokens, [port2]);
      });
      worker.terminate();
      return seen;
    },
    { url, tokens },
  );
}

export function useInServiceWorker(
  tab: Tab,
  url: string,
  type: WorkerType,
  tokens: TokenResponse,
): Promise<Seen> {
  return tab.evaluate(
    async ({ url, type, tokens }) => {
      const { serviceWorker } = navigator;
      const registration = await serviceWorker.register(url, { type });
      const worker = registration.installing ?? registration.waiting ?? registration.active;
      if (worker === null) throw new Error('There is no service worker');
      await new Promise<void>((resolve) => {
        const look = (): void => {
          if (worker.state === 'activated') resolve();
        };
        worker.addEventListener('statechange', look);
        look();
      });
      const { port1, port2 } = new MessageChannel();
      const seen = await new Promise<Seen>((resolve) => {
        port1.onmessage = ({ data }: MessageEvent<Seen>) => resolve(data);
        worker.postMessage(tokens, [port2]);
      });
      await registration.unregister();
      return seen;
    },
    { url, type, tokens },
  );
}
