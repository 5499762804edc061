import type { Page } from 'playwright-core';
import type * as Kit from '../../../dist/index.js';
import type { AuthClient, AuthClientOptions, Mode, TokenResponse } from '../../../dist/index.js';
import { ENGINE } from './demo_server.ts';
import type { Tab } from './engines/engine.ts';

/** What these tests put on a page: a client of their own, and what it told. */
export interface Probe {
  auth: AuthClient;
  refreshed: number;
  signedOut: string[];
  warnings: string[];
}

declare global {
  var probe: Probe;
}

export interface ProbeOptions {
  readonly mode?: Mode;
  readonly origins?: string[];
  /** Whose tokens to begin with; without it, nobody is signed in. */
  readonly tokens?: TokenResponse;
  /** Default: memory. */
  readonly keep?: 'memory' | 'local';
  readonly more?: Pick<AuthClientOptions, 'keepAlive' | 'lockTimeout' | 'tabs'>;
}

// A page of Playwright's evaluates as any tab does, though its types say more.
const asTab = (page: Page | Tab): Tab => page as Tab;

const FOLDERS = { bearer: 'auth', hybrid: 'hybrid', cookie: 'cookie' } as const;

/** Makes `globalThis.probe` on a page of the server: the package as it is served to browsers. */
export async function openProbe(
  page: Page | Tab,
  origin: string,
  options: ProbeOptions = {},
): Promise<void> {
  // Any page of the server will do, and this one has no client of its own.
  await page.goto(`${origin}/healthz`);
  const mode = options.mode ?? 'bearer';
  await asTab(page).evaluate(
    async ({ mode, folder, origins, tokens, keep, more, url, engine }) => {
      const kit = (await import(url)) as typeof Kit;
      const auth = kit.createAuthClient({
        mode,
        refresh: `/${folder}/refresh`,
        signOut: `/${folder}/logout`,
        storage: keep === 'local' ? kit.webStorage('local') : kit.memoryStorage(),
        name: 'probe',
        origins,
        ...more,
      });
      const probe: Probe = { auth, refreshed: 0, signedOut: [], warnings: [] };
      auth.addEventListener('refreshed', () => {
        probe.refreshed += 1;
      });
      auth.addEventListener('signedout', ({ detail }) => {
        probe.signedOut.push(detail.reason);
      });
      auth.addEventListener('warning', ({ detail }) => {
        probe.warnings.push(detail.code);
      });
      globalThis.probe = probe;
      // In hybrid mode a quiet refresh asks for the session of an earlier visit (C4).
      await auth.ready();
      if (auth.engine !== engine) throw new Error(`The core is ${auth.engine}`);
      if (tokens !== undefined) await auth.setTokens(tokens);
    },
    {
      mode,
      folder: FOLDERS[mode],
      origins: options.origins ?? [],
      tokens: options.tokens,
      keep: options.keep,
      more: options.more,
      url: '/bearerkit/index.js',
      engine: ENGINE,
    },
  );
}

/** Signs in by the page, as an app would, so that cookies are set where the mode has any. */
export async function logIn(page: Page | Tab, mode: Mode = 'bearer'): Promise<TokenResponse> {
  return asTab(page).evaluate(async (route) => {
    const response = await fetch(route, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-CSRF': '1' },
      body: JSON.stringify({ email: 'ada@example.com', password: 'correct horse battery staple' }),
    });
    if (!response.ok) throw new Error(`The sign-in was answered with ${response.status}`);
    return (await response.json()) as TokenResponse;
  }, `/${FOLDERS[mode]}/login`);
}

/** A probe that is signed in; gives the access token, where the mode lets the page have it. */
export async function openSignedIn(
  page: Page | Tab,
  origin: string,
  options: ProbeOptions = {},
): Promise<string> {
  await openProbe(page, origin, options);
  const tokens = await logIn(page, options.mode);
  await asTab(page).evaluate((response) => globalThis.probe.auth.setTokens(response), tokens);
  return ('accessToken' in tokens && tokens.accessToken) || '';
}

/** One call of the probe; gives the status. */
export function callApi(page: Page | Tab): Promise<number> {
  return asTab(page).evaluate(async () => {
    const response = await globalThis.probe.auth.fetchWithAuth('/api/protected');
    return response.status;
  }, undefined);
}

export function tokenOf(page: Page | Tab): Promise<string | null> {
  return asTab(page).evaluate(() => globalThis.probe.auth.getAccessToken(), undefined);
}
