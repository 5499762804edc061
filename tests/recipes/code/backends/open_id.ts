import type { AuthClient } from 'bearerkit';

import { createOidcAuth } from '../oidc_client.ts';

/** `realm` is its address: https://id.example.com/realms/shop */
export function keycloak(realm: string, clientId: string, api: string): AuthClient {
  return at(`${realm}/protocol/openid-connect`, ['token', 'revoke'], clientId, api);
}

export function auth0(domain: string, clientId: string, api: string): AuthClient {
  return at(domain, ['oauth/token', 'oauth/revoke'], clientId, api);
}

/** Ory Network, and Ory Hydra. */
export function ory(project: string, clientId: string, api: string): AuthClient {
  return at(project, ['oauth2/token', 'oauth2/revoke'], clientId, api);
}

/** Amazon Cognito with managed login: a user pool that has a domain. */
export function cognitoDomain(domain: string, clientId: string, api: string): AuthClient {
  return at(domain, ['oauth2/token', 'oauth2/revoke'], clientId, api);
}

function at(
  base: string,
  [token, revocation]: [string, string],
  clientId: string,
  api: string,
): AuthClient {
  const endpoints = {
    token_endpoint: `${base}/${token}`,
    revocation_endpoint: `${base}/${revocation}`,
  };
  return createOidcAuth(endpoints, clientId, [api]);
}
