import type { AuthClient } from 'bearerkit';

/**
 * Sends the user to sign in again when the API wants more than the present sign-in (RFC 9470). The
 * parameters are those of an authorization request of OpenID Connect.
 */
export function stepUp(
  auth: AuthClient,
  signIn: (parameters: Record<string, string>) => void,
): void {
  auth.addEventListener('challenge', ({ detail }) => {
    const { acrValues, maxAge, scope } = detail;
    signIn({
      ...(acrValues !== undefined && { acr_values: acrValues }),
      ...(maxAge !== undefined && { max_age: String(maxAge) }),
      ...(scope !== undefined && { scope: `openid ${scope}` }),
    });
  });
}
