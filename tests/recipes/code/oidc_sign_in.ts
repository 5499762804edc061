import type { AuthClient } from 'bearerkit';
import * as oauth from 'oauth4webapi';

export interface OidcSettings {
  issuer: URL;
  clientId: string;
  redirectUri: string;
}

const PENDING = 'pending-sign-in';

/** Gives the address for the browser: location.assign(await beginSignIn(settings)). */
export async function beginSignIn(settings: OidcSettings): Promise<URL> {
  const server = await discover(settings);
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  sessionStorage.setItem(PENDING, JSON.stringify({ verifier, state }));
  const url = new URL(server.authorization_endpoint ?? '');
  url.search = new URLSearchParams({
    client_id: settings.clientId,
    redirect_uri: settings.redirectUri,
    response_type: 'code',
    scope: 'openid offline_access', // offline_access asks for a refresh token
    prompt: 'consent',
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  }).toString();
  return url;
}

/** On the page of the redirect: await finishSignIn(auth, settings, new URL(location.href)). */
export async function finishSignIn(
  auth: AuthClient,
  settings: OidcSettings,
  callback: URL,
): Promise<void> {
  const pending = JSON.parse(sessionStorage.getItem(PENDING) ?? '{}') as Record<string, string>;
  sessionStorage.removeItem(PENDING);
  const server = await discover(settings);
  const client = { client_id: settings.clientId };
  const parameters = oauth.validateAuthResponse(server, client, callback, pending['state']);
  const response = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    oauth.None(), // a page cannot keep a secret; PKCE replaces it
    parameters,
    settings.redirectUri,
    pending['verifier'] ?? '',
    plainHttp(settings),
  );
  // Checks the ID token as well. setTokens takes the tokens as OAuth names them.
  const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, {
    requireIdToken: true,
  });
  await auth.setTokens(tokens);
}

async function discover(settings: OidcSettings): Promise<oauth.AuthorizationServer> {
  const response = await oauth.discoveryRequest(settings.issuer, plainHttp(settings));
  return oauth.processDiscoveryResponse(settings.issuer, response);
}

// https everywhere, except on a developer's own computer.
function plainHttp({ issuer }: OidcSettings): { [oauth.allowInsecureRequests]: boolean } {
  return { [oauth.allowInsecureRequests]: issuer.hostname === 'localhost' };
}
