import { createAuthClient, type AuthClient } from 'bearerkit';
import { deleteItemAsync, getItemAsync, setItemAsync } from 'expo-secure-store';

/** `api` is its origin, such as `https://api.example.com`: an app has none of its own. */
export function createAuth(api: string): AuthClient {
  return createAuthClient({
    refresh: `${api}/auth/refresh`,
    signOut: `${api}/auth/logout`,
    origins: [api],
    storage: {
      get: (key) => getItemAsync(key),
      set: (key, value) => setItemAsync(key, value),
      remove: (key) => deleteItemAsync(key),
      shared: false, // there are no tabs
    },
  });
}
