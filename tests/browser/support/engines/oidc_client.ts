import { createHash, randomBytes } from 'node:crypto';
import type { TokenResponse } from '../../../../dist/index.js';
import { CLIENT_ID, type OidcServer } from '../../../js/support/oidc_server.ts';
import { ENGINE } from '../demo_server.ts';
import type { Tab } from './engine.ts';
import { type ClientPlan, openClient } from './tab_client.ts';

/** An app at `app`, which serves the package, against somebody else's server across origins. */
export function planForOidc(server: OidcServer, app: string): ClientPlan {
  return {
    mode: 'bearer',
    kit: `${app}/bearerkit/index.js`,
    refresh: { url: server.endpoints.token, dialect: 'oauth', clientId: CLIENT_ID },
    origins: [server.issuer.origin],
    api: server.endpoints.userinfo,
    engine: ENGINE,
  };
}

/**
 * Signs in as a single-page app does: authorization code with PKCE (RFC 7636). The tab leaves for
 * the server, comes back with the code, and gets a client there.
 */
export async function signInByCode(tab: Tab, server: OidcServer, plan: ClientPlan): Promise<void> {
  const verifier = randomBytes(32).toString('base64url');
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  await tab.goto(server.authorizationUrl(challenge));
  await openClient(tab, plan);
  await tab.evaluate(
    async ({ tokenEndpoint, clientId, verifier }) => {
      const { origin, pathname, searchParams } = new URL(location.href);
      const response = await fetch(tokenEndpoint, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'authorization_code',
          client_id: clientId,
          code: searchParams.get('code') ?? '',
          code_verifier: verifier,
          redirect_uri: origin + pathname,
        }),
      });
      if (!response.ok) throw new Error(`The code was answered with ${response.status}`);
      await globalThis.client?.auth.setTokens((await response.json()) as TokenResponse);
    },
    { tokenEndpoint: server.endpoints.token, clientId: CLIENT_ID, verifier },
  );
}
