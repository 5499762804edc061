import { type AuthClient, createAuthClient } from 'bearerkit';

/** For a server that answers 403 to an expired token, and says so in the body. */
export function createAuth(origin: string): AuthClient {
  return createAuthClient({
    origins: [origin],
    refresh: `${origin}/refresh`,
    // Its other 403s mean that the user may not do this. A new token would not change that.
    refused: async (response) => {
      if (response.status !== 403) return false;
      const { error } = (await response.json()) as { error?: string };
      return error === 'token_expired';
    },
  });
}
