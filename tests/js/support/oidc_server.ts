// oidc-provider, an OpenID Connect server that knows nothing of bearerkit, as it comes: refresh tokens
// rotate, and one that comes twice ends all that was granted, at once and without a grace window.
import { createServer, type Server } from 'node:http';
import {
  createServer as createTlsServer,
  type Server as TlsServer,
  type ServerOptions,
} from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

import { exportJWK, generateKeyPair } from 'jose';
import Provider, { type Configuration, type KoaContextWithOIDC } from 'oidc-provider';

export const CLIENT_ID = 'single-page-app';
/** Of apps that are no page of a browser. */
export const REDIRECT_URI = 'https://app.example/callback';
const SCOPE = 'openid offline_access';
const HOUR = 3600;

type Answer = ReturnType<Provider['callback']>;

export class OidcServer {
  readonly issuer: URL;
  readonly endpoints: { token: string; revocation: string; userinfo: string };
  /** The grant_type of each request to the token endpoint. */
  readonly grants: string[] = [];
  readonly counts = { refreshes: 0, refreshesRefused: 0, grantsRevoked: 0 };
  readonly #server: Server | TlsServer;
  /** The access tokens that it gave, and knows no more when they are ended. */
  readonly #given = new Set<{ destroy(): Promise<void> }>();
  #redirectUri = '';

  private constructor(server: Server | TlsServer, issuer: string) {
    this.#server = server;
    this.issuer = new URL(issuer);
    this.endpoints = {
      token: `${issuer}/token`,
      revocation: `${issuer}/token/revocation`,
      userinfo: `${issuer}/me`,
    };
  }

  /** Has its origin from now on, which the app may have to know before it has one. */
  static async listen(tls?: ServerOptions): Promise<OidcServer> {
    const server = tls === undefined ? createServer() : createTlsServer(tls);
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const { port } = server.address() as AddressInfo;
    return new OidcServer(server, `http${tls === undefined ? '' : 's'}://localhost:${port}`);
  }

  /** Serves one public client, whose users come back to `redirectUri`. */
  async serve(redirectUri: string, accessTokenSeconds: number): Promise<void> {
    const configuration = await configure(redirectUri, accessTokenSeconds);
    const provider = new Provider(this.issuer.origin, configuration);
    this.#redirectUri = redirectUri;
    this.#count(provider);
    const answer = provider.callback();
    this.#server.on('request', (...exchange: Parameters<Answer>) => {
      // The page on which a person would sign in.
      const isPage = exchange[0].url?.startsWith('/interaction/') === true;
      void (isPage ? signInAda(provider, exchange) : answer(...exchange));
    });
  }

  /** Where an app sends its user to sign in (RFC 6749 §4.1.1, RFC 7636 §4.3). */
  authorizationUrl(codeChallenge: string): string {
    const query = new URLSearchParams({
      client_id: CLIENT_ID,
      redirect_uri: this.#redirectUri,
      response_type: 'code',
      scope: SCOPE,
      prompt: 'consent', // without it there is no refresh token (OpenID Connect Core §11)
      code_challenge: codeChallenge,
      code_challenge_method: 'S256',
    });
    return `${this.issuer.origin}/auth?${query}`;
  }

  /** What a browser does with a URL of the server, up to the redirect back to the app; ada signs in. */
  follow(url: URL | string): Promise<URL> {
    return followRedirects(url, this.#redirectUri);
  }

  /** What the protected resource says to an access token. */
  async statusFor(accessToken: string): Promise<number> {
    const headers = { Authorization: `Bearer ${accessToken}` };
    return (await fetch(this.endpoints.userinfo, { headers })).status;
  }

  /** Ends all access tokens that it gave so far, as if their time were over. */
  async expireTokens(): Promise<void> {
    for (const token of this.#given) await token.destroy();
    this.#given.clear();
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  #count(provider: Provider): void {
    const grantType = ({ oidc }: KoaContextWithOIDC): string => String(oidc.params?.['grant_type']);
    provider.use(async (context, next) => {
      await next();
      if (context.path !== '/token') return;
      this.grants.push(grantType(context as unknown as KoaContextWithOIDC));
    });
    provider.on('grant.success', (context) => {
      if (grantType(context) === 'refresh_token') this.counts.refreshes += 1;
    });
    provider.on('grant.error', (context) => {
      if (grantType(context) === 'refresh_token') this.counts.refreshesRefused += 1;
    });
    provider.on('access_token.saved', (token) => this.#given.add(token));
    provider.on('grant.revoked', () => {
      this.counts.grantsRevoked += 1;
    });
  }
}

/** One until the test ends, for an app that is no page of a browser. */
export async function startOidcServer(
  t: TestContext,
  accessTokenSeconds: number,
): Promise<OidcServer> {
  const server = await OidcServer.listen();
  t.after(() => server.stop());
  await server.serve(REDIRECT_URI, accessTokenSeconds);
  return server;
}

// Whoever comes is ada, and consents: how people prove who they are is not tested here.
async function signInAda(provider: Provider, exchange: Parameters<Answer>): Promise<void> {
  const grant = new provider.Grant({ accountId: 'ada', clientId: CLIENT_ID });
  grant.addOIDCScope(SCOPE);
  const result = { login: { accountId: 'ada' }, consent: { grantId: await grant.save() } };
  await provider.interactionFinished(...exchange, result);
}

async function configure(redirectUri: string, accessTokenSeconds: number): Promise<Configuration> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  return {
    clients: [
      {
        client_id: CLIENT_ID,
        token_endpoint_auth_method: 'none', // a page can keep no secret
        grant_types: ['authorization_code', 'refresh_token'],
        redirect_uris: [redirectUri],
      },
    ],
    scopes: SCOPE.split(' '),
    jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'RS256', kid: 'test' }] },
    cookies: { keys: [crypto.randomUUID()] },
    ttl: {
      AccessToken: accessTokenSeconds,
      AuthorizationCode: 60,
      RefreshToken: HOUR,
      IdToken: HOUR,
      Interaction: HOUR,
      Session: HOUR,
      Grant: HOUR,
    },
    clockTolerance: 0, // a token's time is over when it is over
    rotateRefreshToken: true,
    clientBasedCORS: (_context, origin) => origin === new URL(redirectUri).origin,
    features: { devInteractions: { enabled: false }, revocation: { enabled: true } },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    findAccount: (_context, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
  };
}

/** Follows redirects with cookies until one leads to `destination`, which is not asked. */
async function followRedirects(from: URL | string, destination: string): Promise<URL> {
  const cookies = new Map<string, string>();
  let url = new URL(from);
  for (let hops = 0; hops < 20; hops++) {
    if (url.href.startsWith(destination)) return url;
    const cookie = [...cookies].map((pair) => pair.join('=')).join('; ');
    const response = await fetch(url, { headers: { cookie }, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    const location = response.headers.get('location');
    if (location === null) throw new Error(`${url.pathname} answered ${response.status}`);
    url = new URL(location, url);
  }
  throw new Error('too many redirects');
}
