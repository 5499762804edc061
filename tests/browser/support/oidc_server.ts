import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import Provider, { type Configuration, type KoaContextWithOIDC } from 'oidc-provider';
import { selfSignedCertificate } from './certificate.ts';

const SCOPE = 'openid offline_access';
const HOUR = 3600;

/**
 * Somebody else's authorization server, as it comes: refresh tokens rotate, and one that comes a
 * second time ends all that was granted. It forgives nothing and has no grace window.
 */
export class OidcServer {
  readonly origin: string;
  readonly clientId = 'single-page-app';
  /** Where the app gets its tokens. */
  readonly tokenEndpoint: string;
  /** A protected resource: userinfo (OpenID Connect Core §5.3). */
  readonly resource: string;
  readonly counts = { refreshes: 0, refreshesRefused: 0, grantsRevoked: 0 };
  readonly #server: Server;
  #redirectUri = '';

  private constructor(server: Server) {
    this.#server = server;
    this.origin = `https://localhost:${(server.address() as AddressInfo).port}`;
    this.tokenEndpoint = `${this.origin}/token`;
    this.resource = `${this.origin}/me`;
  }

  /** Has its origin from now on, which the app may have to know before it has one. */
  static async listen(): Promise<OidcServer> {
    const server = createServer(selfSignedCertificate());
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    return new OidcServer(server);
  }

  /** Serves one public client, whose users come back to `redirectUri`. */
  async serve(redirectUri: string, lifeSeconds: number): Promise<void> {
    const configuration = await configure(this.clientId, redirectUri, lifeSeconds);
    const provider = new Provider(this.origin, configuration);
    this.#redirectUri = redirectUri;
    this.#count(provider);
    const answer = provider.callback();
    this.#server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      const isLogin = request.url?.startsWith('/login/') === true;
      // Whoever comes is taken for the same user: how people prove who they are is not tested here.
      void (isLogin
        ? provider.interactionFinished(request, response, { login: { accountId: 'ada' } })
        : answer(request, response));
    });
  }

  /** Where an app sends its user to sign in (RFC 6749 §4.1.1, RFC 7636 §4.3). */
  authorizationUrl(codeChallenge: string): string {
    const query = new URLSearchParams({
      client_id: this.clientId,
      redirect_uri: this.#redirectUri,
      response_type: 'code',
      scope: SCOPE,
      code_challenge: codeChallenge,
      code_challenge_method: 'S256',
    });
    return `${this.origin}/auth?${query}`;
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  #count(provider: Provider): void {
    const isRefresh = ({ oidc }: KoaContextWithOIDC): boolean =>
      oidc.params?.['grant_type'] === 'refresh_token';
    provider.on('grant.success', (context) => {
      if (isRefresh(context)) this.counts.refreshes += 1;
    });
    provider.on('grant.error', (context) => {
      if (isRefresh(context)) this.counts.refreshesRefused += 1;
    });
    provider.on('grant.revoked', () => {
      this.counts.grantsRevoked += 1;
    });
  }
}

async function configure(
  clientId: string,
  redirectUri: string,
  lifeSeconds: number,
): Promise<Configuration> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  return {
    clients: [
      {
        client_id: clientId,
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
        redirect_uris: [redirectUri],
      },
    ],
    jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig' }] },
    cookies: { keys: [randomBytes(32).toString('hex')] },
    clientBasedCORS: (_context, origin) => origin === new URL(redirectUri).origin,
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context, { uid }) => `/login/${uid}` },
    findAccount: (_context, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    // The server's own app: nobody is asked whether it may.
    loadExistingGrant: async ({ oidc }) => {
      const accountId = oidc.session?.accountId;
      const grant = new oidc.provider.Grant({ clientId, ...(accountId && { accountId }) });
      grant.addOIDCScope(SCOPE);
      await grant.save();
      return grant;
    },
    issueRefreshToken: () => true,
    rotateRefreshToken: true,
    ttl: {
      AccessToken: lifeSeconds,
      AuthorizationCode: 60,
      Grant: HOUR,
      IdToken: HOUR,
      Interaction: HOUR,
      RefreshToken: HOUR,
      Session: HOUR,
    },
  };
}
