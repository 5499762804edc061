// oidc-provider, an OpenID Connect server that knows nothing of bearerkit: refresh tokens rotate, and
// one that comes twice ends the whole session, at once and without a grace window.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

import { exportJWK, generateKeyPair } from 'jose';
import Provider, { type KoaContextWithOIDC } from 'oidc-provider';

export const CLIENT_ID = 'recipes';
export const REDIRECT_URI = 'https://app.example/callback';
const SCOPE = 'openid offline_access';

export interface OidcServer {
  readonly issuer: URL;
  /** The grant_type of each request to the token endpoint. */
  readonly grants: string[];
  readonly endpoints: { token: string; revocation: string; userinfo: string };
  /** What a browser does with a URL of the server, up to the redirect back to the app; ada signs in. */
  follow(url: URL | string): Promise<URL>;
  /** What the protected resource says to an access token. */
  statusFor(accessToken: string): Promise<number>;
}

export async function startOidcServer(
  t: TestContext,
  accessTokenSeconds: number,
): Promise<OidcServer> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const issuer = new URL(`http://localhost:${(server.address() as AddressInfo).port}`);
  const provider = await makeProvider(issuer, accessTokenSeconds);
  const grants: string[] = [];
  provider.use(async (context, next) => {
    await next();
    if (context.path !== '/token') return;
    const { params } = (context as unknown as KoaContextWithOIDC).oidc;
    grants.push(String(params?.['grant_type']));
  });
  const answer = provider.callback();
  server.on('request', (request, response) => {
    // The page on which a person would sign in: ada does, and consents.
    if (request.url?.startsWith('/interaction/') === true) void signInAda(request, response);
    else void answer(request, response);
  });

  async function signInAda(...[request, response]: Parameters<typeof answer>): Promise<void> {
    const grant = new provider.Grant({ accountId: 'ada', clientId: CLIENT_ID });
    grant.addOIDCScope(SCOPE);
    const result = { login: { accountId: 'ada' }, consent: { grantId: await grant.save() } };
    await provider.interactionFinished(request, response, result);
  }

  const endpoint = (path: string): string => new URL(path, issuer).href;
  const endpoints = {
    token: endpoint('/token'),
    revocation: endpoint('/token/revocation'),
    userinfo: endpoint('/me'),
  };
  return {
    issuer,
    grants,
    endpoints,
    follow: (url) => followRedirects(url, REDIRECT_URI),
    async statusFor(accessToken) {
      const headers = { Authorization: `Bearer ${accessToken}` };
      return (await fetch(endpoints.userinfo, { headers })).status;
    },
  };
}

async function makeProvider(issuer: URL, accessTokenSeconds: number): Promise<Provider> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  return new Provider(issuer.origin, {
    clients: [
      {
        client_id: CLIENT_ID,
        token_endpoint_auth_method: 'none', // a page can keep no secret
        grant_types: ['authorization_code', 'refresh_token'],
        redirect_uris: [REDIRECT_URI],
      },
    ],
    scopes: SCOPE.split(' '),
    jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'RS256', kid: 'test' }] },
    cookies: { keys: [crypto.randomUUID()] },
    ttl: {
      AccessToken: accessTokenSeconds,
      RefreshToken: 3600,
      IdToken: 3600,
      Interaction: 3600,
      Session: 3600,
      Grant: 3600,
    },
    clockTolerance: 0, // a token's time is over when it is over
    rotateRefreshToken: true,
    clientBasedCORS: (_context, origin) => origin === new URL(REDIRECT_URI).origin,
    features: { devInteractions: { enabled: false }, revocation: { enabled: true } },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    findAccount: (_context, accountId) => ({
      accountId,
      claims: () => ({ sub: accountId }),
    }),
  });
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
