import type { AuthClient } from 'bearerkit';
import { UserManager, type UserManagerSettings } from 'oidc-client-ts';

export function createManager(settings: UserManagerSettings): UserManager {
  return new UserManager({ ...settings, automaticSilentRenew: false });
}

/** On the page of the redirect. Gives the claims of the ID token. */
export async function finishSignIn(
  manager: UserManager,
  auth: AuthClient,
  url = location.href,
): Promise<Record<string, unknown>> {
  const user = await manager.signinRedirectCallback(url);
  await auth.setTokens({
    access_token: user.access_token,
    refresh_token: user.refresh_token ?? null,
    expires_in: user.expires_in ?? null,
    token_type: user.token_type,
  });
  await manager.removeUser(); // only one place keeps the refresh token
  return user.profile;
}
